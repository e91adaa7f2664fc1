"""The indicators that a person writes by hand in pandas and polars: 61 columns of each symbol."""
import numpy as np
import pandas as pd
import polars as pl

from protocol import serve

FIELDS = ("open", "high", "low", "close", "volume")
AVERAGES = (5, 10, 20, 50, 100, 200)
EXPONENTIALS = (5, 10, 12, 20, 26, 50, 100, 200)
# What both sides define alike, and what theirs is multiplied with.
SHARED = {f"sma{n}": 1 for n in AVERAGES} | {"typical": 1} | {f"roc{n}": 100 for n in (1, 5, 10, 20)}
SHARED |= {name: 1 for name in ("mom", "min20", "max20")}
SHARED |= {f"return{n}": 1 for n in (1, 2, 3, 5, 10)} | {"volume_ratio": 1, "range": 1}


def pandas_trend(h, l, c):
    for n in AVERAGES:
        yield f"sma{n}", c.rolling(n).mean()
    ema = {n: c.ewm(span=n, adjust=False).mean() for n in EXPONENTIALS}
    yield from ((f"ema{n}", mean) for n, mean in ema.items())
    macd = ema[12] - ema[26]
    signal = macd.ewm(span=9, adjust=False).mean()
    yield from (("macd", macd), ("signal", signal), ("histogram", macd - signal))
    high, low = h.rolling(14).max(), l.rolling(14).min()
    k = 100 * (c - low) / (high - low)
    yield from (("k", k), ("d", k.rolling(3).mean()), ("willr", -100 * (high - c) / (high - low)))


def wilder(x, n=14):
    return x.ewm(alpha=1 / n, adjust=False).mean()


def pandas_momentum(h, l, c):
    change = c.diff()
    up, down = change.clip(lower=0), -change.clip(upper=0)
    for n in (7, 14, 21):
        yield f"rsi{n}", 100 - 100 / (1 + wilder(up, n) / wilder(down, n))
    before = c.shift(1)
    tr = np.maximum(np.maximum(h - l, (h - before).abs()), (l - before).abs())
    atr = wilder(tr)
    yield from (("tr", tr), ("atr", atr), ("natr", 100 * atr / c))
    rise, fall = h.diff(), -l.diff()
    plus = 100 * wilder(rise.where((rise > fall) & (rise > 0), 0.0)) / atr
    minus = 100 * wilder(fall.where((fall > rise) & (fall > 0), 0.0)) / atr
    yield from (("plus", plus), ("minus", minus))
    yield "adx", wilder(100 * (plus - minus).abs() / (plus + minus))
    for n in (1, 5, 10, 20):
        yield f"roc{n}", c / c.shift(n) - 1
    yield "mom", c - c.shift(10)


def pandas_volume(o, h, l, c, v):
    typical = (h + l + c) / 3
    yield "typical", typical
    yield "cci", (typical - typical.rolling(20).mean()) / (0.015 * typical.rolling(20).std())
    flow, change = typical * v, typical.diff()
    gain, loss = flow.where(change > 0, 0.0).rolling(14).sum(), flow.where(change < 0, 0.0).rolling(14).sum()
    yield "mfi", 100 - 100 / (1 + gain / loss)
    yield "obv", (np.sign(c.diff()) * v).cumsum()
    ad = (((c - l) - (h - c)) / (h - l) * v).cumsum()
    yield "ad", ad
    yield "adosc", ad.ewm(span=3, adjust=False).mean() - ad.ewm(span=10, adjust=False).mean()
    yield from (("bop", (c - o) / (h - l)), ("corr", c.rolling(30).corr(v)))
    yield from (("volume_ratio", v / v.rolling(20).mean()), ("range", (h - l) / c))


def pandas_statistics(c):
    mean, spread = c.rolling(20).mean(), c.rolling(20).std()
    upper, lower = mean + 2 * spread, mean - 2 * spread
    yield from (("upper", upper), ("lower", lower), ("width", (upper - lower) / mean))
    yield "position", (c - lower) / (upper - lower)
    yield from (("min20", c.rolling(20).min()), ("max20", c.rolling(20).max()))
    yield from (("std5", c.rolling(5).std()), ("std20", spread), ("var20", spread * spread))
    logs = np.log(c)
    returns = logs.diff()
    yield "return1", returns
    for n in (2, 3, 5, 10):
        yield f"return{n}", logs.diff(n)
    yield from (("vol20", returns.rolling(20).std()), ("vol60", returns.rolling(60).std()))
    yield "zscore", (c - mean) / spread


def pandas_61(frame):
    o, h, l, c, v = (frame[name] for name in FIELDS)
    columns = dict(pandas_trend(h, l, c))
    columns |= dict(pandas_momentum(h, l, c)) | dict(pandas_volume(o, h, l, c, v))
    columns |= dict(pandas_statistics(c))
    assert len(columns) == 61
    return pd.DataFrame(columns)


def exponential(x, **weight):
    return x.ewm_mean(adjust=False, **weight)


