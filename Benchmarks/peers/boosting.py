"""XGBoost and LightGBM by their Python packages: growing 200 rounds of three trees, predicting all rows
that were held out on all threads, and a single row on one.

Models to predict with are read from the same files that our side reads. Binning is part of training, as
a caller meets it. LightGBM is told the way of counting that it would try out, and to be repeatable, on
both sides: sums then do not depend on the clock.
"""
import lightgbm as lgb
import numpy as np
import xgboost as xgb

from protocol import serve

VERSIONS = {"xgboost": f"XGBoost {xgb.__version__}", "lightgbm": f"LightGBM {lgb.__version__}"}
XGBOOST = {"objective": "multi:softprob", "num_class": 3, "tree_method": "hist", "max_bin": 256,
           "max_depth": 6, "eta": 0.1, "seed": 1, "verbosity": 0}
LIGHTGBM = {"objective": "multiclass", "num_class": 3, "max_bin": 255, "num_leaves": 31,
            "learning_rate": 0.1, "verbose": -1, "seed": 1, "deterministic": True,
            "force_row_wise": True}
FULL = (87_094, 200)
TINY = (900, 5)


def train(name):
    def make(inputs, threads):
        x, y = inputs
        rows, rounds = FULL if len(x) > FULL[0] else TINY
        xt, yt, xv, yv = x[:rows], y[:rows], x[rows:], y[rows:]
        model = []

        def grow_xgboost():
            data = xgb.QuantileDMatrix(xt, yt, max_bin=256, nthread=threads)
            model[:] = [xgb.train({**XGBOOST, "nthread": threads}, data, rounds)]

        def grow_lightgbm():
            settings = {**LIGHTGBM, "num_threads": threads}
            model[:] = [lgb.train(settings, lgb.Dataset(xt, yt), rounds)]

        def output():
            predict = model[0].inplace_predict if name == "xgboost" else model[0].predict
            return np.array([(predict(xv).argmax(1) == yv).mean()])

        return grow_xgboost if name == "xgboost" else grow_lightgbm, output, VERSIONS[name]

    return make


def predict(name, single):
    def make(inputs, threads):
        x, y, path = inputs
        threads = 1 if single else threads
        rows = (FULL if len(x) > FULL[0] else TINY)[0]
        xv, result = x[rows:rows + 1].copy() if single else x[rows:], []
        if name == "xgboost":
            model = xgb.Booster({"nthread": threads}, path)

            def run():
                result[:] = [model.inplace_predict(xv)]
        else:
            model = lgb.Booster(model_file=path)

            def run():
                result[:] = [model.predict(xv, num_threads=threads)]

        return run, lambda: result[0].astype("<f8"), VERSIONS[name]

    return make


cases = {}
for library in ("xgboost", "lightgbm"):
    cases[f"{library}_train"] = train(library)
    cases[f"{library}_predict"] = predict(library, False)
    cases[f"{library}_row"] = predict(library, True)
serve(cases)
