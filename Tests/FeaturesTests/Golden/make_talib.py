"""Values of TA-Lib for Tests/FeaturesTests: NVDA's first 600 days and SPY's first 600 hours of Samples.

    make peers
    .deps/peers/features/bin/python Tests/FeaturesTests/Golden/make_talib.py

Writes talib93.f8: for each of the two the five columns of the bars, then the 93 columns of TA-Lib; each
600 little-endian doubles.
"""
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "Benchmarks/peers"))
import talib_indicators

ROWS = 600


def bars(path):
    header, *lines = (ROOT / path).read_text().splitlines()[: ROWS + 1]
    places = [header.lower().split(",").index(name) for name in ("open", "high", "low", "close", "volume")]
    return np.array([[float(line.split(",")[place]) for line in lines] for place in places])


blocks = []
for path in ("Samples/daily/NVDA.csv", "Samples/hourly/SPY.csv"):
    columns = bars(path)
    blocks += [*columns, *talib_indicators.indicators(*columns)]
np.array(blocks).astype("<f8").tofile(pathlib.Path(__file__).with_name("talib93.f8"))
