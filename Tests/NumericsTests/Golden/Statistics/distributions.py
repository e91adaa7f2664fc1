"""Writes distributions.json: densities and both tails by mpmath at 60 digits.

pip install mpmath; python distributions.py
"""
import json
import pathlib

import mpmath as mp

mp.mp.dps = 60
f = mp.mpf


def gamma_row(a, x):
    a, x = f(a), f(x)
    density = mp.exp((a - 1) * mp.log(x) - x - mp.loggamma(a))
    with mp.workdps(420):
        # All terms are positive, and there are digits enough to take even the far tail from 1.
        term = mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))
        lower, shape = f(0), a
        while shape < x or term > lower * f(10) ** -415:
            lower += term
            shape += 1
            term *= x / shape
        upper = 1 - lower
    return density, lower, upper


def beta_tails(a, b, x, y):
    """Both tails from the power series at the nearer end, with digits enough to take it from 1."""
    def series(a, b, x, y):
        log_term = a * mp.log(x) + b * mp.log(y) - (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
        term, total, n, tiny = f(1) / a, f(0), 0, f(10) ** -415
        # DLMF 8.17.8: x^a y^b / (a B) 2F1(a + b, 1; a + 1; x), all terms positive.
        while True:
            total += term
            n += 1
            term *= (a + b + n - 1) * x / (a + n)
            if (a + b + n) * x < (a + n + 1) and term < total * tiny:
                return mp.exp(log_term) * total
    with mp.workdps(420):
        if x <= y:
            lower = series(a, b, x, y)
            return lower, 1 - lower
        upper = series(b, a, y, x)
        return 1 - upper, upper


def beta_density(a, b, x, y):
    return mp.exp((a - 1) * mp.log(x) + (b - 1) * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))


def beta_row(a, b, x):
    a, b, x = f(a), f(b), f(x)
    return (beta_density(a, b, x, 1 - x), *beta_tails(a, b, x, 1 - x))


def f_row(n, m, x):
    n, m, x = f(n), f(m), f(x)
    with mp.workdps(420):
        share, rest = n * x / (n * x + m), m / (n * x + m)
    density = beta_density(n / 2, m / 2, share, rest) * n / m * rest ** 2
    return (density, *beta_tails(n / 2, m / 2, share, rest))


def t_row(v, t):
    v, t = f(v), f(t)
    density = mp.exp(mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - (v + 1) / 2 * mp.log1p(t * t / v)) / mp.sqrt(v * mp.pi)
    if t == 0:
        return density, f(0.5), f(0.5)
    with mp.workdps(420):
        share, rest = t * t / (v + t * t), v / (v + t * t)
    inside, outside = beta_tails(f(0.5), v / 2, share, rest)
    lesser, greater = outside / 2, f(1) / 2 + inside / 2
    return (density, greater, lesser) if t > 0 else (density, lesser, greater)


def normal_row(x):
    x = f(x)
    return mp.npdf(x), mp.erfc(-x / mp.sqrt(2)) / 2, mp.erfc(x / mp.sqrt(2)) / 2


def chi_row(k, x):
    density, lower, upper = gamma_row(f(k) / 2, f(x) / 2)
    return density / 2, lower, upper


def around(center, width, low):
    return [x for x in (center - 8 * width, center - 2 * width, center, center + 2 * width, center + 20 * width) if x > low]


points = {
    "normal": [(x,) for x in (-37.5, -30, -20, -12.25, -8, -5, -3, -1.96, -1, -0.5, -0.1, -1e-3, -1e-9, 0, 1e-300, 1e-5, 0.3, 0.6744897501960817, 1.2815515655446004, 2, 4, 6, 10, 15, 25, 35, 38)],
    "gamma": [(a, x) for a in (0.1, 0.5, 1, 2.5) for x in (1e-8, 0.01, 0.4, 1, 1.6, 3, 20, 300)]
    + [(1e-5, 0.5), (1e-5, 3), (0.01, 1e-3), (12, 1), (12, 11.9), (12, 100)]
    + [(a, x) for a in (50.5, 1e3, 1e5, 3e6) for x in around(a, a ** 0.5, 0)],
    "chi_squared": [(k, x) for k in (1, 2, 3, 10) for x in (1e-6, 0.2, 1, 4.5, 30, 600)]
    + [(k, x) for k in (100, 12345) for x in around(k, (2 * k) ** 0.5, 0)],
    "beta": [(a, b, x) for a, b in ((0.5, 0.5), (1, 1), (2, 3), (0.1, 5), (7.5, 0.3)) for x in (1e-10, 0.01, 0.3, 0.5, 0.9, 0.999)]
    + [(50, 70, x) for x in (0.05, 0.3, 0.41, 0.6, 0.95)] + [(1e4, 2e4, x) for x in (0.3, 0.33, 0.3333, 0.34, 0.37)]
    + [(0.5, 1e5, x) for x in (1e-8, 5e-6, 1e-4)] + [(3e5, 2.5, x) for x in (0.9999, 0.99999, 0.9999999)],
    "f": [(n, m, x) for n, m in ((1, 1), (2, 5), (5, 2), (10, 30), (3.5, 120)) for x in (1e-6, 0.1, 0.8, 1, 2.5, 12, 900)]
    + [(1000, 2000, x) for x in (0.7, 0.98, 1.1, 1.6)],
    "student": [(v, t) for v in (0.5, 1, 2, 3.7, 10, 100) for t in (-1e5, -30, -4, -0.7, 0, 1e-7, 0.2, 1.5, 9)]
    + [(1e5, t) for t in (-35, -10, -2, 0.1, 3, 20)],
}
rows = {"normal": normal_row, "gamma": gamma_row, "chi_squared": chi_row, "beta": beta_row, "f": f_row, "student": t_row}
golden = {}
for name, arguments in points.items():
    golden[name] = []
    for argument in arguments:
        argument = [float(value) for value in argument]
        values = [float(value) for value in rows[name](*argument)]
        # Below the normal numbers there are no twelve digits to compare.
        golden[name].append(argument + [value if value >= 1e-300 else 0.0 for value in values])
lines = [f'  "{name}": [\n' + ",\n".join("    " + json.dumps(row) for row in table) + "\n  ]" for name, table in golden.items()]
pathlib.Path(__file__).with_name("distributions.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
