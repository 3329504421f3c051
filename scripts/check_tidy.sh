#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where clang-tidy finds something of the list in .clang-tidy. Usage: check_tidy.sh [FILE...]: these sources and headers, or all.
# Looks again only at what changed since it passed. Needs the compile commands of build/release (./scripts/build.sh --with-tests).
set -euo pipefail
cd "$(dirname "$0")/.."

build=${MESHASSAY_BUILD_DIR:-build/release}
[ -f "$build/compile_commands.json" ] || {
  echo "check_tidy.sh: $build/compile_commands.json is missing; run ./scripts/build.sh --with-tests first" >&2
  exit 3
}
exec python3 scripts/tidy/check.py --build "$build" "$@"
