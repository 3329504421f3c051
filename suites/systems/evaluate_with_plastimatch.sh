#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_with_plastimatch.sh REFERENCE TEST RECORD: plastimatch dice --all; of its distances those of the boundaries.
set -eu
plastimatch dice --all "$1" "$2" | awk '
  function number(text) { return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ ? text : "\"" text "\"" }
  /^DICE:/ { found["dice"] = number($2) }
  /^Hausdorff distance \(boundary\)/ { found["hd_mm"] = number($NF) }
  /^Avg average Hausdorff distance \(boundary\)/ { found["masd_mm"] = number($NF) }
  /^Percent \(0.95\) Hausdorff distance \(boundary\)/ { found["hd95_mm"] = number($NF) }
  END {
    printf "{\"schema\": \"meshassay/record/1\", \"status\": \"done\", \"findings\": {"
    for (name in found) { printf "%s\"%s\": %s", separator, name, found[name]; separator = ", " }
    print "}}"
  }' >"$3"
