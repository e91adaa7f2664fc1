# Libraries out of wheels: downloaded once per user, checked, unpacked into .deps. Sourced by the core tier.
#
# A wheel is a zip file; nothing of it is run and nothing is installed into Python.

wheels="${XDG_CACHE_HOME:-$HOME/.cache}/martinet/wheels"

install_libraries() {
  local architecture stamp listing
  architecture=$(uname -m)
  [ "$architecture" != aarch64 ] || architecture=arm64
  listing=$(awk -v a="$architecture" '!/^#/ && ($3 == a || $3 == "any") { print $1, $2, $4 }' \
    set-up/libraries.lock)
  # What was unpacked depends on the lock and on this file, and on nothing else.
  stamp="lock $(cat set-up/libraries.lock set-up/libraries.bash | sha256sum | cut -d' ' -f1)"
  if [ "$(head -n1 .deps/libraries 2>/dev/null || true)" != "$stamp" ]; then
    rm -f .deps/libraries
    fresh=$(mktemp -d .deps/fresh.XXXXXX)
    trap 'rm -rf "$fresh"' EXIT
    local name version sha256
    while read -r name version sha256; do
      fetch_wheel "$name" "$version" "$sha256" "$architecture"
      unpack_wheel "$wheels/$sha256" "$fresh/wheels/$name"
    done <<<"$listing"
    arrange "$fresh"
    move_into_place "$fresh"
    { echo "$stamp"; cut -d' ' -f1,2 <<<"$listing"; } >"$fresh/libraries"
    mv "$fresh/libraries" .deps/libraries
  fi
  local name version sha256
  while read -r name version sha256; do
    say core "$name" "$version present"
  done <<<"$listing"
}

fetch_wheel() { # name, version, sha256, architecture
  local stored="$wheels/$3"
  if [ -f "$stored" ]; then
    matches "$stored" "$3" && return
    rm -f "$stored"
  fi
  say core "$1" "$2 downloading"
  mkdir -p "$wheels"
  local folder python machine=$4
  python=$(python_with_pip) || exit 1
  [ "$machine" != arm64 ] || machine=aarch64
  folder=$(mktemp -d "$wheels/fetch.XXXXXX")
  # The tags are fixed, so that the same file comes whatever Python this machine has.
  if ! "$python" -m pip --disable-pip-version-check download --quiet --no-deps \
    --only-binary :all: --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none \
    --platform "manylinux_2_28_$machine" --platform "manylinux_2_27_$machine" \
    --platform "manylinux2014_$machine" --dest "$folder" "$1==$2" >"$folder/log" 2>&1; then
    tail -3 "$folder/log" >&2
    rm -rf "$folder"
    stop "could not download $1 $2" "check the network and pip's own settings, and run this again"
  fi
  local file
  file=$(find "$folder" -name '*.whl')
  if ! matches "$file" "$3"; then
    local found
    found=$(sha256sum "$file" | cut -c1-12)
    rm -rf "$folder"
    stop "$1 $2 has SHA-256 $found..., the lock says ${3:0:12}...: refused and deleted" \
      "run this again; if it stays so, the published file changed: compare set-up/libraries.lock"
  fi
  mv "$file" "$stored"
  rm -rf "$folder"
}

matches() { # file, sha256
  [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$2" ]
}

# A person's own Python may come without pip; Debian's has it, because this tier installs it.
python_with_pip() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -m pip --version >/dev/null 2>&1; then echo "$python" && return; fi
  done
  stop "no python3 with pip was found" "apt-get install python3-pip"
}

unpack_wheel() { # wheel, folder
  python3 -m zipfile -e "$1" "$2" || stop "cannot unpack $1" "rm '$1' and run this again"
}

# Takes out of the wheels what a build or a page needs.
arrange() { # folder
  local from="$1/wheels" library file
  mkdir -p "$1"/{lib,include,js,pkgconfig}
  for library in arrow parquet; do
    file=$(basename "$from"/pyarrow/pyarrow/lib$library.so.*)
    mv "$from/pyarrow/pyarrow/$file" "$1/lib/"
    ln -s "$file" "$1/lib/lib$library.so"
  done
  mv "$from/pyarrow/pyarrow/include" "$1/include/arrow"
  mv "$from/scipy-openblas32/scipy_openblas32/lib/libscipy_openblas.so" "$1/lib/"
  mv "$from/scipy-openblas32/scipy_openblas32/include" "$1/include/openblas"
  # XGBoost looks for its own copy of OpenMP two folders above itself.
  mkdir -p "$1/lib/xgboost"
  mv "$from/xgboost-cpu/xgboost/lib" "$1/lib/xgboost/lib"
  mv "$from/xgboost-cpu/xgboost_cpu.libs" "$1/lib/"
  mv "$from/lightgbm/lightgbm/lib/lib_lightgbm.so" "$1/lib/"
  mv "$from/lightweight-charts/lightweight_charts/js/lightweight-charts.js" "$1/js/"
  rm -rf "$from"
  # Relative to the file itself, so that a checkout can be moved.
  cat >"$1/pkgconfig/martinet-arrow.pc" <<PC
Name: martinet-arrow
Description: Apache Arrow and Parquet
Version: $(awk '$1 == "pyarrow" { print $2; exit }' set-up/libraries.lock)
Cflags: -I\${pcfiledir}/../include/arrow
Libs: -L\${pcfiledir}/../lib -larrow -lparquet
PC
}

# The stamp is written after this, so an interruption means that all of it is done again.
move_into_place() { # folder
  local part
  for part in lib include js pkgconfig; do
    rm -rf ".deps/$part"
    mv "$1/$part" ".deps/$part"
  done
}
