"""Writes quantstats.json: QuantStats' own figures of two series of daily returns.

    python3 -m venv VENV && VENV/bin/pip install quantstats==0.0.86
    VENV/bin/python Tests/EvidenceTests/Golden/make_quantstats.py > Tests/EvidenceTests/Golden/quantstats.json

Only functions that compute what docs/METRICS.md says are asked; the page lists the others and why.
"""

import json
import warnings
from importlib import metadata

import numpy as np
import pandas as pd
import quantstats as qs

warnings.filterwarnings("ignore")
s = qs.stats


def series(seed, count, drift, scale, flat):
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2019-01-02", periods=count)
    market = rng.standard_t(4, count) * scale + drift
    own = 0.6 * market + rng.standard_t(4, count) * scale * 0.7 + drift / 3
    own[rng.random(count) < flat] = 0.0
    return pd.Series(own, index), pd.Series(market, index)


def figures(r, b, rf):
    # As the report does it, without a second preparation of what are returns already.
    raw = dict(prepare_returns=False)
    out = {
        "return": s.comp(r),
        "return_sum": r.sum(),
        "annual_return": s.cagr(r, rf, True, 252),
        "sharpe": s.sharpe(r, rf, 252),
        "smart_sharpe": s.smart_sharpe(r, rf, 252),
        "sortino": s.sortino(r, rf, 252),
        "smart_sortino": s.smart_sortino(r, rf, 252),
        "adjusted_sortino": s.adjusted_sortino(r, rf, 252),
        "omega": s.omega(r, rf, 0.0, 252),
        "max_drawdown": s.max_drawdown(r),
        "annual_volatility": s.volatility(r, 252, True, **raw),
        "r_squared": s.r_squared(r, b, **raw),
        "calmar": s.calmar(r, prepare_returns=False, periods=252),
        "skew": s.skew(r, **raw),
        "kurtosis": s.kurtosis(r, **raw),
        "risk_return": s.risk_return_ratio(r, **raw),
        "mean_return": s.avg_return(r, **raw),
        "bar_mean_win": s.avg_win(r, **raw),
        "bar_mean_loss": s.avg_loss(r, **raw),
        "bar_payoff": s.payoff_ratio(r, **raw),
        "bar_profit_ratio": s.profit_ratio(r, **raw),
        "bar_profit_factor": s.profit_factor(r, **raw),
        "bar_win_rate": s.win_rate(r, **raw),
        "expected_bar": s.expected_return(r, **raw),
        "expected_month": s.expected_return(r, aggregate="ME", **raw),
        "expected_year": s.expected_return(r, aggregate="YE", **raw),
        "kelly": s.kelly_criterion(r, **raw),
        "risk_of_ruin": s.risk_of_ruin(r, **raw),
        "var_95": s.value_at_risk(r, **raw),
        "cvar_95": s.conditional_value_at_risk(r, **raw),
        "cvar_95_historical": s.conditional_value_at_risk(r, method="historical", **raw),
        "bar_consecutive_wins": s.consecutive_wins(r, **raw),
        "bar_consecutive_losses": s.consecutive_losses(r, **raw),
        "gain_to_pain": s.gain_to_pain_ratio(r, rf),
        "gain_to_pain_month": s.gain_to_pain_ratio(r, rf, "ME"),
        "tail_ratio": s.tail_ratio(r, **raw),
        "common_sense_ratio": s.common_sense_ratio(r, **raw),
        "cpc_index": s.cpc_index(r, **raw),
        "outlier_win": s.outlier_win_ratio(r, **raw),
        "outlier_loss": s.outlier_loss_ratio(r, **raw),
        "best_day": s.best(r, **raw),
        "worst_day": s.worst(r, **raw),
        "best_month": s.best(r, aggregate="ME", **raw),
        "worst_month": s.worst(r, aggregate="ME", **raw),
        "best_year": s.best(r, aggregate="YE", **raw),
        "worst_year": s.worst(r, aggregate="YE", **raw),
        "mean_up_month": s.avg_win(r, aggregate="ME", **raw),
        "mean_down_month": s.avg_loss(r, aggregate="ME", **raw),
        "win_days": s.win_rate(r, **raw),
        "win_months": s.win_rate(r, aggregate="ME", **raw),
        "win_quarters": s.win_rate(r, aggregate="QE", **raw),
        "win_years": s.win_rate(r, aggregate="YE", **raw),
        "recovery_factor": s.recovery_factor(r),
        "beta": s.greeks(r, b, 252, **raw)["beta"],
        "correlation": b.corr(r),
    }
    if rf == 0:
        out["alpha"] = s.greeks(r, b, 252, **raw)["alpha"]
    # Of one bar, there.
    out["information_ratio"] = s.information_ratio(r, b, **raw) * np.sqrt(252)
    details = s.drawdown_details(s.to_drawdown_series(r)).sort_values("max drawdown")
    out["mean_drawdown"] = details["max drawdown"].mean() / 100
    out["mean_drawdown_days"] = details["days"].mean()
    out["longest_drawdown_days"] = details["days"].max()
    dates = details.iloc[0]
    out["max_drawdown_date"] = dates["valley"]
    out["max_drawdown_start"] = dates["start"]
    out["max_drawdown_end"] = dates["end"]
    out["start"] = str(r.index[0].date())
    out["end"] = str(r.index[-1].date())
    return {k: v if isinstance(v, str) else float(v) for k, v in out.items()}


cases = []
for seed, count, drift, scale, flat, rf in (
    (1, 1500, 0.0004, 0.008, 0.2, 0.0), (2, 700, -0.0006, 0.02, 0.0, 0.03)):
    r, b = series(seed, count, drift, scale, flat)
    cases.append({
        "risk_free_rate": rf,
        "days": [str(d.date()) for d in r.index],
        # Doubles in full, so that both sides compute from the same bits.
        "returns": [float(v) for v in r], "benchmark": [float(v) for v in b],
        "expected": figures(r, b, rf),
    })
print(json.dumps({"quantstats": metadata.version("quantstats"), "cases": cases}))
