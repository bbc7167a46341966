"""Tests of the listing of public items, on a crate of a few lines."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from api import Crate, declaration

SOURCE = """pub mod sums {
    /// A sum.
    #[derive(Clone)]
    pub struct Sum {
        /// Its terms.
        pub terms: Vec<f64>,
        count: usize,
    }
}
pub use sums::Sum;
pub fn total(
    sum: &Sum,
    from: [f64; 2],
) -> f64 {
    0.0
}
fn private() {}
"""


def span(begin, end):
    """The place of an item in the source, as rustdoc has it: lines and columns from 1."""
    return {"filename": "lib.rs", "begin": list(begin), "end": list(end)}


def item(number, name, kind, inner, visibility="public", place=None):
    """An item of rustdoc's JSON, by its number."""
    return {str(number): {"name": name, "visibility": visibility, "inner": {kind: inner}, "span": place}}


INDEX = {
    **item(0, "mine", "module", {"items": [1, 2, 3, 9]}),
    **item(1, "sums", "module", {"items": [4]}),
    **item(2, None, "use", {"source": "sums::Sum", "name": "Sum", "id": 4, "is_glob": False}),
    **item(3, "total", "function", {}, place=span((11, 1), (16, 2))),
    **item(
        4,
        "Sum",
        "struct",
        {"kind": {"plain": {"fields": [5], "has_stripped_fields": True}}, "impls": [6, 7]},
        place=span((4, 5), (8, 6)),
    ),
    **item(5, "terms", "struct_field", {}, "default", span((6, 9), (6, 29))),
    **item(
        6,
        None,
        "impl",
        {"is_synthetic": False, "blanket_impl": None, "trait": {"path": "std::clone::Clone"}, "items": []},
    ),
    **item(7, None, "impl", {"is_synthetic": True, "blanket_impl": None, "trait": {"path": "Send"}, "items": []}),
    **item(9, "private", "function", {}, "default", span((17, 1), (17, 16))),
}


class Listing(unittest.TestCase):
    """The lines of the listing."""

    def test_public_items_have_a_line_under_each_path(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "lib.rs").write_text(SOURCE)
            crate = Crate({"root": 0, "index": INDEX, "paths": {}}, Path(folder))
        members = ["", "::terms"]
        expected = {f"mine::{path}{member}" for path in ("Sum", "sums::Sum") for member in members} | {"mine::total"}
        self.assertEqual({line.split(": ")[0] for line in crate.lines}, expected)
        self.assertIn("mine::total: pub fn total(sum: &Sum, from: [f64; 2]) -> f64", crate.lines)
        self.assertIn("mine::Sum: pub struct Sum", crate.lines)
        self.assertIn("mine::Sum: impl Clone", crate.lines)
        self.assertIn("mine::Sum::terms: pub terms: Vec<f64>", crate.lines)

    def test_a_declaration_ends_before_the_body_and_the_value(self):
        for text, expected in [
            ("pub fn a<T>(x: [u8; 4]) -> T\nwhere\n    T: Copy,\n{ x }", "pub fn a<T>(x: [u8; 4]) -> T where T: Copy"),
            ("pub const MOST: usize = 3;", "pub const MOST: usize"),
            ("pub trait Walk: Send {\n    fn step(&mut self);\n}", "pub trait Walk: Send"),
            ("fn step(\n    &mut self,\n    by: usize,\n);", "fn step(&mut self, by: usize)"),
        ]:
            self.assertEqual(declaration(text), expected)


if __name__ == "__main__":
    unittest.main()
