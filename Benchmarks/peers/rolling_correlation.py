"""NumPy's correlation matrix of every window: standardised, then one product a window."""
import os
from concurrent.futures import ThreadPoolExecutor

# Windows are shared out on threads, each with BLAS of its own: on products this small that is faster
# than BLAS's own threads.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

from protocol import serve

VERSION = f"NumPy {np.__version__} f32"
WIDTH = 30
# One matrix in so many is compared.
STEP = 100


def matrices(returns, windows):
    """One buffer for all: a new matrix a window costs its page faults."""
    product = np.empty((returns.shape[1],) * 2, dtype=np.float32)
    for window in windows:
        z = returns[window:window + WIDTH]
        z = z - z.mean(axis=0)
        z /= np.sqrt(np.einsum("ij,ij->j", z, z))
        # NumPy sees that both are one matrix and computes half of the product.
        yield np.matmul(z.T, z, out=product)


def rolling(inputs, threads):
    returns = inputs[0].astype(np.float32)
    count = len(returns) - WIDTH + 1
    parts = [part for part in np.array_split(np.arange(count), threads) if len(part)]
    pool = ThreadPoolExecutor(threads)

    def work(part):
        return sum(float(matrix[0, 1]) for matrix in matrices(returns, part))

    def run():
        return sum(pool.map(work, parts))

    def compared():
        return np.array([m.copy() for m in matrices(returns, range(0, count, STEP))])

    return run, compared, VERSION


serve({"rolling_corr_500x2500_w30": rolling})
