"""Writes samples.json: answers of NumPy, SciPy, pandas, scikit-learn and statsmodels, and moments by
mpmath at 700 digits.

pip install numpy scipy pandas scikit-learn statsmodels mpmath; python samples.py
"""
import json
import pathlib

import mpmath as mp
import numpy as np
import pandas as pd
import scipy.stats as st
import statsmodels.api as sm
from sklearn.covariance import ledoit_wolf
from statsmodels.tsa.stattools import acf

mp.mp.dps = 700
random = np.random.default_rng(20240229)


def moments(values):
    values = [mp.mpf(float(value)) for value in values]
    n = len(values)
    mean = mp.fsum(values) / n
    second, third, fourth = (mp.fsum((value - mean) ** power for value in values) / n for power in (2, 3, 4))
    return [float(mean), float(second * n / (n - 1)), float(third / second ** mp.mpf(1.5)), float(fourth / second ** 2 - 3)]


def covariance(first, second):
    first, second = ([mp.mpf(float(value)) for value in values] for values in (first, second))
    n = len(first)
    a, b = mp.fsum(first) / n, mp.fsum(second) / n
    ab, aa, bb = (mp.fsum((x - u) * (y - v) for x, y in zip(p, q)) for p, q, u, v in ((first, second, a, b), (first, first, a, a), (second, second, b, b)))
    return [float(ab / (n - 1)), float(ab / mp.sqrt(aa * bb))]


noise = random.standard_normal(200)
series = {
    "plain": noise,
    "far_mean": 1e9 + np.round(noise * 1e-3, 6),
    "outlier_first": np.concatenate([[-3e9], 1 + noise[:150] * 1e-6]),
    "alternating_huge": np.where(np.arange(120) % 2 == 0, 1.0, -1.0) * 1e70 * (1 + 1e-9 * noise[:120]),
    "huge": 1e150 * random.gamma(2, size=80),
    "tiny": 1e-150 * random.gamma(2, size=80),
    "zero_then_large": np.concatenate([[0.0, 1e-250], 1e40 * random.gamma(3, size=60)]),
    "denormal": np.round(random.gamma(2, size=60) * 1000) * 5e-324,
}
golden = {"moments": {name: {"values": values.tolist(), "expected": moments(values)} for name, values in series.items()}}
other = np.round(0.3 * noise + random.standard_normal(200), 9)
golden["covariances"] = [
    {"first": a.tolist(), "second": b.tolist(), "expected": covariance(a, b)}
    for a, b in ((noise, other), (series["far_mean"], 5e8 + other * 1e-4), (noise[:60] * 1e-120, series["huge"][:60]))
]
ties = np.round(noise[:80] * 2)
golden["ranks"] = {
    "values": ties.tolist(), "ranks": st.rankdata(ties).tolist(), "other": other[:80].tolist(),
    "spearman": st.spearmanr(ties, other[:80]).statistic,
}
levels = [0, 0.01, 0.1, 0.25, 0.5, 1 / 3, 0.9, 0.999, 1]
golden["quantiles"] = {"probabilities": levels, "plain": np.quantile(noise, levels).tolist(), "ties": np.quantile(ties, levels).tolist()}
gaps = pd.Series(noise[:40].copy())
gaps[[0, 7, 8, 20]] = np.nan
golden["averages"] = {
    "values": [None if np.isnan(value) else value for value in gaps],
    **{f"{name}_{start}": [None if np.isnan(value) else value for value in gaps.ewm(adjust=start == "adjusted", **how).mean()]
       for name, how in (("span", {"span": 9}), ("half_life", {"halflife": 3.5}), ("alpha", {"alpha": 0.2}))
       for start in ("adjusted", "first")},
}
walk = np.cumsum(noise) + 1000
golden["autocorrelation"] = {"values": walk.tolist(), "expected": acf(walk, nlags=12, fft=False).tolist()}
wide = random.standard_normal((30, 12)) @ random.standard_normal((12, 12)) * 0.01
shrunk, shrinkage = ledoit_wolf(wide)
golden["shrinkage"] = {"rows": 30, "columns": 12, "samples": wide.ravel().tolist(), "matrix": shrunk.ravel().tolist(), "shrinkage": shrinkage}
golden["correlation"] = np.corrcoef(wide, rowvar=False).ravel().tolist()
design = random.standard_normal((120, 3)) * [1, 100, 0.01]
shocks = np.convolve(random.standard_normal(123), [1, 0.6, 0.4, 0.2], mode="valid")
response = 2 + design @ [0.5, -0.02, 30] + shocks * (1 + 0.5 * np.abs(design[:, 0]))
model = sm.OLS(response, sm.add_constant(design))
plain, robust = model.fit(), model.fit(cov_type="HAC", cov_kwds={"maxlags": 5})
corrected = model.fit(cov_type="HAC", cov_kwds={"maxlags": 5, "use_correction": True})
golden["regression"] = {
    "response": response.tolist(), "design": design.ravel().tolist(), "coefficients": plain.params.tolist(),
    "classic": plain.bse.tolist(), "chances": plain.pvalues.tolist(), "explained": plain.rsquared,
    "newey_west": robust.bse.tolist(), "corrected": corrected.bse.tolist(),
}
pathlib.Path(__file__).with_name("samples.json").write_text(json.dumps(golden, indent=1).replace(",\n    ", ", ").replace("\n     ", " ") + "\n")
