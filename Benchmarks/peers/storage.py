"""A million bars in and out: CSV and Parquet by polars and pyarrow, SQLite by Python's own module,
PostgreSQL by psql.

Where there are several ways, all are tried once and the quickest is the peer.
"""
import os
import sqlite3
import tempfile
import time

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from postgres import PostgreSQL
from protocol import serve

POLARS = f"polars {pl.__version__}"
PYARROW = f"pyarrow {pa.__version__}"
SQLITE = f"Python sqlite3 ({sqlite3.sqlite_version})"
COLUMNS = ["timestamp", "symbol", "open", "high", "low", "close", "volume"]


SCRATCH = tempfile.TemporaryDirectory(prefix="martinet-peer-")


def scratch(name):
    return os.path.join(SCRATCH.name, name)


def quickest(ways):
    """Of (name, function), the one whose best of three runs is least, and what all of them took."""
    took = []
    for name, way in ways:
        way()
        seconds = []
        for _ in range(3):
            start = time.perf_counter()
            way()
            seconds.append(time.perf_counter() - start)
        took.append(min(seconds))
    best = took.index(min(took))
    others = ", ".join(
        f"{name} {1e3 * t:.0f} ms" for i, ((name, _), t) in enumerate(zip(ways, took)) if i != best)
    return ways[best][1], f"{ways[best][0]} (tried: {others})"


def numbers(table):
    """Every column as doubles, one after the other: when bars start in seconds, whether the symbol
    is NVDA, prices and volume."""
    seconds = table["start" if "start" in table.columns else "timestamp"]
    if isinstance(seconds.dtype, pl.Datetime):
        seconds = seconds.dt.epoch("ns") // 1_000_000_000
    columns = [seconds, table["symbol"].cast(pl.String) == "NVDA"] + [table[c] for c in COLUMNS[2:]]
    return np.concatenate([c.to_numpy().astype(np.float64) for c in columns])


def keeping(way, kept):
    def run():
        kept[0] = way()

    return run


def csv_1m(inputs, threads):
    path = inputs[0]
    pa.set_cpu_count(threads)
    kept = [None]
    run, name = quickest([
        (POLARS, keeping(lambda: pl.read_csv(path), kept)),
        (PYARROW, keeping(lambda: pa.csv.read_csv(path), kept)),
    ])
    return run, lambda: numbers(as_polars(kept[0])), name


def as_polars(table):
    return table if isinstance(table, pl.DataFrame) else pl.from_arrow(table)


def writers(table, frame, path):
    """Zstandard at level 1 everywhere; a dictionary of every column is pyarrow's own habit."""
    def size(way):
        way()
        return f"{os.path.getsize(path) / 1e6:.1f} MB"

    ways = [
        (PYARROW, lambda: pq.write_table(table, path, compression="zstd", compression_level=1)),
        (f"{PYARROW} with a dictionary of symbols only", lambda: pq.write_table(
            table, path, compression="zstd", compression_level=1, use_dictionary=["symbol"])),
        (POLARS, lambda: frame.write_parquet(path, compression="zstd", compression_level=1)),
    ]
    return [(f"{name}, {size(way)}", way) for name, way in ways]


def parquet_write_1m(inputs, threads):
    pa.set_cpu_count(threads)
    path = scratch("written.parquet")
    frame = pl.read_csv(inputs[0])
    run, name = quickest(writers(pa.csv.read_csv(inputs[0]), frame, path))
    return run, lambda: numbers(pl.read_parquet(scratch("written.parquet"))), name


def parquet_read_1m(inputs, threads):
    """The file both sides are given, and the same rows as each library writes them itself."""
    pa.set_cpu_count(threads)
    table = pq.read_table(inputs[0])
    pq.write_table(table, scratch("pyarrow.parquet"), compression="zstd", compression_level=1)
    pl.from_arrow(table).write_parquet(
        scratch("polars.parquet"), compression="zstd", compression_level=1)
    kept = [None]
    ways = []
    for file, path in [("the same file", inputs[0]), ("its own file", None)]:
        for name, read, own in [(POLARS, pl.read_parquet, scratch("polars.parquet")),
                                (PYARROW, pq.read_table, scratch("pyarrow.parquet"))]:
            ways.append((f"{name}, {file}", keeping(lambda r=read, p=path or own: r(p), kept)))
    run, name = quickest(ways)
    return run, lambda: numbers(as_polars(kept[0])), name


def rows_of(path):
    return list(pl.read_csv(path).iter_rows())


def fill_sqlite(path, rows):
    for end in ("", "-wal", "-shm"):
        if os.path.exists(path + end):
            os.remove(path + end)
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=normal")
    database.execute(
        "create table bars(ts integer, symbol text, open real, high real, low real, close real,"
        " volume real, primary key(symbol, ts)) without rowid")
    with database:
        database.executemany("insert into bars values(?,?,?,?,?,?,?)", rows)
    database.close()


def flat(rows):
    table = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return numbers(table)


def sqlite_insert_1m(inputs, threads):
    path = scratch("bars.db")
    rows = rows_of(inputs[0])

    def output():
        database = sqlite3.connect(path)
        return flat(database.execute("select * from bars order by ts").fetchall())

    return lambda: fill_sqlite(path, rows), output, SQLITE


def sqlite_range_390(inputs, threads):
    """A session of minutes by key, out of the middle of a million."""
    rows = rows_of(inputs[0])
    fill_sqlite(scratch("bars.db"), rows)
    database = sqlite3.connect(scratch("bars.db"))
    first = rows[len(rows) // 2][0]
    kept = [None]

    def run():
        kept[0] = database.execute(
            "select * from bars where symbol='NVDA' and ts>=? and ts<?",
            (first, first + 60 * 390)).fetchall()

    return run, lambda: flat(kept[0]), SQLITE


def pg_copy_1m(inputs, threads):
    """psql's \\copy of the file into a table that was just emptied."""
    path, address = inputs
    server = PostgreSQL(address)
    server.execute(
        "create table if not exists peer_bars(ts bigint, symbol text, open float8, high float8,"
        " low float8, close float8, volume float8, primary key(symbol, ts))")

    def run():
        server.execute("truncate peer_bars", f"\\copy peer_bars from '{path}' csv header")

    def output():
        text = server.execute("\\copy (select * from peer_bars order by ts) to stdout csv")
        return numbers(pl.read_csv(text.encode(), has_header=False, new_columns=COLUMNS))

    return run, output, server.client_version()


serve({
    "csv_1m": csv_1m,
    "parquet_write_1m": parquet_write_1m,
    "parquet_read_1m": parquet_read_1m,
    "sqlite_insert_1m": sqlite_insert_1m,
    "sqlite_range_390": sqlite_range_390,
    "pg_copy_1m": pg_copy_1m,
})
