"""Tests of the lint of summaries, on texts of a few lines and in a repository of a few files."""

import io
import subprocess
import sys
import tempfile
import textwrap
import unittest
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from summaries import check, is_refused, python, rust, sentence


def summaries(text, language=rust):
    """Gives line and summary of everything that is documented in a text with an indentation."""
    return sorted(language(textwrap.dedent(text).removeprefix("\n")))


class Rule(unittest.TestCase):
    def test_subordinate_clauses_and_references_are_refused(self):
        beginnings = ["What is measured", "How many lanes there are", "Whether an episode begins", "Where it begins",
                      "Who plays the game", "Whoever plays", "Whose page to print", "When it ends", "That it ends",
                      "Those that succeeded", "Of the value loss", "The same with a NAU"]
        for beginning in beginnings:
            self.assertTrue(is_refused(f"{beginning}, as a test has it."), beginning)

    def test_short_summaries_are_refused(self):
        self.assertTrue(is_refused("It does not"))
        self.assertFalse(is_refused("It does not."))

    def test_verbs_and_noun_phrases_pass(self):
        for summary in ["Fails if a number is not finite.", "Number of environments of each worker.",
                        "Offset of the first gate.", "The sameness of two batches.", "Wholeness of the weights."]:
            self.assertFalse(is_refused(summary), summary)

    def test_a_sentence_ends_at_a_full_stop_before_a_space(self):
        self.assertEqual(sentence("Width of 1.5 pixels, e.g. of a\nrow. More."), "Width of 1.5 pixels, e.g. of a row.")
        self.assertEqual(sentence("The median (Agarwal et al. 2021). More."), "The median (Agarwal et al. 2021).")
        self.assertEqual(sentence("No full stop"), "No full stop")


class Rust(unittest.TestCase):
    def test_items_and_modules(self):
        found = summaries("""
            //! A module of
            //! two lines. More.
            //!
            //! Another paragraph.

            /// A structure.
            #[derive(Debug)]
            struct Thing {
                /// A field.
                field: u8,
                ///
                /// A field behind an empty line.
                other: u8,
            }
        """)
        self.assertEqual(found, [(1, "A module of two lines."), (6, "A structure."), (9, "A field."),
                                 (12, "A field behind an empty line.")])

    def test_other_comments_and_strings_are_no_documentation(self):
        found = summaries('''
            // What a comment says.
            //// What a row of strokes says.
            const TEXT: &str = "
            /// What a string says.
            \\"
            /// What it goes on with.
            ";
            const RAW: &str = r#"
            /// What a "raw string" says.
            "#;
            const QUOTE: char = '"';
            /* "
            /// What a commented item says.
            */
            /// A constant.
            const SIDE: u8 = 5;
        ''')
        self.assertEqual(found, [(15, "A constant.")])

    def test_a_module_and_its_first_item_are_two(self):
        self.assertEqual(summaries("//! A module.\n/// An item.\nfn item() {}\n"), [(1, "A module."), (2, "An item.")])


class Python(unittest.TestCase):
    def test_modules_classes_and_functions(self):
        found = summaries('''
            """A module
            of two lines.

            Another paragraph.
            """

            class Thing:
                """A class."""

                def method(self):
                    """A method. More."""
                    return """What is no docstring."""
        ''', python)
        self.assertEqual(found, [(1, "A module of two lines."), (8, "A class."), (11, "A method.")])


class Command(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.project = Path(scratch.name).resolve()
        files = {"src/good.rs": "/// A good summary.\n", "src/bad.rs": "/// Whether it is bad.\n",
                 "scripts/bad.py": '"""How it is bad."""\n', "benches/other.py": '"""What nobody checks."""\n',
                 "src/untracked.rs": "/// What is not tracked.\n"}
        for name, text in files.items():
            (self.project / name).parent.mkdir(exist_ok=True)
            (self.project / name).write_text(text)
        for command in (["init", "--quiet"], ["add", *(name for name in files if "untracked" not in name)]):
            subprocess.run(["git", *command], cwd=self.project, check=True)

    def run_on(self, *names):
        """Gives the status, and the lines that are printed."""
        output = io.StringIO()
        with redirect_stdout(output):
            status = check([self.project / name for name in names], self.project)
        return status, output.getvalue().splitlines()

    def test_all_tracked_files_are_checked(self):
        self.assertEqual(self.run_on(), (1, ["scripts/bad.py:1: How it is bad.", "src/bad.rs:1: Whether it is bad.",
                                             "refused summaries: 2; files read: 3"]))

    def test_paths_can_be_named(self):
        self.assertEqual(self.run_on("src/good.rs"), (0, ["refused summaries: 0; files read: 1"]))
        self.assertEqual(self.run_on("src")[1][-1], "refused summaries: 1; files read: 2")

    def test_no_file_is_no_success(self):
        self.assertEqual(self.run_on("nowhere"), (1, ["refused summaries: 0; files read: 0"]))


if __name__ == "__main__":
    unittest.main()
