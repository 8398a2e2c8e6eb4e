#!/usr/bin/env bash
# Brings what the build needs: system packages where missing and permitted, and a virtual environment in .venv.
#   scripts/setup.sh run    what `make run` needs
#   scripts/setup.sh test   what `make test` needs as well
#   scripts/setup.sh slow   what `make test-slow` needs as well
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-run}
python=${PYTHON:-python3}

packages=(g++ cmake ninja-build ccache libeigen3-dev libboost-dev python3-dev python3-venv)
[ "$what" = run ] || packages+=(libgtest-dev libbenchmark-dev libxtensor-dev pkg-config clang-16 clang-format-16 chromium)
[ "$what" != slow ] || packages+=(clang-tidy-16 libclang-rt-16-dev redis-server)

if command -v dpkg-query >/dev/null; then
  missing=()
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    if [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; then
      echo "Installing system packages: ${missing[*]}"
      "${as_root[@]}" apt-get update -qq
      DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
      echo "These system packages are missing and may not be installed from here; as root, run:" >&2
      echo "  apt-get install ${missing[*]}" >&2
      exit 1
    fi
  fi
else
  echo "Not a Debian system: expecting a C++20 compiler, CMake >= 3.25, Ninja, Eigen and Boost to be installed." >&2
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=..." >&2; exit 1; }
  echo "Making a virtual environment in .venv"
  "$python" -m venv .venv
fi
[ "$what" != slow ] || what=test  # the same Python packages
wanted=$(cat constraints.txt "scripts/requirements-$what.txt" | sha256sum | cut -c1-16)
if [ "$(cat ".venv/.$what" 2>/dev/null)" != "$wanted" ]; then
  echo "Installing Python packages (a few minutes the first time)"
  # Debian's pip 23.0 does not see packages with newer metadata.
  .venv/bin/python -m pip install -q --disable-pip-version-check --upgrade pip==26.3
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -r "scripts/requirements-$what.txt"
  echo "$wanted" >".venv/.$what"
fi
