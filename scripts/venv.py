#!/usr/bin/env python3
"""Makes a virtual environment from pinned requirements, and prints its Python.

Without arguments it is the one that the tests read event files with, in .venv. It is made anew when
the requirements change. Where Python has no `venv` (Debian keeps it in a package of its own), pip
installs into a folder instead, and a small script stands for its Python.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def quietly(*command):
    """Runs a command; gives whether it succeeded and the last line that it said."""
    result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = result.stdout.strip().splitlines()
    return result.returncode == 0, lines[-1] if lines else ""


def make(folder, python, requirements):
    """Fills the folder; gives an error message, or nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--requirement", requirements]
    made, _ = quietly(sys.executable, "-m", "venv", folder)
    if made:
        installed, said = quietly(python, *pip)
        return None if installed else said
    shutil.rmtree(folder, ignore_errors=True)
    installed, said = quietly(sys.executable, *pip, "--target", folder / "packages")
    if not installed:
        return said
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder / "packages"}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return None


def main():
    """Runs the command; one line on standard error and status 1 where it fails."""
    parser = argparse.ArgumentParser(description="Makes a virtual environment and prints its Python.")
    parser.add_argument("requirements", type=Path, nargs="?", default=PROJECT / "scripts" / "requirements.txt")
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT / ".venv")
    options = parser.parse_args()
    requirements, folder = options.requirements.absolute(), options.folder.absolute()
    python = folder / "bin" / "python"
    stamp = folder / "requirements.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == wanted and python.exists()):
        print(f"installing {options.requirements} into {options.folder}", file=sys.stderr)
        problem = make(folder, python, requirements)
        if problem:
            print(f"error: cannot install {options.requirements}: {problem}", file=sys.stderr)
            return 1
        stamp.write_text(wanted)
    print(python)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"error: {error.filename}: {error.strerror}")
