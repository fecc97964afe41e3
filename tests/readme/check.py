# SPDX-License-Identifier: MIT
"""Runs the commands of README.md's console blocks, in order, in one shell in an empty folder, and compares what they
print with what the README shows; a line "..." there stands for any lines. With --print it shows what came instead."""
import argparse
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SEPARATOR = "\x1e"


def examples(text):
    """The (line number, command, shown output) of each "$ command" in the console blocks."""
    found, inside = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = not inside and line == "```console"
        elif inside and line.startswith("$ "):
            found.append((number, [line[2:]], []))
        elif inside and line.startswith("> ") and not found[-1][2]:  # the shell's prompt for the rest of a command
            found[-1][1].append(line[2:])
        elif inside:
            found[-1][2].append(line)
    return [(number, "\n".join(command), shown) for number, command, shown in found]


def run(commands, tool):
    """What each command printed, run one after the other in one shell."""
    script = "".join(f"{{ {command}\n}} 2>&1; s=$?; printf '\\x1e'; (exit $s)\n" for command in commands)
    environment = {**os.environ, "PATH": f"{tool.parent}:{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder:
        shell = subprocess.run(["bash"], input=script, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE,
                               check=False)
    return shell.stdout.split(SEPARATOR)[:-1]


def matches(shown, printed):
    pattern = "\n".join(r"(?:.*\n)*?.*" if line == "..." else re.escape(line) for line in shown)
    return re.fullmatch(pattern, printed.rstrip("\n")) is not None


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--print", action="store_true")
    arguments.add_argument("tool", type=pathlib.Path)
    arguments.add_argument("readme", type=pathlib.Path)
    given = arguments.parse_args()

    all_examples = examples(given.readme.read_text(encoding="utf-8"))
    outputs = run([command for _, command, _ in all_examples], given.tool.resolve())
    failed = 0
    for (number, command, shown), printed in zip(all_examples, outputs, strict=True):
        if given.print:
            print(f"$ {command}\n{printed}", end="")
        elif not matches(shown, printed):
            failed += 1
            print(f"{given.readme}:{number}: `{command}` prints something else; cure: mend it, or the README")
            print("\n".join(difflib.unified_diff(shown, printed.splitlines(), "README", "printed", lineterm="")))
    print(f"{len(all_examples)} commands, {failed} differ")
    return 1 if failed or not all_examples else 0


if __name__ == "__main__":
    sys.exit(main())
