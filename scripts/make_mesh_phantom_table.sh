#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the table of docs/phantoms/meshes.md from the rows that the built program writes.
#   scripts/make_mesh_phantom_table.sh [BUILD_FOLDER]     (default: build/release)
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release}")/bin/meshassay
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mapfile -t rows <scripts/mesh_phantom_sets.txt

n=0
columns="regular layer non_degenerate closed polyhedron outer_hull solid manifold_connected two_manifold bounds_solid printable printable_parts strict"
for row in "${rows[@]}"; do
  read -r id settings <<<"$row"
  set_options=()
  for setting in $settings; do set_options+=(--set "$setting"); done
  n=$((n + 1))
  "$program" phantom "$id" -o "$work/$n" "${set_options[@]}" --json |
    python3 -c '
import json, sys
row = json.load(sys.stdin)
mark = {True: "", False: "n", None: "–"}
cells = [mark[row["expected"][name]] for name in sys.argv[2].split()]
number = lambda value: "–" if value is None else str(value)
repair = row["repair"]
cells += [str(repair["score"]), number(repair["parts"]) + " / " + number(repair["handles"])]
print("| `" + sys.argv[1] + "` | " + " | ".join(cells) + " |")' "$row" "$columns"
done
