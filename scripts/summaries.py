#!/usr/bin/env python3
"""Refuses summaries of documentation that cannot be understood when they are read alone.

A list of rustdoc shows the first sentence of an item's documentation, and nothing around it. That sentence begins with
a verb in the third person or with a noun phrase; it does not begin as a subordinate clause or point at another line.
All tracked files of Rust are read, and the docstrings of scripts/, or only the files and folders that are named.
"""

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REFUSED = ["What", "How", "Whether", "Where", "Who", "Whoever", "Whose", "When", "That", "Those", "Of", "The same"]
BEGINNING = re.compile(rf"({'|'.join(REFUSED)})\b", re.IGNORECASE)
SENTENCE = re.compile(r".*?(?<!\bal)(?<!e\.g)(?<!i\.e)[.!?](?=\s|$)")
SHORTEST = 12
DOCUMENTATION = re.compile(r"\s*(//!|///(?!/))(.*)")
STRING = re.compile(r"""b?r(#*)".*?"\1|b?"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)'|//[^\n]*|/\*.*?\*/""", re.DOTALL)


def sentence(text):
    """Gives the first sentence of a text, on one line."""
    text = " ".join(text.split())
    found = SENTENCE.match(text)
    return found.group() if found else text


def is_refused(summary):
    """Tells if a summary begins with a refused word or is too short."""
    return bool(BEGINNING.match(summary)) or len(summary) < SHORTEST


def lines_of_strings(text):
    """Gives the numbers of the lines that begin inside a string or a comment of several lines."""
    numbers, line, end = set(), 1, 0
    for found in STRING.finditer(text):
        line += text.count("\n", end, found.start())
        after = line + found.group().count("\n")
        numbers.update(range(line + 1, after + 1))
        line, end = after, found.end()
    return numbers


def rust(text):
    """Yields line and summary of each block of `///` or `//!`: the first sentence of its first paragraph."""
    strings = lines_of_strings(text)
    kind, first, paragraph = None, 0, []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        found = None if number in strings else DOCUMENTATION.fullmatch(line)
        if (found and found[1]) != kind:
            if paragraph:
                yield first, sentence(" ".join(paragraph))
            kind, first, paragraph, is_open = found and found[1], 0, [], True
        words = found[2].strip() if found else ""
        if words and is_open:
            first = first or number
            paragraph.append(words)
        elif paragraph:
            is_open = False


def python(text):
    """Yields line and summary of the docstring of a module, and of each class and function in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            documentation = ast.get_docstring(node)
            if documentation is not None:
                yield node.body[0].lineno, sentence(documentation.split("\n\n")[0])


def summaries(path):
    """Gives line and summary of everything that is documented in a file, in the order of lines."""
    text = path.read_text(encoding="utf-8")
    return sorted(python(text) if path.suffix == ".py" else rust(text))


def tracked(paths, project=PROJECT):
    """Gives the tracked files that are checked: all of them, or those at or below the named paths."""
    command = ["git", "ls-files", "-z", "--", *(path.absolute() for path in paths)]
    names = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout.split("\0")
    checked = [name for name in names if name.endswith(".rs") or (name.startswith("scripts/") and name.endswith(".py"))]
    return [project / name for name in checked if (project / name).is_file()]


def check(paths, project=PROJECT):
    """Prints each refused summary and the number of them; gives status 1 if there is one."""
    files = tracked(paths, project)
    count = 0
    for path in files:
        for line, summary in summaries(path):
            if is_refused(summary):
                print(f"{path.relative_to(project)}:{line}: {summary}")
                count += 1
    print(f"refused summaries: {count}; files read: {len(files)}")
    return 1 if count or not files else 0


def main():
    """Runs the command; one line on standard error and status 1 where git fails."""
    parser = argparse.ArgumentParser(description="Refuses summaries of documentation that cannot be read alone.")
    parser.add_argument("paths", type=Path, nargs="*", help="files and folders to check [default: all]")
    try:
        return check(parser.parse_args().paths)
    except subprocess.CalledProcessError as error:
        print(f"error: git: {error.stderr.strip().splitlines()[0]}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
