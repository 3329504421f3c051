#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes docs/pictures/*.svg, the pictures of the pages of phantoms, metrics and methods, with the built program.
#   scripts/make_doc_pictures.sh [BUILD_FOLDER]     (default: build/release)
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
build=$(realpath "${1:-build/release}")
export MESHASSAY_DATA=$root PATH=$build/tests/saboteurs:$build/bin:$PATH
pictures=$root/docs/pictures
mkdir -p "$pictures"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

quietly() { "$@" >log 2>&1 || { cat log >&2; exit 1; }; }
phantom() { quietly meshassay phantom "$2" -o "$1" --format nrrd "${@:3}"; }       # FOLDER PHANTOM --set ...
model() { quietly meshassay model "$2/ct.nrrd" -o "$1" "${@:3}"; }                # FOLDER PHANTOM_FOLDER --set ...
compare() { quietly meshassay measure "$2" "$3" --picture "$pictures/$1.svg"; }   # PICTURE REFERENCE TEST

# box X Y Z SIZE_X SIZE_Y SIZE_Z [open]: the facets of a box as ASCII STL, "open" without its lid.
box() {
  awk -v x="$1" -v y="$2" -v z="$3" -v sx="$4" -v sy="$5" -v sz="$6" -v kind="${7:-closed}" 'BEGIN {
    n = split("0 2 3 0 3 1 0 1 5 0 5 4 2 6 7 2 7 3 0 4 6 0 6 2 1 3 7 1 7 5 4 5 7 4 7 6", corner, " ")
    if (kind == "open") n -= 6
    for (i = 1; i <= n; i++) {
      c = corner[i]
      if (i % 3 == 1) print "facet normal 0 0 0 outer loop"
      print "vertex", x + sx * (c % 2), y + sy * (int(c / 2) % 2), z + sz * int(c / 4)
      if (i % 3 == 0) print "endloop endfacet"
    }
  }'
}
stl() { echo "solid picture"; cat; echo "endsolid picture"; }

# ---- phantoms: small, so that the voxels can be seen
phantom sphere sphere --set radius_mm=10 --set spacing_mm=1,1,2
phantom step_wedge step_wedge --set spacing_mm=1,1,1
phantom plate_ladder plate_ladder --set thickness_mm=4,3,2,1.5,1 --set spacing_mm=1,1,1
phantom scan plate_ladder --set thickness_mm=4,3,2,1.5,1 --set spacing_mm=1,1,2 --set rotation_deg=20,10,15 --set kernel=soft --set noise_hu=60 --set noise_spectrum=ramp
phantom quality sphere --set radius_mm=6 --set kernel=sharp --set slice_thickness_mm=1.5 --set slice_profile=gaussian \
  --set spacing_mm=0.4,0.4,1 --set noise_hu=30 --set noise_spectrum=ramp
cp quality/quality.svg "$pictures/scan_quality.svg"
for each in sphere step_wedge plate_ladder scan; do cp "$each/sections.svg" "$pictures/$each.svg"; done

# ---- methods
phantom soft sphere --set radius_mm=6 --set spacing_mm=1,1,1 --set blur_fwhm_mm=4 --set noise_hu=30
model low soft --set threshold_hu=-700 --picture "$pictures/threshold.svg"
model half soft --method half_maximum --picture "$pictures/half_maximum.svg"

phantom coarse sphere --set radius_mm=6 --set spacing_mm=1,1,2
model grey coarse --set extraction=flying_edges_grey
model mask coarse --set extraction=flying_edges_mask
mv grey/surface.stl flying_edges_grey.stl
mv mask/surface.stl flying_edges_mask.stl
compare flying_edges flying_edges_grey.stl flying_edges_mask.stl

phantom noisy sphere --set radius_mm=6 --set spacing_mm=1,1,1 --set noise_hu=550
model keep noisy --set threshold_hu=0 --set extraction=flying_edges_mask --picture "$pictures/mask_topology.svg"
model edited noisy --set threshold_hu=0 --set islands=largest --set cavities=fill
mv keep/mask.nrrd as_segmented.nrrd
mv edited/mask.nrrd edited.nrrd
compare mask_editing as_segmented.nrrd edited.nrrd

phantom plates plate_ladder --set spacing_mm=0.5,0.5,0.5 --set thickness_mm=3,2,1.5 --set height_mm=8 --set length_mm=8
model smoothed plates --set smoothing=excessive
cp plates/surface.stl truth.stl
cp smoothed/surface.stl excessive.stl
compare windowed_sinc truth.stl excessive.stl

