#!/usr/bin/env python3
"""Prepares libtorch for the build, from the wheels of PyTorch.

A libtorch folder is headers, a few libraries and a version; PyTorch's wheels hold all of it. The
folder lands in a cache of the user's, so that other clones need no second download, and the project
gets a link to it, which `.cargo/config.toml` names. Only the standard library and pip are needed.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "2.13.0"
"""The one version that the `tch` crate links with."""

PINNED = {
    "torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl":
        "796633c4cdf0fe2cdced72d8f88f22e73dbcfce83132763162f6d4bff13b820b",
    "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl":
        "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
    "nvidia_cuda_cupti-13.0.85-py3-none-manylinux_2_25_x86_64.whl":
        "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
}
"""SHA-256 of each wheel. The Python version in a name is only that of the wheel: any Python will do."""

REQUIREMENTS = {
    # PyTorch's wheel for x86-64 is the CUDA build: its CPU library links two small CUDA libraries.
    "cpu": [f"torch=={VERSION}", "nvidia-cuda-runtime==13.0.96", "nvidia-cuda-cupti==13.0.85"],
    # With dependencies: pip finds the CUDA libraries in the versions that PyTorch's wheel names.
    "cuda": [f"torch=={VERSION}"],
}

NEEDED_BYTES = {"cpu": 1_300_000_000, "cuda": 10_000_000_000}
"""Room for the wheels and for what is unpacked from them, in bytes."""

CPU_LIBRARIES = {"libtorch_cpu.so", "libc10.so", "libgomp.so.1", "libcudart.so.13", "libcupti.so.13"}

PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_25_x86_64", "manylinux_2_24_x86_64",
             "manylinux_2_17_x86_64", "manylinux2014_x86_64"]


class Failure(Exception):
    """Failure of the preparation, in one line that says what to do."""


def cache_folder(environment):
    """Gives the folder that holds prepared copies: $GRIDWORLD_CACHE, else gridworld/ in the user's cache."""
    if environment.get("GRIDWORLD_CACHE"):
        return Path(environment["GRIDWORLD_CACHE"])
    if environment.get("XDG_CACHE_HOME"):
        return Path(environment["XDG_CACHE_HOME"]) / "gridworld"
    return Path(environment.get("HOME") or Path.home()) / ".cache" / "gridworld"


def check(folder):
    """Raises unless `folder` is a libtorch of the right version."""
    version_file = folder / "build-version"
    if not version_file.is_file():
        raise Failure(f"{folder} is no libtorch: it has no file build-version")
    version = version_file.read_text().strip()
    if version.split("+")[0] != VERSION:
        raise Failure(f"{folder} is libtorch {version}, but {VERSION} is needed: point LIBTORCH to that, or unset it")
    for part in ("include", "lib/libtorch_cpu.so"):
        if not (folder / part).exists():
            raise Failure(f"{folder} is not a whole libtorch: {part} is missing")


def download(flavour, folder, pip):
    """Fetches the wheels of `flavour` into `folder` with the command `pip`, and gives their paths."""
    command = [*pip, "download", "--dest", str(folder), "--only-binary=:all:", "--python-version", "3.12",
               "--implementation", "cp", "--abi", "cp312", "--abi", "abi3", "--abi", "none", "--disable-pip-version-check"]
    command += [word for name in PLATFORMS for word in ("--platform", name)]
    command += ["--no-deps"] if flavour == "cpu" else []
    if not sys.stderr.isatty():
        command += ["--quiet"]
    # pip's progress goes to standard error, file descriptor 2; its messages are read.
    result = subprocess.run(command + REQUIREMENTS[flavour], stdout=2, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        if "No module named pip" in result.stderr:
            raise Failure("Python has no pip: install it (Debian: python3-pip), or set LIBTORCH to a libtorch " + VERSION)
        reason = next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "no message")
        raise Failure(f"pip could not fetch libtorch: {reason}; see whether the network and pip's settings are right, "
                      f"or set LIBTORCH to a libtorch {VERSION}")
    return sorted(folder.glob("*.whl"))


def verify(wheel, pinned):
    """Raises if the wheel is one whose checksum is known, and has another."""
    digest = hashlib.sha256()
    with wheel.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    if wheel.name in pinned and digest.hexdigest() != pinned[wheel.name]:
        raise Failure(f"{wheel.name} has not the checksum that is expected: it was damaged on its way or changed; try again")


