#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the table of docs/phantoms/meshes.md from the rows that the built program writes.
#   scripts/make_mesh_phantom_table.sh [BUILD_FOLDER]     (default: build/release)
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-build/release}")/bin/meshassay
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

rows=(cube inside_out flipped_triangle
  duplicates 'duplicates order=reversed' 'duplicates which=all' 'duplicates which=all order=reversed'
  needles_and_caps t_junction collinear_triangle wire isolated_points cube_in_cube nested_parts nested_sheet
  'figure_2 kind=a' 'figure_2 kind=b' 'figure_2 kind=c' 'figure_2 kind=d' voxel_dent cuberille 'slit kind=parts' 'slit kind=notch'
  overlapping_cubes 'overlapping_cubes offset_mm=1000000' 'overlapping_cubes edge_mm=0.000001' coplanar_cubes six_slabs boxes
  two_spheres 'two_spheres inverted=true' sphere_grid klein_bottle moebius_strip open_sheet flat_cube 'flat_cube diagonals=crossed'
  pages_of_a_book roof_fold lamp fin_on_box 'fin_on_box conforming=false' fin_on_ridge sphere_patches
  random_triangles 'random_triangles count=100' 'random_triangles count=2000 edge_fraction=0.1')

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
