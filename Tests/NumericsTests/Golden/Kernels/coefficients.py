"""Fits the polynomials of the vector kernels and writes them as Swift.

    python3 coefficients.py > ../../../../Sources/Numerics/Kernels/Polynomials.swift

Method: nearly minimax fits by reweighted least squares on Chebyshev points (Lawson 1961), in
60-digit arithmetic. The coefficients are rounded to the target format one by one from the lowest
power up, and after each rounding the remaining ones are fitted again, so that they make up for
what rounding took away (the idea of Brisebarre and Chevillard, "Efficient polynomial L-infinity
approximations", 2007).
Each fit reports the error of the rounded polynomial relative to the whole function it serves.
Needs mpmath 1.3.
"""

import mpmath as mp

mp.mp.dps = 60
BITS = {"Float": 24, "Double": 53}
LANES = {"Float": "SIMD16<Float>", "Double": "SIMD8<Double>"}


def rounded(value, bits):
    """The nearest number with that many significant bits."""
    mantissa, exponent = mp.frexp(value)
    return mp.ldexp(mp.nint(mp.ldexp(mantissa, bits)), exponent - bits)


def chebyshev_points(low, high, count):
    half, middle = (high - low) / 2, (high + low) / 2
    return [middle - half * mp.cos(mp.pi * (2 * i + 1) / (2 * count)) for i in range(count)]


def horner(coefficients, x):
    total = mp.mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def level(values, weights, grid, powers):
    """Coefficients of `powers` whose greatest weighted error over the grid is nearly the least."""
    size = len(powers)
    columns = [[x**p * w for x, w in zip(grid, weights)] for p in powers]
    target = [v * w for v, w in zip(values, weights)]
    shares = [mp.mpf(1)] * len(grid)
    best, least = None, mp.inf
    for _ in range(12):
        gram, right = mp.matrix(size, size), mp.matrix(size, 1)
        for i in range(size):
            weighted = [s * c for s, c in zip(shares, columns[i])]
            right[i] = mp.fdot(weighted, target)
            for j in range(i, size):
                gram[i, j] = gram[j, i] = mp.fdot(weighted, columns[j])
        fit = list(mp.cholesky_solve(gram, right))
        errors = [
            abs(mp.fdot(fit, [c[k] for c in columns]) - target[k]) for k in range(len(grid))
        ]
        worst = max(errors)
        if worst < least:
            best, least = fit, worst
        mean = mp.fdot(shares, errors) / sum(shares)
        shares = [s * e / mean for s, e in zip(shares, errors)]
    return best


def fit(f, weight, low, high, degree, bits, fixed=()):
    """Rounded coefficients and the greatest weighted error of the rounded polynomial."""
    grid = sorted(chebyshev_points(mp.mpf(low), mp.mpf(high), 10 * (degree + 2)))
    values, weights = [f(x) for x in grid], [weight(x) for x in grid]
    coefficients = [mp.mpf(c) for c in fixed]
    while len(coefficients) <= degree:
        known = len(coefficients)
        rest = [v - horner(coefficients, x) for v, x in zip(values, grid)]
        free = level(rest, weights, grid, list(range(known, degree + 1)))
        coefficients.append(rounded(free[0], bits))
    error = max(
        abs(horner(coefficients, x) - v) * w for x, v, w in zip(grid, values, weights)
    )
    return coefficients, error


def swift_literal(value, bits):
    """A hexadecimal literal: exact, and the same in every reader."""
    text = float(value).hex()
    sign, text = ("-", text[1:]) if text[0] == "-" else ("", text)
    mantissa, exponent = text.split("p")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{sign}{mantissa}p{int(exponent)}"


def swift_function(name, argument, kind, formula, low, high, coefficients, error):
    lines = [
        f"/// {formula}",
        f"/// for {argument} from {float(low):.6g} to {float(high):.6g}; "
        f"error 2^{float(mp.log(error, 2)):.1f} of the function.",
        "@inlinable @inline(__always)",
        f"package static func {name}(_ {argument}: Self) -> Self {{",
    ]
    order = [swift_literal(c, BITS[kind]) for c in reversed(coefficients)]
    lines.append(f"  var p = Self(repeating: {order[0]})")
    lines += [f"  p = Self(repeating: {c}).addingProduct(p, {argument})" for c in order[1:]]
    lines += ["  return p", "}"]
    return "\n".join("  " + line for line in lines)


