# The processor level code is compiled for, recorded in .deps/processor. Sourced by the core tier.

# Each level is what every processor sold under that name can do (x86-64 psABI).
v3_flags="avx avx2 bmi1 bmi2 f16c fma abm movbe xsave"
v4_flags="avx512f avx512bw avx512cd avx512dq avx512vl"

# The highest level this machine has, or nothing. The file is /proc/cpuinfo, except in tests.
find_processor_level() { # machine, cpuinfo file
  case "$1" in
    aarch64 | arm64) echo arm64 && return ;;
    x86_64) ;;
    *) return ;;
  esac
  local flags
  flags=" $(grep -m1 '^flags' "$2" | cut -d: -f2) "
  has_all "$flags" "$v3_flags" || return 0
  if has_all "$flags" "$v4_flags"; then echo x86-64-v4; else echo x86-64-v3; fi
}

has_all() { # flags of this machine, flags wanted
  local flag
  for flag in $2; do
    case "$1" in *" $flag "*) ;; *) return 1 ;; esac
  done
}

record_processor_level() {
  local found level note=""
  found=$(find_processor_level "$(uname -m)" /proc/cpuinfo)
  level=${MARTINET_CPU:-$found}
  case "$level" in
    x86-64-v3 | x86-64-v4) ;;
    arm64) note=" (provided for, not tested)" ;;
    "") stop "this processor is older than x86-64-v3 (AVX2, BMI, FMA), the oldest martinet runs on" \
      "use a machine of 2015 or later, or build for one with MARTINET_CPU=x86-64-v3" ;;
    *) stop "MARTINET_CPU is '$level'" "use x86-64-v4, x86-64-v3 or arm64, or leave it unset" ;;
  esac
  if [ -n "${MARTINET_CPU:-}" ] && [ "$level" != "$found" ]; then
    note="$note (MARTINET_CPU; this machine is ${found:-older than x86-64-v3})"
  fi
  # An override is for one command: what is recorded is the machine, as long as it can run us.
  local recorded=${found:-$level}
  [ "$(cat .deps/processor 2>/dev/null || true)" = "$recorded" ] || echo "$recorded" >.deps/processor
  say core processor "$level$note"
}
