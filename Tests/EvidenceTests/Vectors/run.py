"""A run of make_vectors.py: its values, returns, groups of days, trades."""

import datetime
from fractions import Fraction as F

from exact import *


class Run:
    def __init__(self, case):
        self.case = case
        self.V = [F(v) for v in case["values"]]
        self.n = len(self.V) - 1
        self.N = F(case["bars_per_year"])
        self.r = [self.V[i + 1] / self.V[i] - 1 for i in range(self.n)]
        rate = F(case.get("risk_free_rate", "0"))
        self.rate = rate
        f = power(1 + rate, 1 / self.N)
        self.f = f - 1
        self.x = [r - self.f for r in self.r]
        self.days = [datetime.date.fromisoformat(d) for d in case["days"]]
        self.b = [F(v) for v in case["benchmark"]] if "benchmark" in case else None
        self.h = [F(v) for v in case["exposure"]] if "exposure" in case else None
        self.traded = [F(v) for v in case["traded"]] if "traded" in case else None
        peak, self.D, self.fall = self.V[0], [], []
        for v in self.V[1:]:
            peak = max(peak, v)
            self.D.append(v / peak - 1)
            self.fall.append(v - peak)
        self.episodes = []
        i = 0
        while i < self.n:
            if self.D[i] < 0:
                start = i
                while i < self.n and self.D[i] < 0:
                    i += 1
                trough = min(range(start, i), key=lambda j: self.D[j])
                self.episodes.append((start, trough, i - 1, i == self.n))
            else:
                i += 1
        trades = case.get("trades")
        self.all_trades = None
        if trades is not None:
            self.all_trades = [
                {
                    **t,
                    "stake": F(t["stake"]),
                    "profit": F(t["profit"]),
                    "fees": F(t.get("fees", "0")),
                    "hours": F(t["exit_hour"]) - F(t["entry_hour"]),
                }
                for t in trades
            ]
            self.T = sorted(
                (t for t in self.all_trades if not t.get("open")),
                key=lambda t: (F(t["exit_hour"]), F(t["entry_hour"])),
            )

    def groups(self, key):
        out, last = [], None
        for i, day in enumerate(self.days):
            k = key(day)
            if k != last:
                out.append([i, i])
                last = k
            out[-1][1] = i
        return [(a, b + 1) for a, b in out]

    def compounded(self, a, b):
        return self.V[b] / self.V[a] - 1

    def by(self, key):
        return [self.compounded(a, b) for a, b in self.groups(key)]

    def closed(self):
        if self.all_trades is None or not self.T:
            raise Undefined
        return self.T

    def p(self):
        return [t["profit"] for t in self.closed()]


DAY = lambda d: d
MONTH = lambda d: (d.year, d.month)
QUARTER = lambda d: (d.year, (d.month - 1) // 3)
YEAR = lambda d: d.year


def months_before(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - datetime.timedelta(1)).day
    return datetime.date(year, month + 1, min(day.day, last))


def given(value):
    if value is None:
        raise Undefined
    return value
