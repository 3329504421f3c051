#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pictures for the documents, from what the program wrote: of a run, the first screen of its report
# (docs/pictures/report.png); of a study, the plot of one metric (docs/pictures/study-smoothing.png).
#   make_report_picture.sh out/demo
#   make_report_picture.sh out/study-smoothing smoothing.volume_change
set -euo pipefail

[ $# -ge 1 ] || { echo "usage: make_report_picture.sh FOLDER [METRIC]   (FOLDER of a run or of a study)" >&2; exit 2; }
folder=$(cd "$1" 2>/dev/null && pwd) || { echo "make_report_picture.sh: no such folder: $1" >&2; exit 2; }
metric=${2:-smoothing.volume_change}
cd "$(dirname "$0")/.."

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$chromium" ] || { echo "make_report_picture.sh: chromium is missing: apt-get install chromium" >&2; exit 3; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p docs/pictures

shoot() {  # PAGE HEIGHT PICTURE
  timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$work/profile" \
    --window-size="1300,$2" --screenshot="$PWD/$3" "file://$1" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; echo "make_report_picture.sh: chromium failed" >&2; exit 3; }
  echo "written: $3 ($(stat -c %s "$3") bytes)"
}

if [ -f "$folder/study.html" ]; then
  # The section of one metric only.
  anchor=$(grep -o "<a href=\"#metric-[0-9]*\">$metric" "$folder/study.html" | head -1 | grep -o 'metric-[0-9]*') ||
    { echo "make_report_picture.sh: $folder/study.html shows no metric $metric" >&2; exit 2; }
  sed "s|</style>|header.top, footer, .skip, main > section:not(#$anchor) { display: none } h2 { margin-top: 1.2rem }</style>|" \
    "$folder/study.html" >"$work/study.html"
  shoot "$work/study.html" 420 docs/pictures/study-smoothing.png
elif [ -f "$folder/report.html" ]; then
  shoot "$folder/report.html" 870 docs/pictures/report.png
else
  echo "make_report_picture.sh: neither report.html nor study.html in $folder: grade something first" >&2
  exit 2
fi