def unpack(wheels, flavour, folder):
    """Puts headers, libraries and version into `folder`."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                target = place(entry.filename, flavour)
                if target is not None and not entry.is_dir():
                    path = folder / target
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(entry) as source, path.open("wb") as destination:
                        shutil.copyfileobj(source, destination, 1 << 20)
    link = folder / "lib" / "libtorch.so"
    if not link.exists():
        link.symlink_to("libtorch_cpu.so")
    (folder / "build-version").write_text(VERSION + "\n")
    check(folder)


def place(name, flavour):
    """Gives the place of a wheel's entry in the libtorch folder; None if it has none."""
    path = Path(name)
    if ".." in path.parts or path.is_absolute():
        return None
    if name.startswith("torch/include/"):
        return path.relative_to("torch")
    # Some wheels give libgomp a name with a hash in it; the libraries ask for it by its plain one.
    library = "libgomp.so.1" if path.name.startswith("libgomp") else path.name
    if ".so" not in library or not ({"lib", "torch.libs"} & set(path.parts)):
        return None
    if flavour == "cpu":
        return Path("lib") / library if library in CPU_LIBRARIES else None
    if name.startswith(("torch/", "torch.libs/", "nvidia/")) and "python" not in library:
        return Path("lib") / library
    return None


@contextlib.contextmanager
def locked(cache):
    """Keeps a second preparation waiting until this one is over; ends with the process."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = (cache / "lock").open("w")
    except OSError as error:
        raise Failure(f"cannot write into the cache {cache}: {error.strerror}; set GRIDWORLD_CACHE to another folder")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another preparation in {cache}", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(flavour, cache, pip, pinned=None, needed=None):
    """Gives the folder of `flavour` in `cache`; fetches and unpacks it first if it is not there."""
    pinned = PINNED if pinned is None else pinned
    needed = NEEDED_BYTES[flavour] if needed is None else needed
    final = cache / f"libtorch-{VERSION}-{flavour}"
    with locked(cache):
        if final.is_dir():
            check(final)
            return final
        # Whoever held the lock before and died left these; nobody else works here now.
        for leftover in cache.glob("unfinished-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        free = shutil.disk_usage(cache).free
        if free < needed:
            raise Failure(f"{cache} has {free / 1e9:.1f} GB free, and libtorch needs {needed / 1e9:.1f} GB for a while: "
                          "make room, or set GRIDWORLD_CACHE to another folder")
        print(f"fetching libtorch {VERSION} ({flavour}) into {cache}", file=sys.stderr)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cache))
        try:
            wheels = download(flavour, unfinished, pip)
            for wheel in wheels:
                verify(wheel, pinned)
            unpack(wheels, flavour, unfinished / "libtorch")
            (unfinished / "libtorch").rename(final)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return final


def link(project, folder):
    """Makes `project/libtorch` a link to `folder`, in one step."""
    new = project / f".libtorch-{os.getpid()}"
    new.symlink_to(folder)
    new.replace(project / "libtorch")


def run(arguments, environment):
    """Prepares what the arguments ask for; a LIBTORCH of the user's is only checked."""
    if environment.get("LIBTORCH"):
        check(Path(environment["LIBTORCH"]))
        return
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise Failure(f"there is no recipe for {platform.system()} on {platform.machine()}: "
                      f"set LIBTORCH to a libtorch {VERSION}")
    project = Path(__file__).resolve().parent.parent
    flavour = "cuda" if arguments.cuda else "cpu"
    cache = cache_folder(environment).absolute()
    if not arguments.cuda and (project / "libtorch").is_dir():
        # Whatever was prepared last stays, CUDA included, until the other is asked for.
        return check((project / "libtorch").resolve())
    link(project, prepare(flavour, cache, [sys.executable, "-m", "pip"]))


def main():
    """Runs the command; one line on standard error and status 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Prepares libtorch for the build.")
    parser.add_argument("--cuda", action="store_true", help="the build with CUDA (several GB)")
    try:
        run(parser.parse_args(), os.environ)
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'libtorch'}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted: nothing half-prepared was left", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
