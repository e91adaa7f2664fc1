# How the tiers speak: aligned lines, and errors that end with the remedy. Sourced by the tiers.

say() { # tier, subject, what is so
  printf '%-6s %-20s %s\n' "$1" "$2" "$3"
}

stop() { # finding, remedy
  printf 'error: %s\nfix:   %s\n' "$1" "$2" >&2
  exit 1
}
