#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_without_border.sh MESHASSAY REFERENCE TEST RECORD LABEL: our own ruler on masks whose first and last slice go on for 20 more, so
# that an object that the image cuts has no surface there; Dice is of the masks as they are.
set -eu
padding=20
"$(dirname "$0")/../systems/evaluate_with_measure.sh" "$1" "$2" "$3" as_given.json "$5"
for role in reference test; do
  [ "$role" = reference ] && given=$2 || given=$3
  header_bytes=$(LC_ALL=C awk '{ bytes += length($0) + 1 } /^$/ { print bytes; exit }' "$given")
  slices=$(head -c "$header_bytes" "$given" | awk '/^sizes:/ { print $4 }')
  tail -c +$((header_bytes + 1)) "$given" | gzip -dc >"$role.raw"
  slice_bytes=$(($(wc -c <"$role.raw") / slices))
  {
    head -c "$header_bytes" "$given" | LC_ALL=C awk -v padding=$padding '
      function read_vector(text, x) { gsub(/[()]/, "", text); split(text, x, ",") }
      /^sizes:/ { $4 += 2 * padding }
      /^encoding:/ { $2 = "raw" }
      /^space directions:/ { read_vector($5, slice) }
      /^space origin:/ {
        read_vector($3, at)
        $0 = sprintf("space origin: (%.17g,%.17g,%.17g)", at[1] - padding * slice[1], at[2] - padding * slice[2], at[3] - padding * slice[3])
      }
      { print }'
    for n in $(seq $padding); do head -c "$slice_bytes" "$role.raw"; done
    cat "$role.raw"
    for n in $(seq $padding); do tail -c "$slice_bytes" "$role.raw"; done
  } >"$role.nrrd"
done
"$(dirname "$0")/../systems/evaluate_with_measure.sh" "$1" reference.nrrd test.nrrd longer.json "$5"
dice=$(sed 's/.*"dice": \([^,}]*\).*/\1/' as_given.json)
sed "s/\"dice\": [^,}]*/\"dice\": $dice/" longer.json >"$4"
