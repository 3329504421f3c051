#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 to a graded report: installs, builds, grades the reference pipeline with suites/quick.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/build.sh
out=out/demo
rm -rf "$out"
status=0
./build/release/bin/meshassay run suites/quick.toml --out "$out" || status=$?
echo
echo "Report: file://$PWD/$out/report.html"
echo "Record: $out/run.json   JUnit: $out/junit.xml   Summary: $out/summary.md"
exit "$status"
