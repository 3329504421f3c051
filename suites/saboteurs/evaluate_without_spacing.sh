#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_without_spacing.sh MESHASSAY REFERENCE TEST RECORD LABEL: our own ruler on masks whose voxels are taken for cubes of 1 mm.
set -eu
for role in reference test; do
  [ "$role" = reference ] && given=$2 || given=$3
  LC_ALL=C sed 's/^space directions:.*/space directions: (1,0,0) (0,1,0) (0,0,1)/' "$given" >"$role.nrrd"
done
"$(dirname "$0")/../systems/evaluate_with_measure.sh" "$1" reference.nrrd test.nrrd "$4" "$5"
