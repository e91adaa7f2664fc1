#!/usr/bin/env python3
"""Writes the Parquet files of this folder with pyarrow 26.0.1, as other programs write them.

    python3 -m venv venv && venv/bin/pip install pyarrow==26.0.1
    venv/bin/python Tests/MarketDataTests/Golden/make_golden.py

Every file holds the same three minutes of NVDA: stamps 1700000040, +60 and +120 s, open 1.5, 2.5, 3.5,
high +1, low -1, close +0.25, volume 100, 200, 300.
"""
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).resolve().parent
SECONDS = [1_700_000_040 + 60 * i for i in range(3)]
OPEN = [1.5, 2.5, 3.5]


def table(stamps, number=pa.float64(), volume=pa.int64(), symbol=None, close=None, name="timestamp"):
    columns = {name: stamps}
    if symbol is not None:
        columns["symbol"] = symbol
    columns["open"] = pa.array(OPEN, number)
    columns["high"] = pa.array([v + 1 for v in OPEN], number)
    columns["low"] = pa.array([v - 1 for v in OPEN], number)
    columns["close"] = pa.array([v + 0.25 for v in OPEN], number) if close is None else close
    columns["volume"] = pa.array([100, 200, 300], volume)
    return pa.table(columns)


def stamps(unit, zone="UTC"):
    scale = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]
    return pa.array([s * scale for s in SECONDS], pa.timestamp(unit, zone))


def write(name, data, **options):
    pq.write_table(data, FOLDER / f"{name}.parquet", **options)


utc = stamps("ns")
names = pa.array(["NVDA"] * 3)
write("nanoseconds_zstd", table(utc), compression="zstd")
write("microseconds_snappy", table(stamps("us"), symbol=names), compression="snappy")
write("milliseconds_v1", table(stamps("ms"), symbol=names.dictionary_encode()), version="1.0",
      use_dictionary=True, compression="gzip")
write("words_unpacked", table(utc, symbol=names.dictionary_encode()), use_dictionary=["symbol"],
      compression="none")
write("seconds_float32", table(stamps("s"), number=pa.float32(), volume=pa.int32()),
      compression="none")
write("wall_time", table(stamps("us", None)))
write("epoch_seconds", table(pa.array(SECONDS, pa.int64()), volume=pa.uint32(), name="time"))
write("one_row_groups", table(utc, symbol=names), row_group_size=1, data_page_version="2.0")
write("missing_close", table(utc, close=pa.array([1.75, None, 3.75])))
write("nested_extra", table(utc).append_column("book", pa.array([{"bid": 1.0, "ask": 2.0}] * 3)))
write("dates", table(pa.array([19_675, 19_676, 19_677], pa.date32()), name="Date"))
write("text_close", table(utc, close=pa.array(["a", "b", "c"])))
write("decimal_close", table(utc, close=pa.array([1, 2, 3]).cast(pa.decimal128(21, 2))))
write("missing_stamp", table(pa.array([10**18, None, 10**18 + 1], pa.timestamp("ns", "UTC"))))
write("no_low", table(utc).drop_columns(["low"]))
write("empty", table(utc).slice(0, 0))
