#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 to green tests: installs, checks the format, builds, runs all tests. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/install_dependencies.sh --with-tests
./scripts/check_format.sh   # The quickest way to fail.
./scripts/build.sh --with-tests
ctest --preset release --parallel "$(nproc)" "$@"
