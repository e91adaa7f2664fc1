"""NumPy's random normals, quantiles and correlation matrix."""
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from protocol import serve

VERSION = f"NumPy {np.__version__}"


def normal_f32(inputs, threads):
    """One generator and one part of the array a thread: the fill lets go of the interpreter's lock."""
    out = np.empty(int(inputs[0][0]), dtype=np.float32)
    parts = np.array_split(out, threads)
    seeds = np.random.SeedSequence(20251121).spawn(threads)
    generators = [np.random.Generator(np.random.SFC64(seed)) for seed in seeds]
    pool = ThreadPoolExecutor(threads)

    def fill(pair):
        generator, part = pair
        generator.standard_normal(out=part, dtype=np.float32)

    def run():
        list(pool.map(fill, zip(generators, parts)))

    def moments():
        x = out.astype(np.float64)
        return np.array([x.mean(), x.std()] + [(np.abs(x) < k).mean() for k in (1, 2, 3)])

    return run, moments, f"{VERSION} SFC64"


def quantile_f64(inputs, threads):
    x, ranks = inputs
    kept = [None]

    def run():
        kept[0] = np.quantile(x, ranks)

    return run, lambda: kept[0], VERSION


def correlation_f64(inputs, threads):
    x = inputs[0]
    kept = [None]

    def run():
        kept[0] = np.corrcoef(x, rowvar=False)

    return run, lambda: kept[0], VERSION


serve({
    "normal_f32": normal_f32,
    "quantile_f64": quantile_f64,
    "correlation_f64": correlation_f64,
})
