"""Templates compiled once in a process: the three services of the demonstration share the frame and its components."""

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledOnce(BytecodeCache):
    """Keeps compiled templates in memory, by file and content; never on disk, where another could put code.

    For environments of the same options only: what a template compiles to depends on them.
    """

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket its code, if this content was compiled before."""
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


OPTIONS = {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": CompiledOnce()}
