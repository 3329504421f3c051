#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_by_index.sh MESHASSAY REFERENCE TEST RECORD LABEL: our own ruler on masks whose origin and direction are left out; spacings stay.
set -eu
for role in reference test; do
  [ "$role" = reference ] && given=$2 || given=$3
  LC_ALL=C awk '
    function length_of(vector, x) { gsub(/[()]/, "", vector); split(vector, x, ","); return sqrt(x[1]^2 + x[2]^2 + x[3]^2) }
    data { print; next }
    /^$/ { data = 1 }
    /^space directions:/ { printf "space directions: (%.17g,0,0) (0,%.17g,0) (0,0,%.17g)\n", length_of($3), length_of($4), length_of($5); next }
    /^space origin:/ { print "space origin: (0,0,0)"; next }
    { print }' "$given" >"$role.nrrd"
done
"$(dirname "$0")/../systems/evaluate_with_measure.sh" "$1" reference.nrrd test.nrrd "$4" "$5"
