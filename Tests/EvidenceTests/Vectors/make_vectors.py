"""Writes metrics.json: small runs and the exact value of every metric of them.

Nothing but Python's fractions: every formula is written here a second time, in exact arithmetic, from
docs/METRICS.md and not from the program. A value is a rational p/q, or c + s * sqrt(p/q); dates and
words stand for themselves; null where a figure has no value.

    python3 Tests/EvidenceTests/Vectors/make_vectors.py > Tests/EvidenceTests/Vectors/metrics.json
"""

import datetime
import json
from fractions import Fraction as F

from exact import *
from run import *


M = {}


def metric(name):
    def add(function):
        M[name] = function
        return function

    return add


def put(name, function):
    M[name] = function


total = lambda R: R.V[-1] / R.V[0]
growth = lambda R, e: less_one(power(total(R), e))
gap = lambda R: max(1, (R.days[-1] - R.days[0]).days)

put("start", lambda R: R.days[0].isoformat())
put("end", lambda R: R.days[-1].isoformat())
put("duration_days", lambda R: (R.days[-1] - R.days[0]).days + 1)
put("bars", lambda R: R.n)
put("years", lambda R: R.n / R.N)
put("risk_free_rate", lambda R: R.rate)
put("exposure", lambda R: mean([abs(h) for h in given(R.h)]))
held = lambda R: F(sum(h != 0 for h in given(R.h)), R.n)
put("time_in_market", held)
put("equity_start", lambda R: R.V[0])
put("equity_final", lambda R: R.V[-1])
put("equity_peak", lambda R: max(R.V))
put("equity_low", lambda R: min(R.V))
put("profit", lambda R: R.V[-1] - R.V[0])
put("fees", lambda R: F(given(R.case.get("fees"))))
put("turnover", lambda R: sum(given(R.traded)) / mean(R.V[1:]) / (R.n / R.N))
put("turnover_bar", lambda R: mean([t / v for t, v in zip(given(R.traded), R.V[1:])]))
put("capacity", lambda R: R.V[0] * F(1, 100) / F(given(R.case.get("participation"))["share"]))
put("capacity_symbol", lambda R: given(R.case.get("participation"))["symbol"])

put("return", lambda R: total(R) - 1)
put("return_sum", lambda R: sum(R.r))
put("annual_return", lambda R: growth(R, R.N / R.n))
put("expected_bar", lambda R: growth(R, F(1, R.n)))
put("expected_month", lambda R: growth(R, F(1, len(R.groups(MONTH)))))
put("expected_year", lambda R: growth(R, F(1, len(R.groups(YEAR)))))
put("mean_return", lambda R: mean([r for r in R.r if r != 0]))
put("profit_per_day", lambda R: (total(R) - 1) / gap(R))


@metric("risk_adjusted_return")
def _(R):
    g = power(total(R), R.N / R.n)
    if isinstance(g, Root):
        raise ValueError("choose a case with a rational return a year")
    return over(g - 1, held(R))


def window(months, annual=False):
    def value(R):
        start = months_before(R.days[-1], months)
        rows = [i for i, d in enumerate(R.days) if d > start]
        if rows[0] == 0 and R.days[0] > start + datetime.timedelta(7):
            raise Undefined
        c = 1 + R.compounded(rows[0], R.n)
        return less_one(power(c, R.N / len(rows))) if annual else c - 1

    return value


put("mtd", lambda R: R.by(MONTH)[-1])
put("ytd", lambda R: R.by(YEAR)[-1])
for key, months in (("3m", 3), ("6m", 6), ("1y", 12)):
    put(key, window(months))
for key, years in (("3y", 3), ("5y", 5), ("10y", 10)):
    put(key, window(12 * years, annual=True))
