"""NumPy's Monte Carlo value at risk in single precision: one generator a thread, its own product."""
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from protocol import serve

VERSION = f"NumPy {np.__version__} SFC64"


def mc_var(inputs, threads):
    returns, count = inputs[0], int(inputs[1][0])
    assets = returns.shape[1]
    factor = np.linalg.cholesky(np.cov(returns.T)).T.astype(np.float32)
    means = returns.mean(0).astype(np.float32)
    weights = np.full(assets, 1 / assets, np.float32)
    draws = np.empty((count, assets), np.float32)
    moves = np.empty_like(draws)
    parts = np.array_split(draws, threads)
    seeds = np.random.SeedSequence(20251121).spawn(threads)
    generators = [np.random.Generator(np.random.SFC64(seed)) for seed in seeds]
    pool = ThreadPoolExecutor(threads)
    kept = [None]

    def fill(pair):
        generator, part = pair
        generator.standard_normal(out=part, dtype=np.float32)

    def run():
        list(pool.map(fill, zip(generators, parts)))
        np.matmul(draws, factor, out=moves)
        values = moves @ weights + means @ weights
        k = int(0.05 * count)
        tail = np.partition(values, k)
        kept[0] = np.array([tail[k], tail[:k].mean()], np.float64)

    return run, lambda: kept[0], VERSION


serve({"mc_var_100x100k": mc_var})
