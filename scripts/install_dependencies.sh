#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what MeshAssay needs on Debian 12 to build (no argument), and to be tested too (--with-tests).
# Does nothing, in well under a second, when all is there. Works as root or through sudo; waits for a busy package lock.
set -euo pipefail

build_packages=(
  build-essential cmake ninja-build ccache git ca-certificates
  libinsighttoolkit5-dev libvtk9-dev libcgal-dev libopen3d-dev libembree-dev libdcmtk-dev
  libboost-dev libboost-program-options-dev libfmt-dev
  nlohmann-json3-dev libtomlplusplus-dev libkainjow-mustache-dev
  libtbb-dev libeigen3-dev libssl-dev zlib1g-dev libexpat1-dev libminizip-dev pkg-config
)
# plastimatch: a system that we did not write, graded by the acceptance tests. plastimatch, dcm2niix, dicom3tools: second
# opinions on our DICOM series. libvalijson-dev and libxml2-utils: on run.json and junit.xml. clang-format: check_format.sh.
# The rest: check_tidy.sh, whose plugin fits one version; libomp-14-dev is the <omp.h> of clang.
test_packages=(
  libgtest-dev libgmock-dev catch2 libvalijson-dev plastimatch dcm2niix dicom3tools libxml2-utils
  clang-format clang-tidy-14 clang-14 libclang-14-dev llvm-14-dev libomp-14-dev python3
)

packages=("${build_packages[@]}")
case "${1:-}" in
  "") ;;
  --with-tests) packages+=("${test_packages[@]}") ;;
  *) echo "install_dependencies.sh: unknown argument '$1'; expected none or --with-tests" >&2; exit 2 ;;
esac

missing=()
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" { print $2 }')
for package in "${packages[@]}"; do
  grep -qx -- "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "install_dependencies.sh: ${#missing[@]} packages are missing (${missing[*]}) and this is neither root nor a machine with sudo." >&2
    echo "Mend it: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 3
  }
  as_root=(sudo)
fi
echo "Installing ${#missing[@]} Debian packages (about 2 GB and two minutes the first time): ${missing[*]}" >&2
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 -o Acquire::Retries=3 -qq)
# 'update' takes a lock of its own that the option above does not wait for: try until it is free.
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12; do
  if "${apt[@]}" update; then break; fi
  [ "$attempt" -lt 12 ] || { echo "install_dependencies.sh: apt-get update failed twelve times; see above." >&2; exit 3; }
  echo "install_dependencies.sh: the package lists are busy or unreachable; trying again in 10 s" >&2
  sleep 10
done
"${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || {
  echo "install_dependencies.sh: apt-get could not install: ${missing[*]}; run it by hand to see why." >&2
  exit 3
}