money = lambda R: [R.V[b] - R.V[a] for a, b in R.groups(DAY)]
put("best_day", lambda R: max(R.by(DAY)))
put("worst_day", lambda R: min(R.by(DAY)))
put("best_day_profit", lambda R: max(money(R)))
put("worst_day_profit", lambda R: min(money(R)))
put("best_month", lambda R: max(R.by(MONTH)))
put("worst_month", lambda R: min(R.by(MONTH)))
put("best_year", lambda R: max(R.by(YEAR)))
put("worst_year", lambda R: min(R.by(YEAR)))
put("mean_up_month", lambda R: mean([m for m in R.by(MONTH) if m > 0]))
put("mean_down_month", lambda R: mean([m for m in R.by(MONTH) if m < 0]))
for key, period in (("days", DAY), ("months", MONTH), ("quarters", QUARTER), ("years", YEAR)):
    put(
        f"win_{key}",
        lambda R, period=period: over(
            F(sum(m > 0 for m in R.by(period))), F(sum(m != 0 for m in R.by(period)))
        ),
    )
put("days_won", lambda R: sum(d > 0 for d in R.by(DAY)))
put("days_flat", lambda R: sum(d == 0 for d in R.by(DAY)))
put("days_lost", lambda R: sum(d < 0 for d in R.by(DAY)))

put("annual_volatility", lambda R: sqrt(variance(R.r) * R.N))
put("annual_variance", lambda R: variance(R.r) * R.N)
lower = lambda R: mean([min(x, F(0)) ** 2 for x in R.x])
put("downside_deviation", lambda R: sqrt(lower(R) * R.N))


@metric("skew")
def _(R):
    if R.n < 3:
        raise Undefined
    s, m = deviation(R.r), mean(R.r)
    cubes = sum((r - m) ** 3 for r in R.r)
    s2 = variance(R.r)
    return over(F(R.n, (R.n - 1) * (R.n - 2)) * cubes / s2, s)


@metric("kurtosis")
def _(R):
    if R.n < 4:
        raise Undefined
    deviation(R.r)
    m, n = mean(R.r), R.n
    m2 = sum((r - m) ** 2 for r in R.r) / n
    g = sum((r - m) ** 4 for r in R.r) / n / m2**2 - 3
    return ((n + 1) * g + 6) * F(n - 1, (n - 2) * (n - 3))


def normal_tail(R):
    """Exact only where nothing varies: the mean."""
    if variance(R.r) != 0:
        raise ValueError
    return mean(R.r)


for key in ("var_95", "var_99", "cvar_95"):
    put(key, normal_tail)
put("var_95_historical", lambda R: quantile(R.r, F(1, 20)))
put(
    "cvar_95_historical",
    lambda R: mean([r for r in R.r if r <= quantile(R.r, F(1, 20))]),
)


def deepest(R):
    if not R.episodes:
        raise Undefined
    return min(R.episodes, key=lambda e: R.D[e[1]])


length = lambda R, e: (R.days[e[2]] - R.days[e[0]]).days + 1
put("max_drawdown", lambda R: min(R.D + [F(0)]))
put("max_drawdown_money", lambda R: min(R.fall + [F(0)]))
put("max_drawdown_date", lambda R: R.days[deepest(R)[1]].isoformat())
put("max_drawdown_start", lambda R: R.days[deepest(R)[0]].isoformat())
put("max_drawdown_end", lambda R: R.days[deepest(R)[2]].isoformat())
put("max_drawdown_bars", lambda R: run_length(R.D, lambda d: d < 0))
put("longest_drawdown_days", lambda R: max([length(R, e) for e in R.episodes] + [0]))
put("mean_drawdown", lambda R: mean([R.D[e[1]] for e in R.episodes]))
put("mean_drawdown_days", lambda R: mean([F(length(R, e)) for e in R.episodes]))


@metric("drawdown_recovery_days")
def _(R):
    closed = [e for e in R.episodes if not e[3]]
    if not closed:
        raise Undefined
    return max((R.days[e[2] + 1] - R.days[max(0, e[0] - 1)]).days for e in closed)


@metric("ulcer_index")
def ulcer(R):
    return sqrt(sum((d * d for d in R.D), F(0)) / R.n)


