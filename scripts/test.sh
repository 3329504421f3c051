#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a bare Debian 12 to green tests: installs, checks the format, builds, runs clang-tidy on the program and all tests. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

./scripts/install_dependencies.sh --with-tests
./scripts/check_format.sh   # The quickest way to fail.
./scripts/build.sh --with-tests
# The program's sources; those of the tests by hand, since they take as long again.
find core harness metrics phantoms reference_pipeline reports suites -name '*.cpp' -print0 | sort -z | xargs -0 ./scripts/check_tidy.sh
ctest --preset release --parallel "$(nproc)" "$@"