# ---- metrics
grade() {  # PICTURE SYSTEM CASE: the picture that a run leaves for a case
  meshassay run suites/quick.toml --system "suites/saboteurs/$2.toml" --out "run-$1" --filter "$3" >log 2>&1 || true
  cp "run-$1"/cases/*/sections.svg "$pictures/$1.svg"
}
grade surface_deviation half_voxel_shift 'sphere/radius_mm=10/spacing_mm=0.5x0.5x2'
grade size over_smoothed 'sphere/radius_mm=10/spacing_mm=0.5x0.5x2'

meshassay run suites/budget.toml --system suites/saboteurs/over_smoothed.toml --out run-budget --filter 'sphere/*noise*' >log 2>&1 || true
cp run-budget/cases/*/budget.svg "$pictures/budget.svg"
meshassay run suites/repeatability.toml --system suites/saboteurs/drifting.toml --out run-repeatability >log 2>&1 || true
cp run-repeatability/cases/*/repeatability.svg "$pictures/repeatability.svg"

cp soft/mask.nrrd truth_mask.nrrd
cp low/mask.nrrd threshold_too_low.nrrd
compare overlap truth_mask.nrrd threshold_too_low.nrrd
cp coarse/mask.nrrd truth_of_2_mm_slices.nrrd
model loose coarse --set threshold_hu=-900
cp loose/mask.nrrd threshold_far_too_low.nrrd
compare boundary truth_of_2_mm_slices.nrrd threshold_far_too_low.nrrd

for radius in 20 21; do
  phantom "r$radius" sphere --set radius_mm=$radius --set margin_mm=$((26 - radius)) --set spacing_mm=1,1,1 --set phase=0,0.11,0.23
  cp "r$radius/mask.nrrd" "r$radius.nrrd"
done
compare conventions r20.nrrd r21.nrrd

# one of the pairs of masks, as a run hands it out
pair() {  # PICTURE CASE
  meshassay run suites/evaluators.toml --system suites/systems/evaluator-measure.toml --out "run-$1" --filter "$2" >log 2>&1 || true
  cp "$(find "run-$1" -name reference.nrrd | head -n 1)" "$1_reference.nrrd"
  cp "$(find "run-$1" -name test.nrrd | head -n 1)" "$1_test.nrrd"
  compare "$1" "$1_reference.nrrd" "$1_test.nrrd"
}
pair mask_pairs island/in=test

phantom archipelago islands --set spacing_mm=1,1,1
model mainland archipelago --set islands=largest
cp archipelago/surface.stl islands.stl
cp mainland/surface.stl largest_part.stl
compare completeness islands.stl largest_part.stl

phantom straight step_wedge --set spacing_mm=1,1,1
phantom turned step_wedge --set spacing_mm=1,1,1 --set turn_deg=3,4,0
cp straight/surface.stl wedge.stl
cp turned/surface.stl turned_wedge.stl
compare registration_stability wedge.stl turned_wedge.stl

phantom ball sphere --set radius_mm=6 --set spacing_mm=3,3,3
model facets ball
cp ball/surface.stl ball_of_6_mm.stl
cp facets/surface.stl voxels_of_3_mm.stl
compare mesh_quality ball_of_6_mm.stl voxels_of_3_mm.stl

phantom fitting sphere_in_sphere --set spacing_mm=1,1,1
phantom shell hollow_sphere --set radius_mm=12 --set wall_mm=4 --set spacing_mm=1,1,1
cp fitting/mask.nrrd core_in_a_shell.nrrd
cp shell/mask.nrrd shell_alone.nrrd
compare labels core_in_a_shell.nrrd shell_alone.nrrd

phantom small sphere --set radius_mm=5 --set spacing_mm=0.5,0.5,0.5 --set blur_fwhm_mm=3
model blurred small
cp small/surface.stl ball.stl
cp blurred/surface.stl blurred_ball.stl
compare sphere_radius ball.stl blurred_ball.stl

phantom long sphere --set radius_mm=8 --set spacing_mm=0.5,0.5,4
model thick long --set extraction=flying_edges_mask
cp long/surface.stl sphere.stl
cp thick/surface.stl slices_of_4_mm.stl
compare anisotropy sphere.stl slices_of_4_mm.stl

phantom thin plate_ladder --set spacing_mm=0.5,0.5,0.5 --set thickness_mm=3,2,1.5 --set height_mm=8 --set length_mm=8 --set blur_fwhm_mm=2
model softened thin
cp thin/surface.stl plates.stl
cp softened/surface.stl blurred_plates.stl
compare plate_thickness plates.stl blurred_plates.stl

phantom wedge step_wedge --set spacing_mm=0.5,0.5,0.5 --set steps_mm=1,2,3 --set width_mm=6 --set depth_mm=8 --set blur_fwhm_mm=2
model rounded wedge
cp wedge/surface.stl steps.stl
cp rounded/surface.stl blurred_steps.stl
compare step_height steps.stl blurred_steps.stl

model stages coarse --set smoothing=moderate --stages
cp "$(find stages -name '*extracted*.stl')" extracted.stl
cp "$(find stages -name '*smoothed*.stl')" smoothed.stl
compare smoothing_change extracted.stl smoothed.stl

box 0 0 0 20 15 10 open | stl >open_box.stl
{ box 0 0 0 20 15 10; box 12 5 4 16 6 12; } | stl >overlapping_boxes.stl
meshassay inspect open_box.stl --picture "$pictures/mesh_integrity.svg" >log 2>&1 || [ $? = 1 ]
meshassay inspect overlapping_boxes.stl --picture "$pictures/printability.svg" >log 2>&1 || [ $? = 1 ]

# ---- phantoms, from two sides, and all of them
quietly meshassay list phantoms --pictures "$pictures/phantoms"

# ---- mesh phantoms, from two sides
for each in klein_bottle sphere_patches fin_on_box voxel_dent cuberille lamp random_triangles pages_of_a_book; do
  quietly meshassay phantom "$each" -o "mesh-$each"
  cp "mesh-$each/surface.png" "$pictures/mesh-$each.png"
done
meshassay inspect overlapping_boxes.stl --out inspection >log 2>&1 || [ $? = 1 ]
cp inspection/surface.png "$pictures/inspect.png"

quietly meshassay repair mesh-lamp/surface.stl -o printable_lamp.stl --min-thickness 1.5
quietly meshassay phantom --from-stl printable_lamp.stl -o own_mesh --set spacing_mm=0.5,0.5,1 --set partial_volume_tolerance=0.01
cp own_mesh/sections.svg "$pictures/from_stl.svg"

{ box 0 0 0 20 15 10; box 12 5 4 16 6 12; } | stl >boxes.stl
quietly meshassay repair boxes.stl -o repaired.stl
compare repair boxes.stl repaired.stl

ls -l "$pictures"/*.svg "$pictures"/*.png
