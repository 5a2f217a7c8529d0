"""Identifiers: UUIDs of version 7 (RFC 9562), so that newer rows sort after older ones."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh UUID: 48 bits of Unix milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value & (1 << 128) - 1)
