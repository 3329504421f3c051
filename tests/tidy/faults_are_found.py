# SPDX-License-Identifier: GPL-3.0-or-later
"""faults_are_found.py BUILD_FOLDER: check_tidy.sh reports the faults of faults.{cpp,hpp}, each at its line and nothing else, whether
sources share a precompiled header or not and also when asked again, and exits with 1; each check of .clang-tidy has its fault."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = ["tests/tidy/faults.cpp", "tests/tidy/faults.hpp"]


def planted():
    return {
        (name, number, check)
        for name in FILES
        for number, line in enumerate((ROOT / name).read_text().splitlines(), 1)
        for check in re.findall(r"// fault: (\S+)$", line)
    }


def reported(options, build):
    command = ["scripts/check_tidy.sh", *options, *FILES]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "MESHASSAY_BUILD_DIR": build}, capture_output=True, text=True)
    if done.returncode != 1:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}, expected 1\n{done.stdout}{done.stderr}")
    found = re.findall(r"^(\S+?):(\d+):\d+: error: .*\[([\w-]+)[^]]*\]$", done.stdout, re.MULTILINE)
    return {(name, int(number), check) for name, number, check in found}


def main():
    expected = planted()
    listed = set(re.findall(r"^  ([a-z]+(?:-[a-z]+)+),?$", (ROOT / ".clang-tidy").read_text(), re.MULTILINE))
    complaints = [f"{check}: in .clang-tidy, but has no fault" for check in sorted(listed - {check for _, _, check in expected})]
    for options in [["--anew", "--share", "1"], ["--anew", "--share", "2"], []]:  # Both files are looked at in one source.
        found = reported(options, sys.argv[1])
        complaints += [f"check_tidy.sh {' '.join(options)}: not reported: {fault}" for fault in sorted(expected - found)]
        complaints += [f"check_tidy.sh {' '.join(options)}: reported, but not planted: {fault}" for fault in sorted(found - expected)]
    print("\n".join(complaints) or f"{len(expected)} faults of {len(listed)} checks reported")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
