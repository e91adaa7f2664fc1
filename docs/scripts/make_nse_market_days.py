#!/usr/bin/env python3
"""Writes Sources/Market/Calendars/NSEMarketDays.swift from LEAN's market-hours database.

Usage: make_nse_market_days.py MARKET_HOURS_DATABASE.json[.gz] > Sources/Market/Calendars/NSEMarketDays.swift

The file is Data/market-hours/market-hours-database.json of github.com/QuantConnect/Lean
(Copyright QuantConnect Corporation, Apache License 2.0).
"""

import datetime
import gzip
import json
import re
import sys

# The years in which the source lists every holiday. Before 2011 and after 2021 it has the national
# holidays only: on days it calls open (2010-03-01, 2022-03-18, …) nothing was traded.
FIRST, LAST = 2011, 2021


def minute(text):
    hour, minutes, _ = text.split(":")
    return int(hour) * 60 + int(minutes)


def main(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        text = file.read().decode("utf-8-sig")
    entry = json.loads(re.sub(r"/\*.*?\*/", "", text, flags=re.S))["entries"]["Equity-india-[*]"]
    week = [entry[day] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")]
    assert all(day == week[0] for day in week) and not entry["saturday"] and not entry["sunday"]
    spans = {span["state"]: (minute(span["start"]), minute(span["end"])) for span in week[0]}
    days = sorted(
        datetime.datetime.strptime(day, "%m/%d/%Y").date() for day in entry["holidays"]
    )
    days = [day for day in days if FIRST <= day.year <= LAST and day.weekday() < 5]

    print(
        f"""import Runtime

/// Hours and holidays of the National Stock Exchange of India.
///
/// Written by docs/scripts/make_nse_market_days.py from Data/market-hours/market-hours-database.json
/// of github.com/QuantConnect/Lean (Copyright QuantConnect Corporation, Apache License 2.0).
enum NSEMarketDays {{
  static let years = {FIRST}...{LAST}
  static let openMinute = {spans["market"][0]}
  static let closeMinute = {spans["market"][1]}
  static let extendedOpenMinute = {spans["premarket"][0]}
  static let extendedCloseMinute = {spans["postmarket"][1]}

  static let holidays: [CivilDate] = compact.map {{ number in
    .known(number / 10_000, number / 100 % 100, number % 100)
  }}

  private static let compact = ["""
    )
    for year in range(FIRST, LAST + 1):
        numbers = [f"{day:%Y%m%d}" for day in days if day.year == year]
        for start in range(0, len(numbers), 9):
            print("    " + ", ".join(numbers[start : start + 9]) + ",")
    print("  ]\n}")


main(sys.argv[1])
