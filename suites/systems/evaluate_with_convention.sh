#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_with_convention.sh MESHASSAY CONVENTION REFERENCE TEST RECORD LABEL: distances of masks as another tool defines them.
# Columns of the table: convention, label, HD, HD95, ASSD, MASD, NSD; "-" where there is none.
set -eu
"$1" measure "$3" "$4" --convention "$2" --label "$6" | awk -v convention="$2" '
  $1 == convention && !hd { hd = $(NF - 4); other["hd95_mm"] = $(NF - 3); other["masd_mm"] = $(NF - 1); other["nsd_1mm"] = $NF }
  END {
    printf "{\"schema\": \"meshassay/record/1\", \"status\": \"done\", \"findings\": {\"hd_mm\": %s", hd == "-" ? "\"none\"" : hd
    for (name in other) if (other[name] != "-") printf ", \"%s\": %s", name, other[name]
    print "}}"
  }' >"$5"
