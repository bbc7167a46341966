#!/usr/bin/env python3
"""Makes the virtual environment that the tests read event files with, and prints its Python.

It is made anew when the pinned requirements change. Where Python has no `venv` (Debian keeps it in a
package of its own), pip installs into a folder instead, and a small script stands for its Python.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "scripts" / "requirements.txt"
FOLDER = PROJECT / ".venv"


def quietly(*command):
    """Runs a command; gives whether it succeeded and the last line that it said."""
    result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = result.stdout.strip().splitlines()
    return result.returncode == 0, lines[-1] if lines else ""


def make(python):
    """Fills the folder; gives what went wrong, or nothing."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--requirement", REQUIREMENTS]
    made, _ = quietly(sys.executable, "-m", "venv", FOLDER)
    if made:
        installed, said = quietly(python, *pip)
        return None if installed else said
    shutil.rmtree(FOLDER, ignore_errors=True)
    installed, said = quietly(sys.executable, *pip, "--target", FOLDER / "packages")
    if not installed:
        return said
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{FOLDER / "packages"}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return None


def main():
    """The command; one line on standard error and status 1 where it fails."""
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "requirements.sha256"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if not (stamp.is_file() and stamp.read_text() == wanted and python.exists()):
        print("installing TensorBoard's reader into .venv", file=sys.stderr)
        problem = make(python)
        if problem:
            print(f"error: cannot install scripts/requirements.txt: {problem}", file=sys.stderr)
            return 1
        stamp.write_text(wanted)
    print(python)
    return 0


if __name__ == "__main__":
    sys.exit(main())
