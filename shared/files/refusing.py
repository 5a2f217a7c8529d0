"""Why a file is not taken."""


class Refused(Exception):
    """A file that is not taken. `reason`: unknown, too_big_inside, damaged, locked or programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
