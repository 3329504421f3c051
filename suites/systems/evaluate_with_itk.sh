#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# evaluate_with_itk.sh MESHASSAY REFERENCE TEST RECORD: HD and mean distance as ITK's HausdorffDistanceImageFilter has them.
# Columns of the table: convention, label, HD, HD95, ASSD, MASD, NSD; "-" where there is none.
set -eu
"$1" measure "$2" "$3" --convention itk | awk '
  $1 == "itk" && !hd { hd = $(NF - 4); masd = $(NF - 1) }
  END {
    printf "{\"schema\": \"meshassay/record/1\", \"status\": \"done\", \"findings\": {\"hd_mm\": %s", hd == "-" ? "\"none\"" : hd
    if (masd != "-") printf ", \"masd_mm\": %s", masd
    print "}}"
  }' >"$4"
