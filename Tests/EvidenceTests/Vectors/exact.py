"""Exact arithmetic for make_vectors.py: fractions, and roots of one fraction."""

from fractions import Fraction as F
from math import isqrt


class Undefined(Exception):
    pass


class Root:
    """sign * sqrt(square)."""

    def __init__(self, square, sign=1):
        self.square, self.sign = F(square), sign

    def __mul__(self, other):
        if isinstance(other, Root):
            return Root(self.square * other.square, self.sign * other.sign).simple()
        other = F(other)
        return Root(self.square * other * other, self.sign * (-1 if other < 0 else 1)).simple()

    def __truediv__(self, other):
        if isinstance(other, Root):
            return self * Root(1 / other.square, other.sign)
        return self * (1 / F(other))

    def simple(self):
        p, q = self.square.numerator, self.square.denominator
        if isqrt(p) ** 2 == p and isqrt(q) ** 2 == q:
            return F(self.sign * isqrt(p), isqrt(q))
        return self


def sqrt(value):
    return Root(value).simple()


def times(a, b):
    return a * b if isinstance(a, Root) else (b * a if isinstance(b, Root) else a * b)


def over(a, b):
    if isinstance(b, Root):
        return Root(1 / b.square, b.sign) * a
    if b == 0:
        raise Undefined
    return a / b


def less_one(value):
    """value - 1 where value may be a root."""
    if isinstance(value, Root):
        return {"plus": "-1", "sign": value.sign, "root": str(value.square)}
    return value - 1


def power(base, exponent):
    """base^exponent for exponents whose denominator is 1 or 2."""
    if base < 0:
        raise Undefined
    exponent = F(exponent)
    whole = F(base) ** exponent.numerator
    if exponent.denominator == 1:
        return whole
    # A root of higher order is exact here only where it is rational: the cases see to that.
    order = exponent.denominator
    p = round(float(whole.numerator) ** (1 / order))
    q = round(float(whole.denominator) ** (1 / order))
    if p**order == whole.numerator and q**order == whole.denominator:
        return F(p, q)
    if order == 2:
        return Root(whole).simple()
    raise ValueError(f"{base}^{exponent} is no root of a rational; change the case")


def mean(values):
    if not values:
        raise Undefined
    return sum(values, F(0)) / len(values)


def variance(values):
    if len(values) < 2:
        raise Undefined
    m = mean(values)
    return sum(((v - m) ** 2 for v in values), F(0)) / (len(values) - 1)


def deviation(values):
    v = variance(values)
    if v == 0:
        raise Undefined
    return sqrt(v)


def covariance(a, b):
    ma, mb = mean(a), mean(b)
    if len(a) < 2:
        raise Undefined
    return sum(((x - ma) * (y - mb) for x, y in zip(a, b)), F(0)) / (len(a) - 1)


def quantile(values, alpha):
    if not values:
        raise Undefined
    ordered = sorted(values)
    place = F(alpha) * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def run_length(values, holds):
    longest = current = 0
    for value in values:
        current = current + 1 if holds(value) else 0
        longest = max(longest, current)
    return longest
