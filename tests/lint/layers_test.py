#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lint/layers sees a wrong include of each kind: layers_test.py LINT makes small projects and reads what it says."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

LINT = sys.argv.pop(1)
ROOMS = """\
# a small house
base:
  base       error
  system     descriptor
tequio: base
  memory     named_memory
  engines    processes tequio
data: base
  data/text  format_error
  data/csv   csv
jobs: tequio data
  jobs       stats
cli: jobs
  cli
"""
REQUIREMENTS = '"tequio/detail/base/requirements.hpp"'
GOOD = {
    "include/tequio/detail/base/requirements.hpp": [],
    "include/tequio/error.hpp": [REQUIREMENTS],
    "include/tequio/descriptor.hpp": ['"tequio/error.hpp"'],
    "include/tequio/detail/memory/arena.hpp": ['"tequio/error.hpp"'],
    "include/tequio/named_memory.hpp": ['"tequio/detail/memory/arena.hpp"'],
    "include/tequio/processes.hpp": ['"tequio/named_memory.hpp"'],
    "include/tequio/tequio.hpp": [f'"tequio/{noun}.hpp"' for noun in ("descriptor", "error", "named_memory", "processes")],
    "include/tequio/data/format_error.hpp": ['"tequio/error.hpp"'],
    "include/tequio/data/csv.hpp": ['"tequio/data/format_error.hpp"'],
    "include/tequio/jobs/stats.hpp": ['"tequio/data/csv.hpp"', '"tequio/processes.hpp"'],
    "src/base/error.cpp": ['"tequio/error.hpp"', "<string>"],
    "src/system/system.hpp": [],
    "src/memory/arena.cpp": ['"system/system.hpp"'],
    "src/engines/supervisor.hpp": [],
    "src/data/text/text.hpp": ['"system/system.hpp"'],
    "src/data/csv/scan.hpp": ['"data/text/text.hpp"'],
    "src/jobs/stats.cpp": ['"tequio/jobs/stats.hpp"', '"engines/supervisor.hpp"'],
    "cli/main.cpp": ['"say.hpp"', '"tequio/jobs/stats.hpp"', "<CLI/CLI.hpp>"],
    "cli/say.hpp": [],
}