depth = lambda R: -min(R.D + [F(0)])
put("recovery_factor", lambda R: over(abs(sum(R.r)), depth(R)))

sharpe = lambda R: times(over(mean(R.x), deviation(R.x)), sqrt(R.N))
put("sharpe", sharpe)


def half(R):
    """The chance is exactly one half where the estimate is the threshold."""
    if mean(R.x) != 0:
        raise ValueError
    deviation(R.x)
    return F(1, 2)


def half_at_one(R):
    s = deviation(R.x)
    if over(mean(R.x), s) != over(F(1), sqrt(R.N)):
        raise ValueError
    return F(1, 2)


put("probabilistic_sharpe", half)
put("probabilistic_sharpe_one", half_at_one)


def penalty(R):
    if R.n < 3:
        raise Undefined
    a, b = R.x[:-1], R.x[1:]
    va, vb = variance(a), variance(b)
    if va == 0 or vb == 0:
        raise Undefined
    rho = over(covariance(a, b), sqrt(va * vb))
    if isinstance(rho, Root):
        raise ValueError("choose a case with a rational serial correlation")
    rho = abs(rho)
    return sqrt(1 + 2 * sum(F(R.n - i, R.n) * rho**i for i in range(1, R.n)))


def sortino(R):
    if lower(R) == 0:
        raise Undefined
    return times(over(mean(R.x), sqrt(lower(R))), sqrt(R.N))


put("smart_sharpe", lambda R: over(sharpe(R), penalty(R)))
put("sortino", sortino)
put("smart_sortino", lambda R: over(sortino(R), penalty(R)))
put("adjusted_sortino", lambda R: over(sortino(R), sqrt(2)))
put("smart_adjusted_sortino", lambda R: over(over(sortino(R), penalty(R)), sqrt(2)))
put("omega", lambda R: over(sum((max(x, F(0)) for x in R.x), F(0)), sum((max(-x, F(0)) for x in R.x), F(0))))


@metric("calmar")
def _(R):
    g = power(total(R), R.N / R.n)
    if isinstance(g, Root):
        raise ValueError("choose a case with a rational return a year")
    return over(g - 1, depth(R))


put("ulcer_performance", lambda R: over(total(R) - 1 - R.rate, ulcer(R)))


@metric("serenity")
def _(R):
    threshold = quantile(R.D, F(1, 20))
    tail = mean([d for d in R.D if d <= threshold])
    pitfall = over(-tail, deviation(R.r))
    if pitfall == 0 or ulcer(R) == 0:
        raise Undefined
    return over(sum(R.r) - R.rate, times(ulcer(R), pitfall))


pain = lambda values: sum((max(-v, F(0)) for v in values), F(0))
gain = lambda values: sum((max(v, F(0)) for v in values), F(0))
put("gain_to_pain", lambda R: over(sum(R.r), pain(R.r)))


@metric("gain_to_pain_month")
def _(R):
    months = [sum(R.r[a:b]) for a, b in R.groups(MONTH)]
    return over(sum(months), pain(months))


put("risk_return", lambda R: over(mean(R.r), deviation(R.r)))

wins = lambda values: [v for v in values if v > 0]
losses = lambda values: [v for v in values if v < 0]
rate = lambda values: over(F(len(wins(values))), F(len([v for v in values if v != 0])))
payoff = lambda values: mean(wins(values)) / abs(mean(losses(values)))
factor = lambda values: over(gain(values), pain(values))
tail = lambda values: abs(over(quantile(values, F(19, 20)), quantile(values, F(1, 20))))
put("bar_mean_win", lambda R: mean(wins(R.r)))
put("bar_mean_loss", lambda R: mean(losses(R.r)))
put("bar_win_rate", lambda R: rate(R.r))
put("bar_payoff", lambda R: payoff(R.r))


@metric("bar_profit_ratio")
def _(R):
    up = [r for r in R.r if r >= 0]
    down = losses(R.r)
    return (mean(up) / len(up)) / abs(mean(down) / len(down))