def polars_trend(h, l, c):
    for n in AVERAGES:
        yield f"sma{n}", c.rolling_mean(n)
    for n in EXPONENTIALS:
        yield f"ema{n}", exponential(c, span=n)
    macd = exponential(c, span=12) - exponential(c, span=26)
    signal = exponential(macd, span=9)
    yield from (("macd", macd), ("signal", signal), ("histogram", macd - signal))
    high, low = h.rolling_max(14), l.rolling_min(14)
    k = 100 * (c - low) / (high - low)
    yield from (("k", k), ("d", k.rolling_mean(3)), ("willr", -100 * (high - c) / (high - low)))


def polars_momentum(h, l, c):
    change, before, weight = c.diff(), c.shift(1), {"alpha": 1 / 14}
    up, down = change.clip(lower_bound=0), -change.clip(upper_bound=0)
    for n in (7, 14, 21):
        strength = exponential(up, alpha=1 / n) / exponential(down, alpha=1 / n)
        yield f"rsi{n}", 100 - 100 / (1 + strength)
    tr = pl.max_horizontal(h - l, (h - before).abs(), (l - before).abs())
    atr = exponential(tr, **weight)
    yield from (("tr", tr), ("atr", atr), ("natr", 100 * atr / c))
    rise, fall = h.diff(), -l.diff()
    rises = pl.when((rise > fall) & (rise > 0)).then(rise).otherwise(0.0)
    falls = pl.when((fall > rise) & (fall > 0)).then(fall).otherwise(0.0)
    plus, minus = 100 * exponential(rises, **weight) / atr, 100 * exponential(falls, **weight) / atr
    yield from (("plus", plus), ("minus", minus))
    yield "adx", exponential((100 * (plus - minus).abs() / (plus + minus)).fill_nan(None), **weight)
    for n in (1, 5, 10, 20):
        yield f"roc{n}", c / c.shift(n) - 1
    yield "mom", c - c.shift(10)


def polars_volume(o, h, l, c, v):
    typical = (h + l + c) / 3
    yield "typical", typical
    yield "cci", (typical - typical.rolling_mean(20)) / (0.015 * typical.rolling_std(20))
    flow, change, nothing = typical * v, typical.diff(), pl.lit(0.0)
    gain = pl.when(change > 0).then(flow).otherwise(nothing).rolling_sum(14)
    loss = pl.when(change < 0).then(flow).otherwise(nothing).rolling_sum(14)
    yield "mfi", 100 - 100 / (1 + gain / loss)
    yield "obv", (c.diff().sign() * v).cum_sum()
    ad = (((c - l) - (h - c)) / (h - l) * v).fill_nan(0.0).cum_sum()
    yield from (("ad", ad), ("adosc", exponential(ad, span=3) - exponential(ad, span=10)))
    yield from (("bop", (c - o) / (h - l)), ("corr", pl.rolling_corr(c, v, window_size=30)))
    yield from (("volume_ratio", v / v.rolling_mean(20)), ("range", (h - l) / c))


def polars_statistics(c):
    mean, spread = c.rolling_mean(20), c.rolling_std(20)
    yield from (("upper", mean + 2 * spread), ("lower", mean - 2 * spread))
    yield from (("width", 4 * spread / mean), ("position", (c - mean + 2 * spread) / (4 * spread)))
    yield from (("min20", c.rolling_min(20)), ("max20", c.rolling_max(20)))
    yield from (("std5", c.rolling_std(5)), ("std20", spread), ("var20", c.rolling_var(20)))
    logs = c.log()
    yield "return1", logs.diff()
    for n in (2, 3, 5, 10):
        yield f"return{n}", logs.diff(n)
    yield from (("vol20", logs.diff().rolling_std(20)), ("vol60", logs.diff().rolling_std(60)))
    yield "zscore", (c - mean) / spread


def polars_61():
    o, h, l, c, v = (pl.col(name) for name in FIELDS)
    columns = dict(polars_trend(h, l, c))
    columns |= dict(polars_momentum(h, l, c)) | dict(polars_volume(o, h, l, c, v))
    columns |= dict(polars_statistics(c))
    assert len(columns) == 61
    return columns


def with_pandas(inputs, threads):
    frames = [pd.DataFrame(dict(zip(FIELDS, bars))) for bars in inputs[0]]
    kept = [None]

    def run():
        kept[0] = [pandas_61(frame) for frame in frames]

    def output():
        return np.array([[f[name] * factor for name, factor in SHARED.items()] for f in kept[0]])

    return run, output, f"pandas {pd.__version__}"


def with_polars(inputs, threads):
    """All symbols in one frame: quicker here than a frame a symbol."""
    bars = inputs[0]
    count, _, rows = bars.shape
    frame = pl.DataFrame(
        {"symbol": np.repeat(np.arange(count), rows)}
        | {name: np.ascontiguousarray(bars[:, i]).ravel() for i, name in enumerate(FIELDS)})
    columns = [column.over("symbol").alias(name) for name, column in polars_61().items()]
    kept = [None]

    def run():
        kept[0] = frame.lazy().select(columns).collect()

    def output():
        values = [(kept[0][name] * f).fill_null(np.nan).to_numpy() for name, f in SHARED.items()]
        return np.array(values).reshape(len(SHARED), count, rows).swapaxes(0, 1)

    return run, output, f"polars {pl.__version__}"


if __name__ == "__main__":
    serve({"batch_93x393120_pandas": with_pandas, "batch_93x393120_polars": with_polars})
