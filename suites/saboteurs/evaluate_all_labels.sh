#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_all_labels.sh MESHASSAY REFERENCE TEST RECORD: our own ruler on all that is marked, whatever its label.
set -eu
for role in reference test; do
  [ "$role" = reference ] && given=$2 || given=$3
  header_bytes=$(LC_ALL=C awk '{ bytes += length($0) + 1 } /^$/ { print bytes; exit }' "$given")
  {
    head -c "$header_bytes" "$given" | sed 's/^encoding:.*/encoding: raw/'
    tail -c +$((header_bytes + 1)) "$given" | gzip -dc | LC_ALL=C tr '\002' '\001'
  } >"$role.nrrd"
done
"$(dirname "$0")/../systems/evaluate_with_measure.sh" "$1" reference.nrrd test.nrrd "$4" 1