put("bar_profit_factor", lambda R: factor(R.r))
put("tail_ratio", lambda R: tail(R.r))
put("common_sense_ratio", lambda R: factor(R.r) * tail(R.r))
put("cpc_index", lambda R: factor(R.r) * rate(R.r) * payoff(R.r))
put(
    "outlier_win",
    lambda R: over(quantile(R.r, F(99, 100)), mean([r for r in R.r if r >= 0])),
)
put("outlier_loss", lambda R: quantile(R.r, F(1, 100)) / mean(losses(R.r)))
put("kelly", lambda R: rate(R.r) - (1 - rate(R.r)) / payoff(R.r))
put("risk_of_ruin", lambda R: ((1 - rate(R.r)) / (1 + rate(R.r))) ** R.n)
put("bar_consecutive_wins", lambda R: run_length(R.r, lambda r: r > 0))
put("bar_consecutive_losses", lambda R: run_length(R.r, lambda r: r < 0))


def product(values):
    out = F(1)
    for v in values:
        out *= 1 + v
    return out


beta = lambda R: over(covariance(R.r, given(R.b)), variance(R.b))
put("benchmark_return", lambda R: product(given(R.b)) - 1)
put("excess_return", lambda R: total(R) - product(given(R.b)))
put("alpha", lambda R: R.N * (mean(R.x) - beta(R) * (mean(R.b) - R.f)))
put("beta", beta)


@metric("correlation")
def correlation(R):
    spread = variance(R.r) * variance(given(R.b))
    if spread == 0:
        raise Undefined
    return over(covariance(R.r, R.b), sqrt(spread))


@metric("r_squared")
def _(R):
    c = correlation(R)
    return c.square if isinstance(c, Root) else c * c


put("treynor", lambda R: over(R.N * mean(R.x), beta(R)))
away = lambda R: [r - b for r, b in zip(R.r, given(R.b))]
put("tracking_error", lambda R: sqrt(variance(away(R)) * R.N))
put("information_ratio", lambda R: times(over(mean(away(R)), deviation(away(R))), sqrt(R.N)))

count = lambda R: len(R.T) if R.all_trades is not None else given(None)
put("trades", count)
put("open_trades", lambda R: sum(bool(t.get("open")) for t in given(R.all_trades)))
put("trades_per_day", lambda R: F(count(R), gap(R)))
put("wins", lambda R: len(wins(R.p())))
put("draws", lambda R: sum(p == 0 for p in R.p()))
put("losses", lambda R: len(losses(R.p())))
put("win_rate", lambda R: F(len(wins(R.p())), len(R.p())))
put("loss_rate", lambda R: F(len(losses(R.p())), len(R.p())))
put("win_loss_ratio", lambda R: over(F(len(wins(R.p()))), F(len(losses(R.p())))))
put("consecutive_wins", lambda R: run_length(R.p(), lambda p: p > 0))
put("consecutive_losses", lambda R: run_length(R.p(), lambda p: p < 0))
hours = lambda R, holds: [t["hours"] / 24 for t in R.closed() if holds(t["profit"])]
for suffix, holds in (("", lambda p: True), ("_winners", lambda p: p > 0), ("_losers", lambda p: p < 0)):
    put("holding_mean" if not suffix else f"holding{suffix}", lambda R, h=holds: mean(hours(R, h)))
    put(f"holding_median{suffix}", lambda R, h=holds: quantile(hours(R, h), F(1, 2)))
put("holding_shortest", lambda R: min(hours(R, lambda p: True)))
put("holding_longest", lambda R: max(hours(R, lambda p: True)))
side = lambda R, short: [t["profit"] for t in R.closed() if bool(t.get("short")) == short]
put("trades_long", lambda R: len(side(R, False)))
put("trades_short", lambda R: len(side(R, True)))
put("profit_long", lambda R: sum(side(R, False), F(0)))
put("profit_short", lambda R: sum(side(R, True), F(0)))
put("return_long", lambda R: sum(side(R, False), F(0)) / R.V[0])
put("return_short", lambda R: sum(side(R, True), F(0)) / R.V[0])


