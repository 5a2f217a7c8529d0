import hashlib

from services.cohorts.domain.assignment.ties import draws


def published(application, reviewer):
    """The tie-break as the module's docstring publishes it, in plain integers."""
    first, second = (
        int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        for text in (f"application:{application}", f"reviewer:{reviewer}")
    )
    x, mask = first ^ second, (1 << 64) - 1
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return x ^ (x >> 31)


def test_the_draw_is_the_published_one():
    table = draws(["a1", "ä2"], ["r1", "r2", "r3"], 24)
    assert table.tolist() == [[published(a, r) >> 40 for r in ("r1", "r2", "r3")] for a in ("a1", "ä2")]
