#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 to green tests: installs, checks the format, builds, runs all tests.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/build.sh --with-tests
./scripts/check_format.sh
ctest --preset release --parallel "$(nproc)" "$@"