def by_symbol(R):
    sums = {}
    for t in R.closed():
        sums[t["symbol"]] = sums.get(t["symbol"], F(0)) + t["profit"]
    return sums


put("best_symbol", lambda R: min(by_symbol(R).items(), key=lambda kv: (-kv[1], kv[0]))[0])
put("worst_symbol", lambda R: min(by_symbol(R).items(), key=lambda kv: (kv[1], kv[0]))[0])

put("profit_factor", lambda R: factor(R.p()))
put("expectancy", lambda R: mean(R.p()))
put(
    "expectancy_ratio",
    lambda R: F(len(wins(R.p())), len(R.p())) * payoff(R.p()) - F(len(losses(R.p())), len(R.p())),
)
put("payoff", lambda R: payoff(R.p()))
put("sqn", lambda R: times(over(mean(R.p()), deviation(R.p())), sqrt(len(R.p()))))
put("trade_sharpe", lambda R: over(mean(R.p()), deviation(R.p())))
put("trade_sortino", lambda R: over(mean(R.p()), deviation(losses(R.p()))))
put("profit_deviation", lambda R: deviation(R.p()))
put("loss_deviation", lambda R: deviation(losses(R.p())))
parts = lambda R: [t["profit"] / t["stake"] for t in R.closed()]
put("best_trade", lambda R: max(parts(R)))
put("worst_trade", lambda R: min(parts(R)))
put("mean_trade", lambda R: mean(parts(R)))
put("median_trade", lambda R: quantile(parts(R), F(1, 2)))


def account(R):
    money, out = R.V[0], []
    for p in R.p():
        out.append(p / money)
        money += p
    return out


put("mean_win_of_account", lambda R: mean(wins(account(R))))
put("mean_loss_of_account", lambda R: mean(losses(account(R))))
put("total_won", lambda R: gain(R.p()))
put("total_lost", lambda R: -pain(R.p()))
put("largest_win", lambda R: max(wins(R.p()), default=None) if wins(R.p()) else given(None))
put("largest_loss", lambda R: min(losses(R.p())) if losses(R.p()) else given(None))
put("mean_win", lambda R: mean(wins(R.p())))
put("mean_loss", lambda R: mean(losses(R.p())))
put("mean_stake", lambda R: mean([t["stake"] for t in R.closed()]))
put("volume", lambda R: sum(t["stake"] for t in R.closed()))
put("trade_costs", lambda R: sum(t["fees"] for t in R.closed()))

worst = lambda R: [F(given(t.get("adverse"))) for t in R.closed()]
top = lambda R: [F(given(t.get("favourable"))) for t in R.closed()]
put("mean_adverse", lambda R: mean(worst(R)))
put("mean_favourable", lambda R: mean(top(R)))
put("largest_adverse", lambda R: min(worst(R) + [F(0)]))
put("largest_favourable", lambda R: max(top(R) + [F(0)]))


def fall_of_profits(R):
    sums, peak, low = F(0), F(0), F(0)
    for p in R.p():
        sums += p
        peak = max(peak, sums)
        low = min(low, sums - peak)
    return low


put("max_closed_drawdown", fall_of_profits)


@metric("max_intra_drawdown")
def _(R):
    sums, peak, low = F(0), F(0), F(0)
    for p, a, f in zip(R.p(), worst(R), top(R)):
        peak = max(peak, sums + f)
        low = min(low, sums + a - peak)
        sums += p
    return low


put("max_end_drawdown", lambda R: min([p - f for p, f in zip(R.p(), top(R))] + [F(0)]))
put("mean_end_drawdown", lambda R: mean(R.p()) - mean(top(R)))
put("profit_to_drawdown", lambda R: over(sum(R.p()), -fall_of_profits(R)))


