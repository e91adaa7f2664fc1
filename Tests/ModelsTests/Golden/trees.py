"""Grows small models with the real packages and writes down what they predict.

    python3 -m venv v && v/bin/pip install --require-hashes --no-deps -r Benchmarks/peers/boosting.lock
    v/bin/python Tests/ModelsTests/Golden/trees.py

Each case leaves a model file and an entry of trees.json: rows to predict, sums of leaves, predictions.
Rows hold missing values, categories never seen, infinities, and numbers that are thresholds themselves.
With FILE... as arguments, says what the real packages think of models that we saved.
"""
import json
import os
import sys

import lightgbm as lgb
import numpy as np
import xgboost as xgb

HERE = os.path.dirname(os.path.abspath(__file__))
ROWS, WIDTH = 600, 6


def table(seed, missing=0.1, zeros=0.0):
    g = np.random.Generator(np.random.PCG64(seed))
    x = g.normal(size=(ROWS, WIDTH)).astype("f4")
    x[:, 3] = np.round(x[:, 3] * 2) / 2
    x[:, 5] = g.integers(0, 40, ROWS)
    score = x[:, 0] + x[:, 1] * x[:, 2] + (x[:, 5] % 3 == 0) + 0.3 * g.normal(size=ROWS)
    x[g.random((ROWS, WIDTH)) < missing] = np.nan
    x[g.random((ROWS, WIDTH)) < zeros] = 0
    q = np.quantile(score, [0.33, 0.67])
    return x, score, (score > q[0]).astype("f4") + (score > q[1])


def probes(x, thresholds):
    """Rows of the table, and ones made of what is at the edge of a rule."""
    g = np.random.Generator(np.random.PCG64(99))
    edges = [np.nan, 0.0, -0.0, 1e-36, 1e30, -1e30, np.inf, -np.inf, -0.5, -1.0, 39.0, 40.0, 63.5, 1e9]
    t = np.array(thresholds, "f4")
    edges += list(t) + list(np.nextafter(t, np.float32(np.inf))) + list(np.nextafter(t, np.float32(-np.inf)))
    return np.vstack([x[:20], g.choice(np.array(edges, "f4"), size=(60, WIDTH))]).astype("f4")


def xgboost_case(objective, settings, seed, categorical=False, rounds=6, endings=("ubj",)):
    x, score, classes = table(seed)
    y = classes if "multi" in objective else classes > 1 if "logistic" in objective else score + 9
    types = ["q"] * 5 + ["c" if categorical else "q"]
    data = lambda rows, labels=None: xgb.DMatrix(
        rows, labels, feature_types=types, enable_categorical=categorical)
    settings = {"objective": objective, "max_depth": 4, "eta": 0.3, "seed": 1, "nthread": 1, **settings}
    if "multi" in objective:
        settings["num_class"] = 3
    model = xgb.train(settings, data(x, y), rounds)
    dump = json.loads(model.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    rows = probes(x, [c for t in dump for c in t["split_conditions"]][:40])
    rows[np.isinf(rows)] = 2e30  # The package's front refuses infinities.
    if categorical:  # A category that is no number below 2^24 is refused by the package's own front.
        rows[:, 5] = np.where(np.abs(rows[:, 5]) < 1e7, rows[:, 5], np.nan)
    return [(f".{e}", lambda p: model.save_model(p)) for e in endings], rows, model.predict(
        data(rows), output_margin=True), model.predict(data(rows))


def lightgbm_case(objective, settings, seed, categorical=False, rounds=6, zeros=0.0):
    x, score, classes = table(seed, zeros=zeros)
    y = classes if "multi" in objective else classes > 1 if objective == "binary" else score + 9
    settings = {"objective": objective, "num_leaves": 12, "min_data_in_leaf": 5, "verbose": -1,
                "seed": 1, "num_threads": 1, "min_data_per_group": 1, "cat_smooth": 1, **settings}
    if "multi" in objective:
        settings["num_class"] = 3
    model = lgb.train(settings, lgb.Dataset(x, y, categorical_feature=[5] if categorical else []), rounds)
    thresholds = [float(t) for line in model.model_to_string().splitlines()
                  if line.startswith("threshold=") for t in line[10:].split()]
    rows = probes(x, thresholds[:40])
    return [(".txt", lambda p: model.save_model(p))], rows, model.predict(
        rows, raw_score=True), model.predict(rows)


CASES = {
    "xgboost_classes": lambda: xgboost_case(
        "multi:softprob", {"max_cat_to_onehot": 2}, 1, True, endings=("ubj", "json")),
    "xgboost_onehot": lambda: xgboost_case("multi:softprob", {"max_cat_to_onehot": 99}, 2, True),
    "xgboost_binary": lambda: xgboost_case("binary:logistic", {}, 3),
    "xgboost_regression": lambda: xgboost_case("reg:squarederror", {"max_depth": 8}, 4),
    "xgboost_counts": lambda: xgboost_case("count:poisson", {}, 5),
    "xgboost_forest": lambda: xgboost_case(
        "multi:softprob", {"num_parallel_tree": 3, "subsample": 0.7, "eta": 1}, 6, rounds=2),
    "lightgbm_classes": lambda: lightgbm_case("multiclass", {"max_cat_to_onehot": 1}, 11, True),
    "lightgbm_onehot": lambda: lightgbm_case("multiclass", {"max_cat_to_onehot": 99}, 12, True),
    "lightgbm_one_against_all": lambda: lightgbm_case("multiclassova", {"sigmoid": 1.5}, 13),
    "lightgbm_binary": lambda: lightgbm_case("binary", {"sigmoid": 0.7}, 14),
    "lightgbm_regression": lambda: lightgbm_case("regression", {"num_leaves": 60}, 15),
    "lightgbm_root": lambda: lightgbm_case("regression", {"reg_sqrt": True}, 16),
    "lightgbm_counts": lambda: lightgbm_case("poisson", {}, 17),
    "lightgbm_zeros_missing": lambda: lightgbm_case(
        "regression", {"zero_as_missing": True}, 18, zeros=0.2),
    "lightgbm_nothing_missing": lambda: lightgbm_case("regression", {"use_missing": False}, 19),
    "lightgbm_forest": lambda: lightgbm_case(
        "multiclass", {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.6}, 20),
}


def written(value):
    """A number, or the word for what JSON has none for."""
    return float(value) if np.isfinite(value) else str(float(value))


def main():
    entries = []
    for name, make in CASES.items():
        files, rows, raw, predictions = make()
        for ending, save in files:
            save(os.path.join(HERE, name + ending))
            entries.append({
                "file": name + ending, "width": WIDTH,
                "rows": [written(v) for v in rows.flatten()],
                "raw": [written(v) for v in np.asarray(raw, "f8").flatten()],
                "predictions": [written(v) for v in np.asarray(predictions, "f8").flatten()]})
    with open(os.path.join(HERE, "trees.json"), "w") as file:
        json.dump({"xgboost": xgb.__version__, "lightgbm": lgb.__version__, "cases": entries}, file)


def look(path):
    if path.endswith(".txt"):
        model = lgb.Booster(model_file=path)
        print(path, "LightGBM", lgb.__version__, model.num_trees(), "trees", model.num_feature(), "features")
    else:
        model = xgb.Booster(model_file=path)
        print(path, "XGBoost", xgb.__version__, model.num_boosted_rounds(), "rounds",
              model.num_features(), "features")


if len(sys.argv) > 1:
    for argument in sys.argv[1:]:
        look(argument)
else:
    main()
