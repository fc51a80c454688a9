# Sourced by tools/check and tools/demo: the packages, .venv/ and build/ that
# both need. Each step looks first and does nothing where nothing is missing.
# The script that sources this defines stop MESSAGE, which ends it.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD="$ROOT/build"
VENV="$ROOT/.venv"
LLVM=/usr/lib/llvm-22

PACKAGES=(
  # The compiler that builds this one, its sanitizers and its linker.
  clang-22 libclang-rt-22-dev lld-22
  # What this compiler is made of. LLVM's and MLIR's come with FileCheck, lit
  # and mlir-tblgen.
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools liblld-22-dev
  libcli11-dev libzstd-dev nlohmann-json3-dev zlib1g-dev
  # Build and tests.
  ccache cmake git libgmock-dev libgtest-dev ninja-build python3 python3-dev python3-venv
  # tools/lint.
  clang-format-22 clang-tidy-22
)

say() { echo "== $*"; }

# Install the Debian packages that are missing.
install_packages() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    { say "not a Debian system: taking the packages for granted"; return; }
  local missing=() package sudo=()
  for package in "${PACKAGES[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == \
      installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  if ((EUID)); then
    command -v sudo >/dev/null ||
      stop "not root and no sudo; install these packages: ${missing[*]}"
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq ||
    stop "apt-get update failed (no network?)"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends "${missing[@]}" >/dev/null ||
    stop "apt-get could not install ${missing[*]}; LLVM 22 is in bookworm-security"
}

# Install the pinned packages of python/FILE into .venv, unless that is done:
# install_requirements FILE [OPTION OF PIP]...
install_requirements() {
  local wanted="$ROOT/python/$1"
  cmp -s "$wanted" "$VENV/$1" && return
  say "installing Python packages into .venv"
  # Debian's own interpreter, because python3-venv belongs to it.
  local python=/usr/bin/python3
  [[ -x $python ]] || python=python3
  # What was interrupted while it was made has no pip.
  "$VENV/bin/python" -m pip --version >/dev/null 2>&1 ||
    "$python" -m venv --clear "$VENV" ||
    stop "could not make the virtual environment $VENV"
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$wanted" "${@:2}" ||
    stop "pip could not install python/$1 into .venv"
  cp "$wanted" "$VENV/$1"
}

# Make .venv, and put NVIDIA's tools in it where they are looked for.
make_venv() {
  install_requirements requirements-test.txt
  # What they depend on is for programs in CUDA C++, which are not compiled here.
  install_requirements requirements-gpu.txt --no-deps
  local tools=("$VENV"/lib/python3*/site-packages/nvidia/cu13/bin)
  export PATH="${tools[0]}:$PATH"
}

# Install the Python package of this checkout into .venv, if that one is older
# than the sources.
install_python_package() {
  local stamp="$VENV/perceiver_compiler.stamp" now
  [[ -f $stamp && -z $(find CMakeLists.txt dialect lib python/CMakeLists.txt \
    python/pyproject.toml python/bindings python/src \
    -newer "$stamp" ! -path '*__pycache__*' -print -quit) ]] && return
  say "installing the Python package into .venv"
  now=$(mktemp)
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-build-isolation --no-deps --force-reinstall "$ROOT/python" ||
    stop "pip could not install ./python into .venv"
  touch -r "$now" "$stamp"
  rm -f "$now"
}

# Configure the build folder, with the given options of CMake, unless that is
# done; ninja configures again when it has to.
configure_build() {
  [[ -f $BUILD/build.ninja ]] && return
  say "configuring ${BUILD##*/}/"
  local launcher=()
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache
      -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  mkdir -p "$BUILD"
  cmake -S "$ROOT" -B "$BUILD" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER="$LLVM/bin/clang" \
    -DCMAKE_CXX_COMPILER="$LLVM/bin/clang++" \
    -DCMAKE_PREFIX_PATH="$LLVM" -DLLVM_USE_LINKER=lld \
    -DPERCEIVER_WARNINGS_AS_ERRORS=ON \
    "${launcher[@]}" "$@" >"$BUILD/configure.log" 2>&1 || {
    tail -n 30 "$BUILD/configure.log" >&2
    stop "cmake could not configure; all it said is in $BUILD/configure.log"
  }
}

# Build the given targets.
build() {
  say "building $*"
  cmake --build "$BUILD" --target "$@" ||
    stop "the build failed; its first error is above"
}
