"""The published tie-break: equally good assignments are told apart by a hash of the ids, never by their order.

For an application `a` and a reviewer `r`, let A be the first eight bytes (big-endian) of SHA-256 of "application:" + a
in UTF-8, and R the same of "reviewer:" + r. The pair's draw is the SplitMix64 finaliser (Steele, Lea and Flood, "Fast
splittable pseudorandom number generators", 2014) of A xor R. The smaller draw wins.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def _digests(kind: str, ids: Sequence[str]) -> NDArray[np.uint64]:
    return np.array(
        [int.from_bytes(hashlib.sha256(f"{kind}:{name}".encode()).digest()[:8], "big") for name in ids], dtype=np.uint64
    )


def draws(applications: Sequence[str], reviewers: Sequence[str], bits: int) -> NDArray[np.int64]:
    """The leading `bits` (at most 62) of every pair's draw, applications x reviewers."""
    x = _digests("application", applications)[:, None] ^ _digests("reviewer", reviewers)[None, :]
    x ^= x >> np.uint64(30)
    x *= _FIRST
    x ^= x >> np.uint64(27)
    x *= _SECOND
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(64 - bits)).astype(np.int64)
