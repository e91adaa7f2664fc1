"""Writes values.json beside it: small problems with the answers of NumPy and SciPy.

Run with any Python that has both; the file names the versions it was made with.
"""
import json
import pathlib

import numpy as np
import scipy
import scipy.linalg as sl

random = np.random.default_rng(20240613)


def matrix(a):
    a = np.atleast_2d(np.asarray(a, dtype=np.float64))
    return {"rows": a.shape[0], "columns": a.shape[1], "elements": [float(x) for x in a.ravel()]}


def vector(a):
    return [float(x) for x in np.asarray(a, dtype=np.float64)]


tall = random.normal(size=(7, 4))
wide = random.normal(size=(3, 6))
square = random.normal(size=(6, 6))
other = random.normal(size=(4, 5))
right = random.normal(size=(6, 2))
spread = square @ square.T + 0.1 * np.eye(6)
deficient = np.column_stack([tall[:, 0], tall[:, 1], tall[:, 0] + tall[:, 1], tall[:, 2]])
tallRight = random.normal(size=(7, 2))
hilbert = sl.hilbert(8)

values = {
    "made_with": f"numpy {np.__version__}, scipy {scipy.__version__}",
    "tall": matrix(tall), "wide": matrix(wide), "square": matrix(square), "other": matrix(other),
    "right": matrix(right), "spread": matrix(spread), "deficient": matrix(deficient),
    "tall_right": matrix(tallRight), "hilbert": matrix(hilbert),
    "tall_times_other": matrix(tall @ other),
    "tall_gram": matrix(tall.T @ tall),
    "spread_cholesky": matrix(np.linalg.cholesky(spread)),
    "spread_log_determinant": float(np.linalg.slogdet(spread)[1]),
    "spread_solution": matrix(sl.solve(spread, right, assume_a="pos")),
    "spread_eigenvalues": vector(np.linalg.eigvalsh(spread)),
    "hilbert_cholesky": matrix(np.linalg.cholesky(hilbert)),
    "square_solution": matrix(np.linalg.solve(square, right)),
    "square_determinant": float(np.linalg.det(square)),
    "lower_solution": matrix(sl.solve_triangular(np.tril(square), right, lower=True)),
    "upper_transposed_solution": matrix(sl.solve_triangular(np.triu(square), right, trans="T")),
    "tall_singular_values": vector(np.linalg.svd(tall, compute_uv=False)),
    "wide_singular_values": vector(np.linalg.svd(wide, compute_uv=False)),
    # Signs of rows of R are free: magnitudes are compared.
    "tall_r_magnitude": matrix(np.abs(np.linalg.qr(tall)[1])),
    "wide_r_magnitude": matrix(np.abs(np.linalg.qr(wide)[1])),
    "tall_least_squares": matrix(np.linalg.lstsq(tall, tallRight, rcond=None)[0]),
    "deficient_least_squares": matrix(np.linalg.lstsq(deficient, tallRight, rcond=None)[0]),
    "deficient_rank": int(np.linalg.lstsq(deficient, tallRight, rcond=None)[2]),
    "wide_least_squares": matrix(np.linalg.lstsq(wide, right[:3], rcond=None)[0]),
}
path = pathlib.Path(__file__).with_name("values.json")
path.write_text(json.dumps(values, indent=1) + "\n")
