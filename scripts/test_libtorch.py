"""Tests of the preparation of libtorch, with wheels of a few bytes and a pip that copies them."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import zipfile
from contextlib import redirect_stderr
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import libtorch

TORCH = "torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl"
RUNTIME = "nvidia_cuda_runtime-13.0.96-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
ENTRIES = {
    TORCH: ["torch/include/ATen/ATen.h", "torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libtorch_cuda.so",
            "torch.libs/libgomp-0123abcd.so.1", "torch/lib/libtorch_python.so", "torch/../../evil.so", "torch/nn/x.py"],
    RUNTIME: ["nvidia/cu13/lib/libcudart.so.13", "nvidia/cu13/include/cuda.h"],
}


class Preparing(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.root = Path(self.scratch.name)
        self.cache = self.root / "cache"
        self.source = self.root / "source"
        self.source.mkdir()
        self.pinned = {}
        for name, entries in ENTRIES.items():
            with zipfile.ZipFile(self.source / name, "w") as wheel:
                for entry in entries:
                    wheel.writestr(entry, f"contents of {entry}")
            self.pinned[name] = hashlib.sha256((self.source / name).read_bytes()).hexdigest()

    def pip(self, then="pass"):
        """Writes a pip that copies the wheels into --dest, and then runs a line of Python."""
        script = self.root / "pip.py"
        script.write_text(textwrap.dedent(f"""
            import shutil, sys, time, pathlib
            destination = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
            for wheel in pathlib.Path({str(self.source)!r}).iterdir():
                shutil.copy(wheel, destination)
            pathlib.Path({str(self.root / "called")!r}).open("a").write("x")
            {then}
        """))
        return [sys.executable, str(script)]

    def prepare(self, pip=None, needed=0):
        with redirect_stderr(io.StringIO()):
            return libtorch.prepare("cpu", self.cache, pip or self.pip(), self.pinned, needed)

    def refused(self, *arguments, **named):
        """Gives the message of the failure that the preparation ends with; nothing may be left behind."""
        with self.assertRaises(libtorch.Failure) as caught:
            self.prepare(*arguments, **named)
        self.assertFalse(list(self.cache.glob("libtorch-*")) + list(self.cache.glob("unfinished-*")))
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        return message

    def test_a_folder_holds_what_the_build_needs(self):
        folder = self.prepare()
        found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
        self.assertEqual(found, ["build-version", "include/ATen/ATen.h", "lib/libc10.so", "lib/libcudart.so.13",
                                 "lib/libgomp.so.1", "lib/libtorch.so", "lib/libtorch_cpu.so"])
        self.assertEqual(os.readlink(folder / "lib/libtorch.so"), "libtorch_cpu.so")
        self.assertFalse(list(self.cache.glob("unfinished-*")))

    def test_cuda_takes_all_libraries_but_pythons(self):
        self.assertEqual(libtorch.place("torch/lib/libtorch_cuda.so", "cuda"), Path("lib/libtorch_cuda.so"))
        self.assertEqual(libtorch.place("nvidia/cudnn/lib/libcudnn.so.9", "cuda"), Path("lib/libcudnn.so.9"))
        self.assertIsNone(libtorch.place("torch/lib/libtorch_python.so", "cuda"))
        self.assertIsNone(libtorch.place("torch/lib/libtorch_cuda.so", "cpu"))

    def test_the_second_time_nothing_is_fetched(self):
        self.assertEqual(self.prepare(), self.prepare())
        self.assertEqual((self.root / "called").read_text(), "x")

    def test_a_wheel_that_was_changed_is_refused(self):
        self.pinned[TORCH] = "0" * 64
        self.assertIn("checksum", self.refused())

    def test_without_pip(self):
        self.assertIn("no pip", self.refused([sys.executable, "-c", "raise SystemExit('No module named pip')"]))

    def test_without_network(self):
        message = self.refused([sys.executable, "-c", "raise SystemExit('ERROR: no matching distribution')"])
        self.assertIn("no matching distribution", message)
        self.assertIn("LIBTORCH", message)

    def test_without_room(self):
        self.assertIn("GB free", self.refused(needed=10**18))

    def test_a_cache_that_cannot_be_written(self):
        self.cache.write_text("a file where the folder should be")
        with self.assertRaises(libtorch.Failure) as caught:
            self.prepare()
        self.assertIn(str(self.cache), str(caught.exception))

    def test_killed_in_the_middle_and_started_again(self):
        program = textwrap.dedent(f"""
            import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
            import libtorch, pathlib
            libtorch.prepare("cpu", pathlib.Path({str(self.cache)!r}), {self.pip("time.sleep(60)")!r}, {self.pinned!r}, 0)
        """)
        process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL, start_new_session=True)
        while not (self.root / "called").exists():
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.assertTrue(list(self.cache.glob("unfinished-*")), "it was killed in the middle")
        self.assertFalse(list(self.cache.glob("libtorch-*")))
        libtorch.check(self.prepare(self.pip()))
        self.assertFalse(list(self.cache.glob("unfinished-*")))

    def test_two_at_once_fetch_once(self):
        pip = self.pip("time.sleep(0.3)")
        folders = []
        threads = [threading.Thread(target=lambda: folders.append(self.prepare(pip))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(folders), 2)
        self.assertEqual((self.root / "called").read_text(), "x")


class OwnLibtorch(unittest.TestCase):
    def command(self, folder):
        environment = {**os.environ, "LIBTORCH": str(folder)}
        script = Path(__file__).parent / "libtorch.py"
        return subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True)

    def test_its_version_is_checked(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "include").mkdir()
            (folder / "lib").mkdir()
            (folder / "lib/libtorch_cpu.so").touch()
            for version, status in [("2.13.0", 0), ("2.13.0+cu130", 0), ("2.12.1", 1), ("2.13.01", 1)]:
                (folder / "build-version").write_text(version + "\n")
                result = self.command(folder)
                self.assertEqual(result.returncode, status, version)
                self.assertEqual(len(result.stderr.splitlines()), status, result.stderr)

    def test_what_is_none_is_refused(self):
        with tempfile.TemporaryDirectory() as scratch:
            result = self.command(scratch)
            self.assertEqual(result.returncode, 1)
            self.assertIn("is no libtorch", result.stderr)


class Cache(unittest.TestCase):
    def test_the_users_own_folder(self):
        self.assertEqual(libtorch.cache_folder({"HOME": "/h"}), Path("/h/.cache/gridworld"))
        self.assertEqual(libtorch.cache_folder({"HOME": "/h", "XDG_CACHE_HOME": "/x"}), Path("/x/gridworld"))
        self.assertEqual(libtorch.cache_folder({"HOME": "/h", "GRIDWORLD_CACHE": "/g"}), Path("/g"))


if __name__ == "__main__":
    unittest.main()
