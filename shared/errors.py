"""What can go wrong in a use case, named by kind. No HTTP here: `shared.web.errors` has the table of status codes."""

from collections.abc import Mapping, Sequence


class HearthError(Exception):
    """An error with a sentence that a person can act on, and a short stable code for programs."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    @property
    def sentences(self) -> list[str]:
        """All that a person is to read of it, for where there are no fields to stand beside."""
        return [self.message]


class Invalid(HearthError):
    """Input that cannot be accepted: `problems` maps a field's name (or path) to its messages."""

    code = "invalid"

    def __init__(
        self, problems: Mapping[str, Sequence[str]], message: str = "Some of what was sent needs changing."
    ) -> None:
        super().__init__(message)
        self.problems: dict[str, list[str]] = {field: list(texts) for field, texts in problems.items()}

    @property
    def sentences(self) -> list[str]:
        """What is wrong with each field, without their names."""
        return [text for texts in self.problems.values() for text in texts]

    def __str__(self) -> str:
        details = "; ".join(f"{field}: {' '.join(texts)}" for field, texts in self.problems.items())
        return f"{self.message} {details}".strip()


class NotSignedIn(HearthError):
    """Nobody is signed in, or the sign-in has ended."""

    code = "not-signed-in"


class Forbidden(HearthError):
    """The person is known and may not do this."""

    code = "forbidden"


class NotFound(HearthError):
    """There is no such thing, or the person may not know that there is."""

    code = "not-found"


class Conflict(HearthError):
    """The thing has changed, or is in a state that does not allow this."""

    code = "conflict"


class Stale(Conflict):
    """The edit was made on an older version than the one now stored (ETag, revision)."""

    code = "stale"


class PreconditionRequired(HearthError):
    """An edit that does not say which version it was made on."""

    code = "precondition-required"


class Gone(HearthError):
    """It was there and has ended: a link used up, an offer lapsed."""

    code = "gone"


class TooMany(HearthError):
    """A limit on how often something may be asked for. `retry_after` is in seconds."""

    code = "too-many"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(HearthError):
    """Something that this needs does not answer. Trying again later may help; nothing was changed."""

    code = "unavailable"


class NotYet(HearthError):
    """A listener's "not now": what this event builds on has not arrived. It is delivered again later."""

    code = "not-yet"
