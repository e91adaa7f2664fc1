"""Writes significance.json: what scipy, statsmodels and arch find for series that are written with it.

    VENV/bin/pip install numpy scipy statsmodels arch
    VENV/bin/python Tests/EvidenceTests/Golden/make_significance.py > Tests/EvidenceTests/Golden/significance.json
"""

import json
import warnings
from importlib import metadata

import numpy as np
import scipy.stats as st
import statsmodels.api as sm

warnings.filterwarnings("ignore")
rng = np.random.default_rng(8)
out = {"versions": {n: metadata.version(n) for n in ("numpy", "scipy", "statsmodels", "arch")}}

# The probabilistic Sharpe ratio, its error and the minimum track record, from scipy's moments.
r = rng.standard_t(5, 400) * 0.01 + 0.0008
sharpe = r.mean() / r.std(ddof=1)
g3, g4 = st.skew(r), st.kurtosis(r, fisher=False)
variance = 1 - g3 * sharpe + (g4 - 1) / 4 * sharpe**2
error = np.sqrt(variance / (len(r) - 1))
out["sharpe"] = {
    "returns": r.tolist(), "sharpe": sharpe, "skewness": g3, "kurtosis": g4, "error": error,
    "chance_zero": st.norm.cdf(sharpe / error), "chance_some": st.norm.cdf((sharpe - 0.02) / error),
    "minimum": 1 + variance * (st.norm.ppf(0.95) / (sharpe - 0.02)) ** 2,
    "expected_maximum": {
        str(k): (1 - np.euler_gamma) * st.norm.ppf(1 - 1 / k)
        + np.euler_gamma * st.norm.ppf(1 - 1 / (k * np.e)) for k in (10, 100, 10000)},
}

# Diebold and Mariano by regression on a constant: statsmodels' HAC has Bartlett's weights.
e1 = np.cumsum(rng.normal(size=160)) * 0.05 + rng.normal(size=160)
e2 = rng.normal(size=160) * 1.1
d = e1**2 - e2**2
dm = {"first": (e1**2).tolist(), "second": (e2**2).tolist(), "cases": []}
for h in (1, 4):
    n = len(d)
    fit = sm.OLS(d, np.ones(n)).fit(cov_type="HAC", cov_kwds={"maxlags": h - 1, "use_correction": False})
    k = np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    t = fit.tvalues[0] * k
    c = d - d.mean()
    full = c @ c / n + 2 * sum(c[j:] @ c[:-j] / n for j in range(1, h))
    tr = d.mean() / np.sqrt(full / n) * k
    dm["cases"].append({
        "horizon": h, "bartlett": t, "bartlett_p": 2 * st.t.sf(abs(t), n - 1),
        "rectangular": tr, "rectangular_p": 2 * st.t.sf(abs(tr), n - 1)})
out["diebold_mariano"] = dm

# SPA and reality check: arch's own, with 20,000 resamples; p-values of a bootstrap agree to sampling.
from arch.bootstrap import SPA

spa = []
for case, lift in enumerate((0.0, 0.12, 0.3)):
    n, m = 500, 8
    base = rng.normal(size=n)
    bench = base**2
    models = np.empty((n, m))
    for j in range(m):
        models[:, j] = bench + rng.normal(size=n) * 0.8 + (0.25 if j < 3 else 0.0)
    models[:, 5] -= lift
    test = SPA(bench, models, block_size=8, reps=20000, bootstrap="stationary", studentize=True, seed=3)
    test.compute()
    plain = SPA(bench, models, block_size=8, reps=20000, bootstrap="stationary", studentize=False, seed=3)
    plain.compute()
    spa.append({
        # Rounded, so that the file stays small; both sides are given the rounded numbers below.
        "differences": np.round(bench[:, None] - models, 4).tolist(),
        "lower": test.pvalues["lower"], "consistent": test.pvalues["consistent"],
        "upper": test.pvalues["upper"], "reality_check": plain.pvalues["upper"]})
out["spa"] = spa

# Kupiec and Christoffersen, from the likelihoods as scipy has them.
hits = (rng.random(750) < 0.08).astype(int)
hits[100:104] = 1
rate, n, x = 0.05, len(hits), int(hits.sum())
ll = lambda p, k, m: st.binom.logpmf(k, m, p) - st.binom.logpmf(k, m, k / m)
kupiec = -2 * ll(rate, x, n)
pairs = np.zeros((2, 2), int)
for a, b in zip(hits[:-1], hits[1:]):
    pairs[a, b] += 1
lb = lambda k, m, p: k * np.log(p) + (m - k) * np.log(1 - p)
p01, p11 = pairs[0, 1] / pairs[0].sum(), pairs[1, 1] / pairs[1].sum()
p = pairs[:, 1].sum() / pairs.sum()
independence = -2 * (
    lb(pairs[:, 1].sum(), pairs.sum(), p) - lb(pairs[0, 1], pairs[0].sum(), p01) - lb(pairs[1, 1], pairs[1].sum(), p11))
out["coverage"] = {
    "hits": hits.tolist(), "rate": rate, "kupiec": kupiec, "kupiec_p": st.chi2.sf(kupiec, 1),
    "independence": independence, "independence_p": st.chi2.sf(independence, 1),
    "conditional": kupiec + independence, "conditional_p": st.chi2.sf(kupiec + independence, 2)}

# Value at risk: historical by numpy's quantile, parametric by scipy.
R = (rng.standard_t(4, size=(600, 3)) @ np.array([[1, 0.4, 0.2], [0, 0.9, 0.3], [0, 0, 0.8]])) * 0.01 + 0.0003
w = np.array([0.5, 0.3, -0.1])
pr = R @ w
q = np.quantile(pr, 0.05)
mu, sd = w @ R.mean(0), np.sqrt(w @ np.cov(R.T) @ w)
out["value_at_risk"] = {
    "returns": R.tolist(), "weights": w.tolist(), "historical_var": q, "historical_cvar": pr[pr <= q].mean(),
    "parametric_var": st.norm.ppf(0.05, mu, sd), "parametric_cvar": mu - sd * st.norm.pdf(st.norm.ppf(0.05)) / 0.05}
print(json.dumps(out))
