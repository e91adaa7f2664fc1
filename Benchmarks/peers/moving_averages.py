"""Crosses of moving averages without events: numba loops written by hand, and vectorbt.

All of the account is in the market while the mean of `fast` closes is above that of `slow`, bought and
sold at the close that says so, in parts of shares, for a commission of 0.01%: ours is in whole shares and
exact money, and of 0.1% nothing would be left after 9,000 purchases. Prices are whole cents, so that
sums of them are exact and a tie is a tie on both sides.
"""
import numpy as np
from numba import __version__ as NUMBA, njit, prange, set_num_threads

from protocol import serve

FAST, SLOW, FEE, CASH = 20, 50, 0.0001, 100_000.0
WINDOWS = np.arange(5, 97, 2)
PAIRS = np.array([(a, b) for i, a in enumerate(WINDOWS) for b in WINDOWS[i + 1:]])


@njit(fastmath=True)
def cross(closes, sums, fast, slow, fee):
    cash, shares, trades = CASH, 0.0, 0
    for i in range(slow - 1, len(closes)):
        above = (sums[i + 1] - sums[i + 1 - fast]) * slow > (sums[i + 1] - sums[i + 1 - slow]) * fast
        if above:
            if shares == 0.0:
                shares = cash / (closes[i] * (1 + fee))
                cash = 0.0
                trades += 1
        elif shares > 0.0:
            cash = shares * closes[i] * (1 - fee)
            shares = 0.0
    return cash + shares * closes[-1], trades


@njit(parallel=True, fastmath=True)
def crosses(closes, sums, fast, slow, fee):
    values = np.empty(len(fast))
    for k in prange(len(fast)):
        values[k] = cross(closes, sums, fast[k], slow[k], fee)[0]
    return values


def sums_before(closes):
    return np.concatenate([[0.0], np.cumsum(closes)])


def one(inputs, threads):
    closes = inputs[0]
    kept = [None]

    def run():
        kept[0] = cross(closes, sums_before(closes), FAST, SLOW, FEE)

    return run, lambda: np.array([kept[0][0] / CASH, kept[0][1]]), f"numba {NUMBA}, one thread"


def sweep(inputs, threads):
    set_num_threads(threads)
    closes = np.ascontiguousarray(inputs[0])
    sums = sums_before(closes)
    fast, slow = PAIRS[:, 0].copy(), PAIRS[:, 1].copy()
    kept = [None]

    def run():
        kept[0] = crosses(closes, sums, fast, slow, FEE)

    return run, lambda: kept[0] / CASH, f"numba {NUMBA}"


def sweep_vectorbt(inputs, threads):
    import pandas as pd
    import vectorbt as vbt

    index = pd.date_range("2023-01-01", periods=len(inputs[0]), freq="5min")
    closes = pd.Series(inputs[0], index=index)
    kept = [None]

    def run():
        fast, slow = vbt.MA.run_combs(closes, WINDOWS, r=2, short_names=["fast", "slow"])
        above = fast.ma_above(slow)
        portfolio = vbt.Portfolio.from_signals(
            closes, above, ~above, fees=FEE, init_cash=CASH, freq="5min")
        kept[0] = portfolio.total_return()

    return run, lambda: 1 + kept[0].to_numpy(), f"vectorbt {vbt.__version__}"


serve({
    "vector_sma_1m": one, "sweep_1035x39312": sweep, "sweep_1035x39312_vectorbt": sweep_vectorbt})
