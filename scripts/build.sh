#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs the dependencies and builds. Usage: build.sh [--with-tests] [PRESET]; the preset is `release` unless given.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=OFF
install=()
if [ "${1:-}" = "--with-tests" ]; then
  tests=ON
  install=(--with-tests)
  shift
fi
preset=${1:-release}

./scripts/install_dependencies.sh "${install[@]}"
# The build folder keeps the tests once they were asked for, so that demo.sh after test.sh builds nothing anew.
if [ "$tests" = OFF ] && grep -qs '^MESHASSAY_TESTS:BOOL=ON' "build/$preset/CMakeCache.txt"; then tests=ON; fi
cmake --preset "$preset" -DMESHASSAY_TESTS=$tests -Wno-dev >&2
# A job may take 1.5 GiB (CGAL): no more jobs than cores, nor than memory holds.
memory_gib=$(awk '/MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
jobs=$(nproc)
[ $((memory_gib / 2)) -ge "$jobs" ] || jobs=$((memory_gib / 2 > 0 ? memory_gib / 2 : 1))
cmake --build --preset "$preset" --parallel "$jobs" >&2
