"""Values of Qlib's Alpha158 for Tests/FeaturesTests: NVDA's first 300 days and SPY's first 300 hours of
Samples.

    python3 -m venv ENVIRONMENT && ENVIRONMENT/bin/pip install pyqlib==0.9.7
    ENVIRONMENT/bin/python Tests/FeaturesTests/Golden/make_qlib.py

The factors are the expressions that Qlib publishes (Alpha158DL.get_feature_config), evaluated by Qlib's
own operators. Only the first step is ours: columns are handed over as 64-bit numbers, where Qlib's files
hold 32 bits, so that 1e-10 can be asked for. Bars have no vwap; a quarter of open + high + low + close
stands in.

Writes alpha158.f8: for each of the two the six columns of the bars, then the 158 factors in Qlib's order;
each 300 little-endian doubles.
"""
import pathlib
import tempfile

import numpy as np
import pandas as pd
import qlib
from qlib.contrib.data.loader import Alpha158DL
from qlib.data.base import Feature
from qlib.data.cache import H
from qlib.data.data import ExpressionD

ROOT = pathlib.Path(__file__).parents[3]
ROWS = 300
NAMES = ("open", "high", "low", "close", "volume")


def bars(path):
    header, *lines = (ROOT / path).read_text().splitlines()[: ROWS + 1]
    places = [header.lower().split(",").index(name) for name in NAMES]
    columns = {
        name: np.array([float(line.split(",")[place]) for line in lines])
        for name, place in zip(NAMES, places)
    }
    columns["vwap"] = (columns["open"] + columns["high"] + columns["low"] + columns["close"]) / 4
    return columns


def factors(columns):
    H.clear()
    Feature._load_internal = lambda self, instrument, start, end, freq: pd.Series(
        columns[str(self)[1:]]
    )
    fields, names = Alpha158DL.get_feature_config(
        {
            "kbar": {},
            "price": {"windows": [0], "feature": ["OPEN", "HIGH", "LOW", "VWAP"]},
            "rolling": {},
        }
    )
    assert len(fields) == 158
    values = []
    for field in fields:
        expression = ExpressionD.get_expression_instance(field)
        values.append(expression.load("X", 0, ROWS - 1, "day").to_numpy(np.float64))
    return names, values


if __name__ == "__main__":
    qlib.init(provider_uri=tempfile.mkdtemp(), region="us", kernels=1)
    blocks = []
    for path in ("Samples/daily/NVDA.csv", "Samples/hourly/SPY.csv"):
        columns = bars(path)
        names, values = factors(columns)
        blocks += [*columns.values(), *values]
    print(" ".join(names))
    np.array(blocks).astype("<f8").tofile(pathlib.Path(__file__).with_name("alpha158.f8"))
