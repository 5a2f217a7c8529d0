"""Intervals for shares and their differences, at 95%.

Wilson's score interval for one share (Wilson 1927), and Newcombe's hybrid score interval for the difference of two
(Newcombe, Statistics in Medicine 17, 1998, method 10). Both stay inside what is possible and hold for small numbers.
"""

from math import sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


def wilson(count: int, n: int) -> tuple[float, float]:
    """The interval of `count` of `n`, n at least 1, as shares 0 to 1."""
    share, square = count / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == n else min(1.0, middle + half)
    return low, high


def newcombe(count: int, n: int, other: int, other_n: int) -> tuple[float, float]:
    """The interval of the difference count/n - other/other_n, -1 to 1."""
    p, q = count / n, other / other_n
    (p_low, p_high), (q_low, q_high) = wilson(count, n), wilson(other, other_n)
    low = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return max(-1.0, low), min(1.0, high)
