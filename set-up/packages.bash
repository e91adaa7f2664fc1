# Debian packages, read from set-up/packages. Sourced by the tiers.

# What is missing, in the order of the list. One call of dpkg-query for all: it takes 20 ms.
missing_packages() { # tier
  local wanted present
  wanted=$(awk -v tier="$1" '$1 == tier { print $2 }' set-up/packages)
  # dpkg-query fails when one is unknown, and still prints the others.
  # shellcheck disable=SC2086
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true)
  local name
  for name in $wanted; do
    grep -qx "installed $name" <<<"$present" || echo "$name"
  done
}

install_packages() { # tier
  local tier=$1 total missing
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    stop "no apt-get: this set-up knows Debian packages only" \
      "install what 'set-up/packages' lists by hand, on Debian 12 or a container of it"
  total=$(awk -v tier="$tier" '$1 == tier' set-up/packages | wc -l)
  missing=$(missing_packages "$tier" | tr '\n' ' ')
  missing=${missing% }
  if [ -z "$missing" ]; then
    say "$tier" "Debian packages" "$total of $total present"
    return
  fi
  local install="apt-get install -y --no-install-recommends $missing"
  if [ "$(id -u)" != 0 ]; then
    stop "Debian packages are missing: $missing" "sudo sh -c 'apt-get update && $install'"
  fi
  say "$tier" "Debian packages" "installing $missing"
  apt_get "$missing"
  say "$tier" "Debian packages" "$total of $total present"
}

# The package lists are fetched only when they turn out to be absent or too old.
apt_get() { # packages
  local log
  log=$(mktemp)
  # shellcheck disable=SC2086
  if ! quiet_install $1 >"$log" 2>&1; then
    DEBIAN_FRONTEND=noninteractive apt-get update -qq >>"$log" 2>&1 || true
    # shellcheck disable=SC2086
    quiet_install $1 >>"$log" 2>&1 || {
      tail -20 "$log" >&2
      stop "apt-get could not install: $1" "see the lines above, mend it, and run this again"
    }
  fi
  rm -f "$log"
}

quiet_install() {
  DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
}