HALF_LOG2 = mp.log(2) / 2 * mp.mpf("1.0001")


def safe(f, at_zero):
    """f with its limit where it divides by zero."""
    return lambda x: mp.mpf(at_zero) if x == 0 else f(x)


def with_digits(f, digits=90):
    """f computed with more digits, where it cancels."""

    def g(x):
        with mp.workdps(digits):
            return f(x)

    return g


def exponential_tail():
    return with_digits(safe(lambda r: (mp.expm1(r) - r) / r**2, "0.5"))


def atanh_tail(z):
    s = mp.sqrt(z)
    return (mp.log((1 + s) / (1 - s)) - 2 * s) / (s * z)


def tanh_tail(z):
    x = mp.sqrt(z)
    return (mp.tanh(x) - x) / (x * z)


def erf_tail(z):
    x = mp.sqrt(z)
    return mp.erf(x) / x - 1


def scaled_erfc(t):
    return mp.exp(t * t) * mp.erfc(t)


def erfc_shape(scale):
    """erfcx(t) (t + scale) / scale as a function of w = t / (t + scale)."""

    def f(w):
        t = scale * w / (1 - w)
        return scaled_erfc(t) * (t + scale) / scale

    return with_digits(f)


def specification(kind):
    double = kind == "Double"
    high = mp.sqrt(mp.mpf(2)) - 1
    split = mp.mpf("0.5625")
    bend = mp.mpf("1.0") if double else mp.mpf("0.9375")
    # Small enough for a well-conditioned polynomial, great enough for a short one.
    scale = mp.mpf("2.5") if double else mp.mpf("1.5")
    reach = mp.mpf("27.5") if double else mp.mpf("10.5")
    w_high = reach / (reach + scale)
    yield (
        "exponentialTail", "r", "(exp(r) − 1 − r) / r²",
        exponential_tail(), lambda r: r * r * mp.exp(-r) if r else mp.mpf("1e-30"),
        -HALF_LOG2, HALF_LOG2, 9 if double else 4,
    )
    s_high = high / (2 + high)
    yield (
        "logarithmTail", "z", "(log((1 + s) / (1 − s)) − 2s) / s³, z = s²,",
        with_digits(safe(atanh_tail, mp.mpf(2) / 3)), lambda z: z / 2 if z else mp.mpf("1e-30"),
        mp.mpf(0), s_high**2 * mp.mpf("1.001"), 6 if double else 2,
    )
    yield (
        "tanhTail", "z", "(tanh(x) − x) / x³, z = x²,",
        with_digits(safe(tanh_tail, mp.mpf(-1) / 3)),
        lambda z: z * mp.sqrt(z) / mp.tanh(mp.sqrt(z)) if z else mp.mpf("1e-30"),
        mp.mpf(0), split**2, 10 if double else 4,
    )
    yield (
        "erfTail", "z", "erf(x)/x − 1, z = x²,",
        with_digits(safe(erf_tail, 2 / mp.sqrt(mp.pi) - 1)),
        lambda z: 1 / (1 + erf_tail(z)) if z else mp.sqrt(mp.pi) / 2,
        mp.mpf(0), bend**2, 13 if double else 6,
    )
    shape = erfc_shape(scale)
    yield (
        "scaledErfcShape", "w",
        f"exp(t²) erfc(t) (t + {float(scale)}) / {float(scale)}, w = t / (t + {float(scale)}),",
        shape, lambda w: 1 / shape(w), mp.mpf(0), w_high, 23 if double else 11,
    )


def main():
    print("// Written by Tests/NumericsTests/Golden/Kernels/coefficients.py, which says how.")
    for kind in ("Float", "Double"):
        functions = []
        for name, argument, formula, f, weight, low, high, degree in specification(kind):
            coefficients, error = fit(f, weight, low, high, degree, BITS[kind])
            functions.append(
                swift_function(name, argument, kind, formula, low, high, coefficients, error)
            )
        print(f"\nextension {LANES[kind]} {{")
        print("\n\n".join(functions))
        print("}")


if __name__ == "__main__":
    main()