@metric("max_drawdown_duration")
def _(R):
    trades = R.closed()
    sums, peak, since, below, longest = F(0), F(0), F(trades[0]["entry_hour"]), False, None
    for t in trades:
        sums += t["profit"]
        if sums > peak:
            if below:
                longest = max(longest or F(0), (F(t["exit_hour"]) - since) / 24)
            peak, since, below = sums, F(t["exit_hour"]), False
        elif t["profit"] <= 0:
            below = True
    return given(longest)


for key in (
    "orders",
    "rejected_signals",
    "entry_timeouts",
    "exit_timeouts",
    "cancelled_entries",
    "cancelled_entry_orders",
    "replaced_entry_orders",
):
    put(key, lambda R, key=key: given(R.case.get("orders"))[key])
put("order_hash", lambda R: given(given(R.case.get("orders")).get("hash")))


def days(first, count, step=1):
    start = datetime.date.fromisoformat(first)
    return [(start + datetime.timedelta(i * step)).isoformat() for i in range(count)]


def path(returns, start="100"):
    values = [F(start)]
    for r in returns:
        values.append(values[-1] * (1 + F(r)))
    return [str(v) for v in values]


TRADES = [
    # Hours since the midnight (UTC) that begins 2024-01-01.
    {"symbol": "AAA", "entry_hour": "0", "exit_hour": "48", "stake": "1000", "profit": "120", "fees": "3", "adverse": "-20", "favourable": "150"},
    {"symbol": "BBB", "short": True, "entry_hour": "24", "exit_hour": "60", "stake": "500", "profit": "-50", "fees": "2", "adverse": "-80", "favourable": "10"},
    {"symbol": "AAA", "entry_hour": "72", "exit_hour": "96", "stake": "1000", "profit": "-30", "fees": "3", "adverse": "-45", "favourable": "0"},
    {"symbol": "CCC", "entry_hour": "80", "exit_hour": "104", "stake": "800", "profit": "0", "fees": "1", "adverse": "-5", "favourable": "25"},
    {"symbol": "BBB", "short": True, "entry_hour": "100", "exit_hour": "196", "stake": "600", "profit": "90", "fees": "2", "adverse": "-10", "favourable": "95"},
    {"symbol": "CCC", "entry_hour": "150", "exit_hour": "222", "stake": "700", "profit": "35", "fees": "4", "adverse": "0", "favourable": "60"},
    {"symbol": "AAA", "entry_hour": "220", "exit_hour": "240", "stake": "900", "profit": "12", "fees": "1", "open": True},
]
ORDERS = {
    "orders": 14, "rejected_signals": 3, "entry_timeouts": 2, "exit_timeouts": 1,
    "cancelled_entries": 1, "cancelled_entry_orders": 4, "replaced_entry_orders": 5, "hash": "00ff",
}
UP_DOWN = ["1/5", "-1/10", "0", "1/8", "-1/9", "1/4", "-1/5", "1/10"]
CASES = [
    {
        # The account ends where it ends after whole years, so that powers are whole.
        "name": "eight bars of half a year's eighth, with everything",
        "bars_per_year": "8",
        "days": days("2024-01-01", 8),
        "values": path(UP_DOWN, "10000"),
        "benchmark": ["1/10", "-1/20", "1/50", "1/25", "-1/10", "1/8", "-1/16", "0"],
        "exposure": ["1", "1/2", "0", "-1/4", "3/4", "1", "1/8", "0"],
        "traded": ["5000", "0", "2500", "1000", "0", "750", "125", "3000"],
        "fees": "321/10",
        "participation": {"symbol": "BBB", "share": "1/400"},
        "trades": TRADES,
        "orders": ORDERS,
    },
    {
        "name": "half a year at a risk-free rate of 21%",
        "bars_per_year": "2",
        "risk_free_rate": "21/100",
        "days": ["2023-06-30"],
        "values": path(["1/4"]),
        "benchmark": ["1/10"],
        "exposure": ["1"],
    },
    {
        "name": "four half years at a risk-free rate of 21%",
        "bars_per_year": "2",
        "risk_free_rate": "21/100",
        "days": ["2022-06-30", "2022-12-30", "2023-06-30", "2023-12-29"],
        "values": path(["1/4", "-1/5", "1/2", "1/5"]),
        "benchmark": ["1/10", "0", "1/5", "1/10"],
    },
    {
        # Windows of 3, 5 and 10 years hold whole numbers of bars and their growth has whole powers.
        "name": "eleven years of one bar each",
        "bars_per_year": "1",
        "days": [f"{year}-12-31" for year in range(2013, 2025)],
        "values": path(["1/2"] + ["1/10"] * 11),
    },
    {
        "name": "eighteen months, rising then falling back, each a bar",
        "bars_per_year": "18",
        "days": [f"{2022 + m // 12}-{m % 12 + 1:02}-15" for m in range(18)],
        "values": path(
            ["1/10", "-1/11", "1/5", "-1/6", "1/4", "1/5", "-1/3", "-1/4", "1/2", "0", "1/3", "-1/2",
             "1/9", "1/10", "-1/11", "1/7", "-1/8", "1/50"]),
    },
    {"name": "returns that alternate: serial correlation −1", "bars_per_year": "4",
     "days": days("2024-03-01", 4), "values": path(["1/10", "-1/20", "1/10", "-1/20"])},
    {"name": "a mean return of nothing: even odds", "bars_per_year": "252",
     "days": days("2024-03-01", 4), "values": path(["1/10", "-1/10", "1/5", "-1/5"])},
    # mean 1/10, deviation 1/5, N = 4: the Sharpe ratio is 1 exactly.
    {"name": "a Sharpe ratio of one", "bars_per_year": "4", "days": days("2024-03-01", 3),
     "values": path(["-1/10", "1/10", "3/10"])},
    {"name": "nothing ever happens", "bars_per_year": "252", "days": days("2024-03-01", 5),
     "values": ["100"] * 6, "trades": [], "exposure": ["0"] * 5, "traded": ["0"] * 5,
     "benchmark": ["0"] * 5},
    {"name": "only gains", "bars_per_year": "3", "days": days("2024-03-01", 3),
     "values": path(["1/10", "1/5", "3/10"]),
     "trades": [TRADES[0]], "benchmark": ["1/10", "1/5", "3/10"]},
    {"name": "only losses", "bars_per_year": "3", "days": days("2024-03-01", 3),
     "values": path(["-1/10", "-1/5", "-3/10"]), "trades": [TRADES[1], TRADES[2]]},
    {"name": "ruin in the last bar", "bars_per_year": "2", "days": days("2024-03-01", 2),
     "values": ["100", "50", "0"]},
    {"name": "one bar", "bars_per_year": "1", "days": ["2024-02-29"], "values": ["100", "110"],
     "trades": [], "orders": {**ORDERS, "hash": None}},
]


def shown(value):
    if isinstance(value, Root):
        return {"sign": value.sign, "root": str(value.square)}
    if isinstance(value, dict):
        return value
    return str(value)


def main():
    cases = []
    for case in CASES:
        run, expected, left = Run(case), {}, []
        for key, function in M.items():
            try:
                expected[key] = shown(function(run))
            except Undefined:
                expected[key] = None
            except ValueError:
                left.append(key)
        cases.append({**case, "expected": expected, "not_exact": left})
    json.dump(
        {
            "about": "Runs and the exact value of every metric of docs/METRICS.md: p/q, or plus + sign * sqrt(root); "
            "null where a figure has no value. Bars end at 16:00 UTC on their day; hours of trades count "
            "from 2024-01-01T00:00Z. not_exact names figures of a case that are neither.",
            "made_by": "Tests/EvidenceTests/Vectors/make_vectors.py",
            "cases": cases,
        },
        __import__("sys").stdout, indent=1, ensure_ascii=False)
    print()


main()
