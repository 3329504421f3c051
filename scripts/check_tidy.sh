#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where clang-tidy finds something of the list in .clang-tidy. Usage: check_tidy.sh [--light | FILE.cpp...]
# Without an argument all sources are looked at; --light leaves out those that include a large library, which take most of the time.
# Needs the compile commands of build/release (./scripts/build.sh --with-tests).
set -euo pipefail
cd "$(dirname "$0")/.."

build=${MESHASSAY_BUILD_DIR:-build/release}
[ -f "$build/compile_commands.json" ] || {
  echo "check_tidy.sh: $build/compile_commands.json is missing; run ./scripts/build.sh --with-tests first" >&2
  exit 3
}
large_library='#include *[<"](itk|vtk|CGAL|open3d|dcmtk|catch2|gtest|gmock)'
case "${1:-}" in
  --light) mapfile -t files < <(git ls-files '*.cpp' | xargs grep -LE "$large_library") ;;
  "") mapfile -t files < <(git ls-files '*.cpp') ;;
  *) files=("$@") ;;
esac
[ ${#files[@]} -gt 0 ] || { echo "check_tidy.sh: no source file found: is this a git checkout?" >&2; exit 3; }

# -w: the compiler's own warnings are g++'s business, which builds with -Werror.
printf '%s\0' "${files[@]}" |
  xargs -0 -n 1 -P "$(nproc)" clang-tidy -p "$build" --quiet --extra-arg=-w 2> >(grep -v 'warnings\? generated\.$' >&2) || {
  echo "check_tidy.sh: mend what is named above, or say beside the line why not: // NOLINT(check-name): reason" >&2
  exit 1
}
