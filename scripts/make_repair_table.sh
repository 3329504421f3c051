#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Repairs every mesh phantom with the built program and prints the table of docs/methods/repair.md. Status 1
# where a row does not come out as it was derived, or its repair takes more than 60 s of processor time (all threads
# together, certificate of the written file included: what else the machine does plays no part).
#   scripts/make_repair_table.sh [BUILD_FOLDER [SETS_FILE]]     (default: build/release scripts/mesh_phantom_sets.txt)
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 - "$(realpath "${1:-build/release}")/bin/meshassay" "${2:-scripts/mesh_phantom_sets.txt}" <<'PYTHON'
import json, pathlib, resource, subprocess, sys, tempfile

program, sets = sys.argv[1], pathlib.Path(sys.argv[2])


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def call(*words):
    start = processor_seconds()
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    return done, processor_seconds() - start


def repair(mesh, out, *flags):
    return call("repair", mesh, "-o", out, "--min-thickness", "0.4%", "--no-score", "--json", *flags)


def holds(mesh):
    """Whether the file as it is written bounds a solid and is printable in parts."""
    return all(call("inspect", mesh, "--require", what)[0].returncode == 0 for what in ("bounds_solid", "printable_parts"))


failed = 0
print("| set | flag | triangles | parts | score (derived) | certificate of the file | again | repair / s | score / s |")
print("|---|---|---|---|---|---|---|---|---|")
with tempfile.TemporaryDirectory() as folder:
    for number, line in enumerate(sets.read_text().splitlines()):
        name, *settings = line.split()
        work = pathlib.Path(folder) / str(number)
        call("phantom", name, "-o", work, *[word for each in settings for word in ("--set", each)])
        truth = json.loads((work / "truth.json").read_text())["repair"]
        out = work / "repaired.stl"
        flag = "" if truth["cavities"] in (0, None) else "--fill-cavities"
        done, seconds = repair(work / "surface.stl", out, *flag.split())
        if done.returncode != 0:
            failed += 1
            print(f"| `{line}` | `{flag}` | | | **none ({truth['score']})** | {done.stderr.strip().splitlines()[0]} | | {seconds:.1f} | |", flush=True)
            continue
        result = json.loads(done.stdout)
        certified = holds(out)
        again, _ = repair(out, work / "again.stl")
        same = again.returncode == 0 and (work / "again.stl").read_bytes() == out.read_bytes()
        scored, score_seconds = call("repair", "--score-only", work / "surface.stl", out, "--min-thickness", "0.4%", "--json")
        parts, score = result["counts"]["parts"], json.loads(scored.stdout)["score"]["score"]
        good = score == truth["score"] and certified and same and truth["parts"] in (None, parts) and seconds < 60
        failed += not good
        mark = "" if good else "**"
        flag_text = f"`{flag}`" if flag else ""
        print(
            f"| `{line}` | {flag_text} | {result['counts']['input_triangles']} → {result['counts']['output_triangles']} "
            f"| {parts} | {mark}{score} ({truth['score']}){mark} | {'holds' if certified else '**does not hold**'} "
            f"| {'same bytes' if same else '**differs**'} | {seconds:.1f} | {score_seconds:.1f} |",
            flush=True,
        )
print(f"\n{failed} of {number + 1} sets did not come out as derived.", file=sys.stderr)
sys.exit(1 if failed else 0)
PYTHON
