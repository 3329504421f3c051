#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Grades our repair and those of Debian with suites/printability.toml and prints the tables of docs/printability_tools.md.
#   scripts/make_printability_table.sh [--install] [BUILD_FOLDER] [RUN_FOLDER]     (default: build/release, out/printability_tools)
# --install: apt-get install of the tools (about 2 GB), which no test needs. A run folder that is there is read, not run again.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --install ]; then
  shift
  apt-get update >&2
  apt-get install -y --no-install-recommends admesh prusa-slicer meshlab blender xvfb xauth >&2
fi
program=$(realpath "${1:-build/release}")/bin/meshassay
runs=${2:-out/printability_tools}
systems=(reference admesh prusa-slicer meshlab blender)
for system in "${systems[@]}"; do
  [ -e "$runs/$system/run.json" ] && continue
  "$program" run suites/printability.toml --system "suites/systems/$system.toml" --out "$runs/$system" >/dev/null || [ $? -eq 1 ]
done
python3 scripts/printability_table.py "$runs" "${systems[@]}"
