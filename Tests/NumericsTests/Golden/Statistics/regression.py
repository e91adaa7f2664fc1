"""Writes regression.json: least squares by mpmath at 80 digits, where NumPy and statsmodels have too few.

The first sample is that of samples.json, the second one is ill-conditioned: powers of numbers close to
each other. pip install mpmath; python regression.py
"""
import json
import pathlib
import random

import mpmath as mp

mp.mp.dps = 80
folder = pathlib.Path(__file__).parent


def solved(response, rows, lags):
    """Coefficients, errors of three kinds, chances and the explained share."""
    n, k = len(rows), len(rows[0]) + 1
    x = mp.matrix([[1, *row] for row in rows])
    y = mp.matrix(response)
    inverse = mp.inverse(x.T * x)
    coefficients = inverse * (x.T * y)
    residuals = y - x * coefficients
    squares = mp.fsum(u * u for u in residuals)
    classic = [mp.sqrt(squares / (n - k) * inverse[i, i]) for i in range(k)]
    middle = mp.matrix(k, k)
    for lag in range(lags + 1):
        weight = 1 - mp.mpf(lag) / (lags + 1)
        for t in range(lag, n):
            for i in range(k):
                for j in range(k):
                    one = x[t, i] * residuals[t] * residuals[t - lag] * x[t - lag, j]
                    two = x[t - lag, i] * residuals[t - lag] * residuals[t] * x[t, j]
                    middle[i, j] += weight * (one + two if lag else one)
    robust = inverse * middle * inverse
    newey_west = [mp.sqrt(robust[i, i]) for i in range(k)]
    freedom = mp.mpf(n - k)
    chances = [
        mp.betainc(freedom / 2, 0.5, 0, freedom / (freedom + (b / e) ** 2), regularized=True)
        for b, e in zip(coefficients, classic)]
    mean = mp.fsum(y) / n
    total = mp.fsum((value - mean) ** 2 for value in y)
    return {
        "coefficients": [float(b) for b in coefficients], "classic": [float(e) for e in classic],
        "newey_west": [float(e) for e in newey_west],
        "corrected": [float(e * mp.sqrt(mp.mpf(n) / (n - k))) for e in newey_west],
        "chances": [float(p) for p in chances], "explained": float(1 - squares / total)}


def exact(response, design, columns):
    rows = [design[i:i + columns] for i in range(0, len(design), columns)]
    numbers = [[mp.mpf(value) for value in row] for row in rows]
    return {"response": response, "design": design, **solved([mp.mpf(y) for y in response], numbers, 5)}


plain = json.loads((folder / "samples.json").read_text())["regression"]
generator = random.Random(11)
points = [1000 + i / 16 for i in range(40)]
near = [value for x in points for value in (x, x * x)]
bent = [round(3 + 0.25 * x - 1e-4 * x * x + generator.gauss(0, 0.01), 6) for x in points]
samples = {"plain": exact(plain["response"], plain["design"], 3), "near": exact(bent, near, 2)}
(folder / "regression.json").write_text(json.dumps(samples, indent=1).replace(",\n   ", ", ") + "\n")
