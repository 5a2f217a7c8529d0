"""Try configurations one after another in one process: `python -m tests.faults.refusals < tries.json`.

Each try is [service, role, environment]; its answer is [exit status, standard error]. A process for each try would be
truer and take minutes: importing a service is most of what it does.
"""

import contextlib
import io
import json
import os
import sys
from importlib import import_module

from shared.process import main


def attempt(service: str, role: str, environment: dict[str, str]) -> tuple[int | None, str]:
    """The status and the words of one start. None: it would have started."""
    os.environ.clear()
    os.environ.update(environment)
    build = import_module(f"services.{service}.app").build_from_env
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        try:
            return main(service, build, [role]), said.getvalue()
        except BaseException as error:
            return None, f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    print(json.dumps([attempt(*each) for each in json.load(sys.stdin)]))
