#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_with_measure.sh MESHASSAY REFERENCE TEST RECORD LABEL: our own ruler as an evaluator.
set -eu
"$1" measure "$2" "$3" --label "$5" | awk '
  BEGIN { key["overlap.dice"] = "dice"; key["boundary.hd"] = "hd_mm"; key["boundary.hd95"] = "hd95_mm"; key["boundary.masd"] = "masd_mm"; key["boundary.nsd@1mm"] = "nsd_1mm" }
  $1 in key { found[key[$1]] = $2 == "undefined:" ? "\"" $3 "\"" : $2 }
  END {
    printf "{\"schema\": \"meshassay/record/1\", \"status\": \"done\", \"findings\": {"
    for (name in found) { printf "%s\"%s\": %s", separator, name, found[name]; separator = ", " }
    print "}}"
  }' >"$4"
