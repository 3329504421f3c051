#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails where a source file is not as clang-format would write it; `check_format.sh --fix` rewrites them.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(git ls-files '*.cpp' '*.hpp')
[ ${#files[@]} -gt 0 ] || { echo "check_format.sh: no source file found: is this a git checkout?" >&2; exit 3; }
if [ "${1:-}" = "--fix" ]; then
  clang-format -i "${files[@]}"
else
  clang-format --dry-run --Werror "${files[@]}" || {
    echo "check_format.sh: run ./scripts/check_format.sh --fix" >&2
    exit 1
  }
fi