class layers(unittest.TestCase):
    def findings(self, more=None, without=(), rooms=ROOMS):
        """What the lint says of the good project with more includes or files, and without some."""
        files = {file: list(includes) for file, includes in GOOD.items() if file not in without}
        for file, includes in (more or {}).items():
            files[file] = files.get(file, []) + includes
        with tempfile.TemporaryDirectory() as folder:
            for file, includes in files.items():
                path = pathlib.Path(folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(f"#include {include}\n" for include in includes), encoding="utf-8")
            pathlib.Path(folder, "lint").mkdir()
            pathlib.Path(folder, "lint/rooms").write_text(rooms, encoding="utf-8")
            run = subprocess.run([LINT, folder], capture_output=True, text=True, check=False)
        self.assertEqual(run.stderr, "")
        lines = run.stdout.splitlines()[:-1]
        self.assertEqual(run.returncode, 1 if lines else 0)
        return lines

    def expect(self, words, **project):
        lines = self.findings(**project)
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(words, lines[0])

    def expect_include(self, file, include, words):
        self.expect(f'{file}:{len(GOOD.get(file, [])) + 1}: includes {include}{words}', more={file: [include]})

    def test_a_good_project_is_left_alone(self):
        self.assertEqual(self.findings(), [])

    def test_a_public_header_of_a_room_above(self):
        self.expect_include("include/tequio/error.hpp", '"tequio/processes.hpp"', " of the room engines")

    def test_a_public_detail_header_of_a_room_above(self):
        self.expect_include("include/tequio/descriptor.hpp", '"tequio/detail/memory/arena.hpp"', " of the room memory")

    def test_a_private_header_of_a_room_above(self):
        self.expect_include("src/memory/arena.cpp", '"engines/supervisor.hpp"', " of the room engines")

    def test_a_header_of_ours_in_angles(self):
        self.expect("of the room engines", more={"src/memory/arena.cpp": ["<tequio/processes.hpp>"]})

    def test_data_uses_no_engines(self):
        self.expect_include("include/tequio/data/csv.hpp", '"tequio/processes.hpp"', " of the room engines")

    def test_data_uses_no_private_header_of_the_core_above_system(self):
        self.expect_include("src/data/csv/scan.hpp", '"engines/supervisor.hpp"', " of the room engines")

    def test_the_rooms_of_data_have_an_order(self):
        self.expect_include("src/data/text/text.hpp", '"data/csv/scan.hpp"', " of the room data/csv")

    def test_data_and_engines_know_nothing_of_jobs(self):
        self.expect_include("src/data/csv/scan.hpp", '"tequio/jobs/stats.hpp"', " of the room jobs")
        self.expect_include("src/engines/supervisor.hpp", '"tequio/jobs/stats.hpp"', " of the room jobs")

    def test_engines_know_nothing_of_data(self):
        self.expect_include("src/engines/supervisor.hpp", '"tequio/data/csv.hpp"', " of the room data/csv")

    def test_nobody_includes_the_tool(self):
        self.expect_include("src/jobs/stats.cpp", '"say.hpp"', ", which is no header of the project")

    def test_only_the_tool_parses_a_command_line(self):
        self.expect("the tool is the only one", more={"src/jobs/stats.cpp": ["<CLI/CLI.hpp>"]})

    def test_a_private_header_in_a_public_one(self):
        self.expect_include("include/tequio/descriptor.hpp", '"system/system.hpp"', ", which is private")

    def test_a_private_header_in_the_tool(self):
        self.expect_include("cli/main.cpp", '"engines/supervisor.hpp"', ", which is no header of the project")

    def test_a_path_that_climbs(self):
        self.expect("from the root of include/ or src/", more={"src/memory/arena.cpp": ['"memory/../system/system.hpp"']})

    def test_a_header_beside_the_file_is_named_from_the_root(self):
        self.expect_include("src/data/csv/scan.hpp", '"rows.hpp"', ", which is no header of the project")

    def test_a_public_header_without_a_room(self):
        self.expect("include/tequio/mutex.hpp:1: stands in no room", more={"include/tequio/mutex.hpp": [REQUIREMENTS]})

    def test_a_folder_without_a_room(self):
        self.expect("src/view/page.cpp:1: stands in no room", more={"src/view/page.cpp": []})
        self.expect("stands in no room", more={"include/tequio/detail/page.hpp": [REQUIREMENTS]})

    def test_a_room_names_a_header_that_is_none(self):
        self.expect("names include/tequio/data/rows.hpp", rooms=ROOMS.replace("csv\n", "csv rows\n"))

    def test_a_full_folder(self):
        most = {f"src/memory/part_{i}.cpp": [] for i in range(40)}  # beside arena.cpp
        self.expect("src/memory:1: 41 files *.cpp", more=most)
        self.assertEqual(self.findings(more=most, without=["src/memory/arena.cpp"]), [])

    def test_more_nouns_than_a_user_wants_to_see(self):
        nouns = [f"noun_{i}" for i in range(44)]  # beside four and the one that includes them all
        more = {f"include/tequio/{noun}.hpp": [REQUIREMENTS] for noun in nouns}
        more["include/tequio/tequio.hpp"] = [f'"tequio/{noun}.hpp"' for noun in nouns]
        self.expect("include/tequio:1: 49 files *.hpp", more=more, rooms=ROOMS.replace("processes", "processes " + " ".join(nouns)))

    def test_the_header_of_all_is_complete(self):
        self.expect('lacks "tequio/mutex.hpp"', more={"include/tequio/mutex.hpp": [REQUIREMENTS]},
                    rooms=ROOMS.replace("named_memory", "named_memory mutex"))

    def test_a_header_that_tells_nobody_what_it_needs(self):
        self.expect("include/tequio/detail/memory/page.hpp:1: a program that cannot use tequio is not told so here",
                    more={"include/tequio/detail/memory/page.hpp": []})


unittest.main()
