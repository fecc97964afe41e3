#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""skips.py PRESET...: what the last run of each preset skipped, each with its reason from tests/allowed_skips.

A skip without a line there is a failure, and so is a line that applies here and that no test needs."""
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / "tests" / "allowed_skips"
SHARED_DATA = pathlib.Path(os.environ.get("TEQUIO_SHARED_DATA", ROOT / "../shared/data"))
NEWEST_NUMPY_PYTHON = ROOT / ".cache/numpy/bin/python3"


def has_numpy(python):
    """What numpy_version_of() in tests/support/files/python.hpp asks: a Python may be there without it."""
    return python.exists() and subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode == 0


CONDITIONS = {
    "any": True,
    "no-shared-data": not SHARED_DATA.is_dir(),
    "no-newest-numpy": not has_numpy(NEWEST_NUMPY_PYTHON),
}


def allowed(presets):
    """The lines that apply: number, presets, pattern, reason."""
    known = {preset["name"] for preset in json.loads((ROOT / "CMakePresets.json").read_text())["testPresets"]}
    for number, line in enumerate(LIST.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        columns = re.split(r"\s{2,}", line.strip(), maxsplit=2)
        if len(columns) != 3 or columns[0] not in known | CONDITIONS.keys():
            sys.exit(f"{LIST}:{number}: not a preset or a condition, a test and a reason, two spaces between them")
        where, pattern, reason = columns
        if CONDITIONS.get(where) or where in presets:
            yield number, where, pattern, reason


def skipped(preset):
    log = ROOT / "build" / preset / "ctest.log"
    return re.findall(r"^\t *\d+ - (.*) \(Skipped\)$", log.read_text(encoding="utf-8"), re.MULTILINE) if log.exists() else []


presets = [preset for preset in sys.argv[1:] if (ROOT / "build" / preset / "ctest.log").exists()]
lines = list(allowed(presets))
used = set()
count = failed = 0
for preset in presets:
    for test in skipped(preset):
        fitting = [line for line in lines if line[1] in (preset, *CONDITIONS) and fnmatch.fnmatchcase(test, line[2])]
        used.update(number for number, *_ in fitting)
        print(f"{preset}: {test}: {fitting[0][3] if fitting else 'NOT ALLOWED; make it run, or give its reason in tests/allowed_skips'}")
        count += 1
        failed += not fitting
for number, _, pattern, _ in lines:
    if number not in used:
        print(f"tests/allowed_skips:{number}: no skipped test is called {pattern}; delete the line")
        failed += 1
print(f"skips: {count} skipped, {failed} failed")
sys.exit(failed > 0)
