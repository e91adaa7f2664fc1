#!/usr/bin/env python3
"""Makes Samples/ from the public sets named in Samples/README.md.

Usage, from the package root, with the shared data beside the package:
    python3 Samples/make_samples.py ../shared/data

Only files that are missing or different are written; running it twice changes nothing.
"""
import csv
import gzip
import hashlib
import io
import pathlib
import sys
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
TICKERS = "AMD ARM ASML AVGO INTC MSFT MU NVDA QCOM SMCI TSM".split()
# Five years of hours keep the whole folder under 6 MB.
FIRST_HOURLY_DAY = "20160104"
# Before this day QQQ traded as QQQQ, whose bars LEAN's sample does not have.
FIRST_DAILY_DAY = {"qqq": "20110323", "spy": "19980102"}
SAMPLES = pathlib.Path(__file__).resolve().parent
DECI_CENTS = 10_000


def lean_rows(path):
    """The rows of the one CSV file inside a LEAN zip."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode("ascii")
    return list(csv.reader(io.StringIO(text)))


def factors(path):
    """(last day it holds for, dividend factor, split factor), oldest first."""
    rows = list(csv.reader(path.read_text().splitlines()))
    return [(day, float(dividend), float(split)) for day, dividend, split, *_ in rows]


def number(value, digits):
    """Shortest text of `value` rounded to `digits`, with at least the cents."""
    whole, fraction = f"{value:.{digits}f}".split(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"


def daily_from_lean(lean, ticker):
    """Daily bars with prices adjusted for splits and `Adj Close` for dividends too, as Yahoo has them."""
    steps = iter(factors(lean / "factor_files" / f"{ticker}.csv"))
    last_day, dividend, split = next(steps)
    out = ["Date,Open,High,Low,Close,Adj Close,Volume"]
    for stamp, *prices, volume in lean_rows(lean / "daily" / f"{ticker}.zip"):
        day = stamp[:8]
        if day < FIRST_DAILY_DAY[ticker]:
            continue
        while day > last_day:
            last_day, dividend, split = next(steps)
        prices = [int(price) / DECI_CENTS * split for price in prices]
        adjusted = prices[3] * dividend
        out.append(",".join(
            [f"{day[:4]}-{day[4:6]}-{day[6:]}"]
            + [number(price, 4) for price in prices]
            + [number(adjusted, 4), str(round(int(volume) / split))]))
    return out


def stamped(moment, prices, volume):
    prices = [number(int(price) / DECI_CENTS, 4) for price in prices]
    return ",".join([moment.isoformat(timespec="minutes"), *prices, volume])


def hourly_from_lean(lean, ticker):
    out = ["timestamp,open,high,low,close,volume"]
    for stamp, *prices, volume in lean_rows(lean / "hour" / f"{ticker}.zip"):
        if stamp < FIRST_HOURLY_DAY:
            continue
        start = datetime.strptime(stamp, "%Y%m%d %H:%M").replace(tzinfo=NEW_YORK)
        out.append(stamped(start + timedelta(hours=1), prices, volume))
    return out


def minutes_from_lean(lean, ticker):
    """Regular hours only: a minute that starts in [09:30, 16:00) New York."""
    out = ["timestamp,open,high,low,close,volume"]
    for path in sorted((lean / "minute" / ticker).glob("*_trade.zip")):
        midnight = datetime.strptime(path.name[:8], "%Y%m%d").replace(tzinfo=NEW_YORK)
        for milliseconds, *prices, volume in lean_rows(path):
            minute = int(milliseconds) // 60_000
            if 9 * 60 + 30 <= minute < 16 * 60:
                out.append(stamped(midnight + timedelta(minutes=minute + 1), prices, volume))
    return out


def write(relative, content):
    if isinstance(content, list):
        content = "\n".join(content) + "\n"
    if isinstance(content, str):
        content = content.encode()
    path = SAMPLES / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def write_hashes():
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(SAMPLES)}"
             for path in sorted(SAMPLES.rglob("*.csv"))]
    write("SHA256SUMS", lines)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared = pathlib.Path(sys.argv[1])
    lean = shared / "lean/equity/usa"
    for ticker in TICKERS:
        source = shared / "us_daily/yahoo_raw_to_2024-03" / f"{ticker}.csv.gz"
        write(f"daily/{ticker}.csv", gzip.decompress(source.read_bytes()))
    for ticker in ["spy", "qqq"]:
        write(f"daily/{ticker.upper()}.csv", daily_from_lean(lean, ticker))
    for ticker in ["aapl", "spy"]:
        write(f"hourly/{ticker.upper()}.csv", hourly_from_lean(lean, ticker))
        write(f"minute/{ticker.upper()}.csv", minutes_from_lean(lean, ticker))
        write(f"factors/{ticker.upper()}.csv",
              ["date,dividend_factor,split_factor,reference_price"]
              + (lean / "factor_files" / f"{ticker}.csv").read_text().split())
    write_hashes()


main()
