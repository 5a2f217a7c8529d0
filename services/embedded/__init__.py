"""All three services in one process, on SQLite, with the in-process broker and a local mail folder.

The only package that knows all three. `hearth demo` runs it with a sample programme.
"""

from services.embedded.command import demo

__all__ = ["demo"]
