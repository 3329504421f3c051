#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Grades meshes that are not of this project: those in Debian's packages. Downloads the packages (nothing is
# installed or kept), inspects and repairs each mesh, prints the table of docs/public_meshes.md. Status 1 where a
# good mesh does not come out with the triangles that it went in with.
#   scripts/grade_public_meshes.sh [BUILD_FOLDER [FOLDER_WITH_UNPACKED_PACKAGES]]     (default: build/release)
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release}")/bin/meshassay
meshes=${2:-}
if [ -z "$meshes" ]; then
  meshes=$(mktemp -d)
  trap 'rm -rf "$meshes"' EXIT
  for package in assimp-testmodels cura libcgal-demo netgen-doc openscad prusa-slicer; do
    (cd "$meshes" && apt-get download -q "$package" >&2 && mkdir "$package" && dpkg-deb -x "$package"_*.deb "$package")
  done
  tar -xzf "$meshes"/libcgal-demo/usr/share/doc/libcgal-dev/data.tar.gz -C "$meshes"/libcgal-demo
fi
python3 - "$program" "$meshes" <<'PYTHON'
import hashlib, json, pathlib, re, resource, struct, subprocess, sys, tempfile

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
largest_bytes, wanted, limit_s = 150_000, 30, 60  # Processor time, all threads together.


def call(*words):
    """None where it takes more processor time than it may."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, errors="replace", preexec_fn=limit)
    return None if done.returncode < 0 else done


def single(value):
    """The nearest float32; minus zero is zero."""
    return struct.unpack("<f", struct.pack("<f", value))[0] + 0.0


def records(path):
    """Polygons as corners of three float32 each, in the order of the file; read here, not by the program under test."""
    data = path.read_bytes()
    if path.suffix.lower() == ".stl":
        if len(data) >= 84 and len(data) == 84 + 50 * struct.unpack_from("<I", data, 80)[0]:
            return [
                tuple(tuple(v + 0.0 for v in struct.unpack_from("<3f", data, at + 12 + 12 * corner)) for corner in range(3))
                for at in range(84, len(data), 50)
            ]
        corners = [tuple(single(float(n)) for n in line) for line in re.findall(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)", data)]
        return [tuple(corners[i : i + 3]) for i in range(0, len(corners), 3)]
    lines = [line.split("#")[0].split() for line in data.decode("latin-1").splitlines()]
    lines = [line for line in lines if line]
    corners, faces = [], []
    if path.suffix.lower() == ".obj":
        for line in lines:
            if line[0] == "v":
                corners.append(tuple(single(float(n)) for n in line[1:4]))
            if line[0] == "f":
                at = [int(word.split("/")[0]) for word in line[1:]]
                faces.append([n - 1 if n > 0 else len(corners) + n for n in at])
    elif path.suffix.lower() == ".off":
        words = [word for line in lines for word in line]
        vertices, polygons = int(words[1]), int(words[2])
        corners = [tuple(single(float(n)) for n in words[4 + 3 * v : 7 + 3 * v]) for v in range(vertices)]
        at = 4 + 3 * vertices
        for line in lines[-polygons:]:
            faces.append([int(n) for n in line[1 : 1 + int(line[0])]])
    else:
        return None
    return [tuple(corners[n] for n in face) for face in faces if len(face) > 2]


def edges(corners):
    return {(corners[i - 1], corners[i]) for i in range(len(corners))}


def cuts_up(polygons, triangles):
    """Whether the triangles are the polygons in their order: one as it is, a larger one cut along diagonals."""
    for polygon in polygons:
        pieces, triangles = triangles[: len(polygon) - 2], triangles[len(polygon) - 2 :]
        all_edges = set().union(*map(edges, pieces))
        if {edge for edge in all_edges if edge[::-1] not in all_edges} != edges(polygon):
            return False
        if len(polygon) == 3 and pieces != [polygon]:
            return False
    return not triangles


def same_triangles(path, out):
    try:
        before = records(path)
    except (ValueError, IndexError, struct.error):
        return "not read here"
    return "not read here" if before is None else "same" if cuts_up(before, records(out)) else "**other**"


def failing(certificate):
    return ", ".join(name for name, answer in certificate["predicates"].items() if answer["holds"] is False) or "nothing"


rows, seen, unreadable = {"good": [], "defective": []}, set(), 0
files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".stl", ".obj", ".off") and p.is_file())
for path in sorted(files, key=lambda p: hashlib.sha256(p.name.encode()).hexdigest()):
    if all(len(each) >= wanted for each in rows.values()):
        break
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if path.stat().st_size > largest_bytes or digest in seen:
        continue
    seen.add(digest)
    inspected = call("inspect", path, "--json")
    if inspected is None or inspected.returncode not in (0, 1) or not inspected.stdout.startswith("{"):
        unreadable += 1
        continue
    certificate = json.loads(inspected.stdout)
    good = certificate["bounds_solid"] and certificate["printable_parts"]
    kind = "good" if good else "defective"
    if len(rows[kind]) >= wanted:
        continue
    with tempfile.TemporaryDirectory() as work:
        out = pathlib.Path(work) / "out.stl"
        flags = [] if good else ["--fill-cavities"]
        done = call("repair", path, "-o", out, "--min-thickness", "0.4%", "--no-score", "--json", *flags)
        if done is None:
            score, parts, triangles = f"none in {limit_s} s", "", ""
        elif done.returncode != 0:
            score, parts, triangles = f"none: {done.stderr.strip().splitlines()[-5 if len(done.stderr.strip().splitlines()) > 4 else 0]}", "", ""
        else:
            result = json.loads(done.stdout)
            scored = call("repair", "--score-only", path, out, "--min-thickness", "0.4%", "--json")
            score = "not in time" if scored is None else json.loads(scored.stdout)["score"]["score"]
            parts = result["counts"]["parts"]
            triangles = f"{result['counts']['input_triangles']} → {result['counts']['output_triangles']}"
        package, name = path.relative_to(folder).parts[0], path.name
        came_out = same_triangles(path, out) if good and out.exists() else ""
    rows[kind].append((package, name, failing(certificate), triangles, parts, score, came_out))
    print(f"{kind}: {package} {name}: {score} {came_out}", file=sys.stderr, flush=True)

for kind, head in (("good", "triangles that come out"), ("defective", "does not hold")):
    print(f"\n### {len(rows[kind])} {kind} ones\n")
    print(f"| package | file | {head} | triangles | parts | score |\n|---|---|---|---|---|---|")
    for package, name, wrong, triangles, parts, score, came_out in rows[kind]:
        print(f"| {package} | `{name}` | {came_out if kind == 'good' else wrong} | {triangles} | {parts} | {score} |")
print(f"\nOf the files that were tried, {unreadable} were refused with a reason (points alone, no mesh, broken on purpose).")
sys.exit(any(row[6] == "**other**" for row in rows["good"]))
PYTHON
