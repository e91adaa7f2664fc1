"""Prints line coverage by room and fails where a folder is below its rule.

Reads the JSON that llvm-cov exports (Tests/Coverage/run).
"""

import json
import os
import sys
from collections import defaultdict


def lines_by_file(exported, root):
    """Lines in all and lines covered, for each file under Sources, by path relative to the root."""
    found = {}
    for entry in exported["data"][0]["files"]:
        path = os.path.relpath(entry["filename"], root)
        if path.startswith("Sources/"):
            lines = entry["summary"]["lines"]
            found[path] = (lines["count"], lines["covered"])
    return found


def total(files, folder):
    inside = [lines for path, lines in files.items() if path.startswith(folder + "/")]
    return sum(count for count, _ in inside), sum(covered for _, covered in inside)


def percent(count, covered):
    return 100.0 * covered / count if count else 100.0


def read_rules(path):
    with open(path, encoding="utf-8") as rules:
        rows = [line.split() for line in rules if line.strip() and not line.startswith("#")]
    return [(folder, float(least)) for folder, least in rows]


def main(exported_path, rules_path):
    with open(exported_path, encoding="utf-8") as file:
        files = lines_by_file(json.load(file), os.getcwd())
    # A shim has no room of its own: each C library is listed as Sources/C/NAME.
    rooms = defaultdict(int)
    for path in files:
        parts = path.split("/")
        rooms["/".join(parts[:3] if parts[1] == "C" else parts[:2])] += 1

    print(f"{'room':<28}{'lines':>8}{'covered':>9}{'%':>8}")
    for room in sorted(rooms):
        count, covered = total(files, room)
        print(f"{room:<28}{count:>8}{covered:>9}{percent(count, covered):>8.1f}")

    failed = False
    for folder, least in read_rules(rules_path):
        count, covered = total(files, folder)
        share = percent(count, covered)
        verdict = "ok" if share >= least and count else "TOO LOW"
        failed |= verdict != "ok"
        print(f"{folder + ' at least ' + format(least, 'g') + '%':<28}{count:>8}{covered:>9}"
              f"{share:>8.1f}  {verdict}")
        if verdict != "ok":
            print_gaps(files, folder)
    return 1 if failed else 0


def print_gaps(files, folder):
    """The files that would help most, so that a failure says where to begin."""
    gaps = sorted(
        ((count - covered, path) for path, (count, covered) in files.items()
         if path.startswith(folder + "/") and count > covered), reverse=True)
    for missing, path in gaps[:15]:
        print(f"  {missing:>6} lines not covered in {path}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
