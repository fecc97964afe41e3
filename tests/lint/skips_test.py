#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What tests/skips.py allows where a NumPy is missing: skips_test.py SKIPS."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPS = pathlib.Path(sys.argv.pop(1)).resolve()
LINE = "no-newest-numpy  engines.numpy_sum.*  PyPI could not be reached"


class Skips(unittest.TestCase):
    """A checkout with one skipped test, and a Python that imports NumPy or fails."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "tests").mkdir()
        shutil.copy(SKIPS, self.root / "tests")
        self.write("CMakePresets.json", '{"testPresets": [{"name": "release"}]}')
        self.write("tests/allowed_skips", LINE)
        self.write("build/release/ctest.log", "\t 7 - engines.numpy_sum.of_doubles (Skipped)\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def make_python(self, exit_code):
        self.write(".cache/numpy/bin/python3", f"#!/bin/sh\nexit {exit_code}\n").chmod(0o755)

    def says(self):
        return subprocess.run([sys.executable, self.root / "tests/skips.py", "release"], text=True, check=False,
                              capture_output=True).stdout

    def test_the_reason_holds_without_that_python(self):
        self.assertIn("PyPI could not be reached", self.says())

    def test_the_reason_holds_where_that_python_has_no_numpy(self):
        self.make_python(exit_code=1)
        self.assertIn("skips: 1 skipped, 0 failed", self.says())

    def test_with_numpy_the_skip_is_not_allowed(self):
        self.make_python(exit_code=0)
        self.assertIn("NOT ALLOWED", self.says())


unittest.main()
