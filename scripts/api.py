#!/usr/bin/env python3
"""Lists the public items of each crate, one line each, and compares the lists with those that are committed.

The items are those of rustdoc's JSON, which the stable toolchain gives with RUSTC_BOOTSTRAP=1; their signatures are
the words of the source. `make api` writes docs/api/, and `make lint` fails where it differs: a change of what other
crates can use is seen before it is published. Only the standard library is needed.
"""

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CARGO = os.environ.get("CARGO", "cargo")
LISTS = ROOT / "docs" / "api"
NAMED = {"function", "struct", "enum", "union", "trait", "type_alias", "constant", "static", "macro"}
"""Kinds of items that have a line of their own; modules are walked through."""

MEMBERS = {"struct_field", "variant"}
"""Kinds whose whole source is their declaration."""

UNIVERSAL = {"Send", "Sync", "Unpin", "Freeze", "UnwindSafe", "RefUnwindSafe", "UnsafeUnpin"}
"""Traits that the compiler implements by itself, and that are not listed."""


def declaration(text: str) -> str:
    """The declaration that a text of the source begins with: up to its body, its value or its end."""
    depth = 0
    for place, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif depth == 0 and (character in "{;" or text[place : place + 3] == " = "):
            text = text[:place]
            break
    return re.sub(r"([(\[<]) | ?,? ([)\]>])", lambda found: found[1] or found[2], " ".join(text.split())).rstrip(",")


class Crate:
    """The public items of one crate, from rustdoc's JSON."""

    def __init__(self, document: dict, root: Path):
        self.index, self.paths, self.root = document["index"], document["paths"], root
        self.lines: set[str] = set()
        first = self.index[str(document["root"])]
        self.module(first, first["name"])

    def source(self, item: dict) -> str:
        """The text of an item, without its documentation and attributes."""
        span = item["span"]
        lines = (self.root / span["filename"]).read_text(encoding="utf-8").splitlines()
        (first, column), (last, end) = span["begin"], span["end"]
        text = lines[first - 1 : last]
        text[-1] = text[-1][:end]
        text[0] = text[0][column - 1 :]
        return "\n".join(line for line in text if not line.strip().startswith(("//", "#[")))

    def item(self, item_id: int) -> dict | None:
        """An item of this crate."""
        return self.index.get(str(item_id))

    def module(self, item: dict, path: str) -> None:
        """Lists the public items of a module."""
        for child_id in item["inner"]["module"]["items"]:
            child = self.item(child_id)
            if child is None or child["visibility"] != "public":
                continue
            if "use" in child["inner"]:
                self.export(child["inner"]["use"], path)
            else:
                self.add(child, path, child["name"])

    def export(self, use: dict, path: str) -> None:
        """Lists what `pub use` gives another name."""
        target = self.item(use["id"]) if use["id"] is not None else None
        if target is None:
            self.lines.add(f"{path}: pub use {use['source']}")
        elif use["is_glob"]:
            self.module(target, path)
        else:
            self.add(target, path, use["name"])

    def add(self, item: dict, path: str, name: str) -> None:
        """Lists an item, and those that belong to it."""
        kind, inner = next(iter(item["inner"].items()))
        if kind == "module":
            self.module(item, f"{path}::{name}")
            return
        if kind not in NAMED:
            return
        self.lines.add(f"{path}::{name}: {declaration(self.source(item))}")
        if kind == "macro":
            return
        place = f"{path}::{name}"
        if kind == "enum":
            self.members(inner["variants"], place)
        if kind == "trait":
            self.members(inner["items"], place)
        if kind == "struct":
            plain = inner["kind"]["plain"]["fields"] if isinstance(inner["kind"], dict) and "plain" in inner["kind"] else []
            self.members(plain, place)
        for impl_id in inner.get("impls", []):
            self.implementation(self.item(impl_id), place)

    def members(self, ids: list[int], place: str) -> None:
        """Lists fields, variants and the items of traits."""
        for member_id in ids:
            member = self.item(member_id)
            if member is None:
                continue
            kind = next(iter(member["inner"]))
            text = self.source(member)
            whole = " ".join(text.split()).replace(", }", " }").rstrip(",")
            self.lines.add(f"{place}::{member['name']}: {whole if kind in MEMBERS else declaration(text)}")

    def implementation(self, item: dict | None, place: str) -> None:
        """Lists the methods of an implementation, or the trait that it is of."""
        if item is None:
            return
        inner = item["inner"]["impl"]
        if inner["is_synthetic"] or inner["blanket_impl"]:
            return
        if inner["trait"]:
            name = inner["trait"]["path"].rsplit("::", 1)[-1]
            if name not in UNIVERSAL and not name.startswith("Structural"):
                self.lines.add(f"{place}: impl {name}")
            return
        for member_id in inner["items"]:
            member = self.item(member_id)
            if member is not None and member["visibility"] == "public":
                self.lines.add(f"{place}::{member['name']}: {declaration(self.source(member))}")


def crates() -> list[tuple[str, str]]:
    """Names of the packages with a library, and of their libraries."""
    done = subprocess.run(
        [CARGO, "metadata", "--no-deps", "--format-version", "1", "--locked"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    document = json.loads(done.stdout)
    found = []
    for package in document["packages"]:
        libraries = [target["name"] for target in package["targets"] if "lib" in target["kind"]]
        found += [(package["name"], library.replace("-", "_")) for library in libraries]
    return sorted(found)


def listing(package: str, library: str) -> str:
    """The public items of a package, sorted."""
    flags = ["-Zunstable-options", "--output-format", "json"]
    command = [CARGO, "rustdoc", "--quiet", "--release", "--locked", "--package", package, "--lib", "--", *flags]
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    subprocess.run(command, cwd=ROOT, env={**os.environ, "RUSTDOC": str(ROOT / "scripts" / "rustdoc_json.sh")}, check=True)
    document = json.loads((target / "doc" / f"{library}.json").read_text(encoding="utf-8"))
    return "\n".join(sorted(Crate(document, ROOT).lines)) + "\n"


def main() -> None:
    """Writes the lists, or compares them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/api/ anew")
    arguments = parser.parse_args()
    different = False
    for package, library in crates():
        path = LISTS / f"{package}.txt"
        found = listing(package, library)
        if arguments.write:
            LISTS.mkdir(parents=True, exist_ok=True)
            path.write_text(found, encoding="utf-8")
            print(f"{found.count(chr(10)):>5} {package}")
            continue
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        changes = list(difflib.unified_diff(kept.splitlines(), found.splitlines(), "committed", package, lineterm="", n=0))
        print(*changes, sep="\n", end="\n" if changes else "")
        different |= bool(changes)
    if different:
        sys.exit("the public items are others than docs/api/ says; if they are meant to be, `make api` writes it anew")


if __name__ == "__main__":
    main()
