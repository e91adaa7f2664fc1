"""Exact values of the element-wise functions at doubles, for ElementwiseGoldenTests.

    python3 golden.py

One file a function. Each line holds the argument's bits, the bits of the value rounded to double,
and what rounding took away in thousandths of a unit in the last place. Needs mpmath 1.3.
"""

import math
import random
import struct

import mpmath as mp

mp.mp.dps = 80
COUNT = 600


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def from_bits(word):
    return struct.unpack("<d", struct.pack("<Q", word))[0]


def normal_tail(x):
    return mp.erfc(x / mp.sqrt(2)) / 2


FUNCTIONS = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "tanh": mp.tanh,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "erf": mp.erf,
    "gelu": lambda x: x * normal_tail(-x),
    "geluDerivative": lambda x: normal_tail(-x) + x * mp.npdf(x),
}

# Where the argument lies, and how it is spread: evenly, or evenly in its exponent.
RANGES = {
    "exp": [(-745, 709.7), (-2, 2), (-709, -745.2)],
    "expm1": [(-40, 709.7), (-2, 2), (-0.6, 0.6)],
    "log": [(0.5, 2), (0.99, 1.01), (1, 1e6)],
    "log1p": [(-1, 2), (-0.5, 0.5), (0, 1e6)],
    "tanh": [(-20, 20), (-1, 1), (-2, 2)],
    "sigmoid": [(-745, 40), (-3, 3), (-30, 40)],
    "erf": [(-6, 6), (-1.2, 1.2), (0.9, 1.1)],
    "gelu": [(-38.5, 9), (-3, 3), (-1, 1)],
    "geluDerivative": [(-38.5, 9), (-3, 3), (-0.76, -0.74)],
}
SPECIAL = {
    "exp": [709.782712893384, 709.7827128933840, -708.3964185322641, -745.1332191019411, -745.13],
    "expm1": [709.782712893384, 0.34657359027997264, -0.34657359027997264, -37.42994775023705],
    "log": [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.7071067811865475],
    "log1p": [-0.9999999999999999, 1.7976931348623157e308, 0.41421356237309503, -0.2928932188134524],
    "tanh": [0.5625, 0.5624999999999999, 0.5625000000000001, 19.06154746539849],
    "sigmoid": [-745.1332191019411, -708.3964185322641, 36.7368005696771],
    "erf": [1.0, 0.9999999999999999, 1.0000000000000002, 5.863584748755167],
    "gelu": [-38.4, -37.5, 8.3],
    "geluDerivative": [-0.7517915246935645, -0.7517915246935644, -38.4, 8.3],
}


def arguments(name, generator):
    picks = list(SPECIAL[name])
    for low, high in RANGES[name]:
        picks += [generator.uniform(low, high) for _ in range(COUNT // 4)]
    positive_only = name == "log"
    low, high = (-1070, 1020) if positive_only else (-1070, 3)
    for _ in range(COUNT // 4):
        x = math.ldexp(generator.uniform(1, 2), generator.randint(low, high))
        picks.append(x if positive_only or generator.random() < 0.5 else -x)
    if name == "log1p":
        picks = [x for x in picks if x > -1]
    return picks


def rounded(exact):
    """The nearest double to `exact`, and the rest in thousandths of its unit in the last place."""
    nearest = float(mp.mpf(exact))
    # mpmath rounds to 53 bits first: settle subnormals by comparing neighbours.
    best = min(
        (math.nextafter(nearest, -math.inf), nearest, math.nextafter(nearest, math.inf)),
        key=lambda y: abs(mp.mpf(y) - exact),
    )
    rest = (exact - mp.mpf(best)) / mp.mpf(math.ulp(best))
    return best, int(mp.nint(1000 * rest))


def main():
    for name, f in FUNCTIONS.items():
        generator = random.Random(name)
        lines = []
        for x in arguments(name, generator):
            value, rest = rounded(f(mp.mpf(x)))
            if not math.isinf(value):
                lines.append(f"{bits(x):016x} {bits(value):016x} {rest}")
        with open(f"{name}.txt", "w") as file:
            file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
