"""Keep the test servers running between test runs: `python -m tests.servers [postgres] [rabbit]`.

Prints the variables to set in the shell that runs the tests, then waits for Ctrl-C.
"""

import shlex
import signal
import sys

from tests.servers.finding import ADDRESSES, MANAGEMENT
from tests.servers.processes import CannotStart
from tests.servers.shared_run import SharedRun


def main(kinds: list[str]) -> int:
    """Start the servers of `kinds`, say where they are, and keep them until told to stop."""
    run = SharedRun.begin()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
    try:
        for kind in kinds:
            record = run.server(kind)
            print(f"export {ADDRESSES[kind]}={shlex.quote(record['url'])}")
            if "management" in record:
                print(f"export {MANAGEMENT}={shlex.quote(record['management'])}")
        sys.stdout.flush()
        signal.pause()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        run.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["postgres", "rabbit"]))
