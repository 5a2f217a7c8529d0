"""Who is asking: a short-lived signed identity that any service can verify with the public key alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import jwt
from flask import current_app, g, request

from shared.web import cookies

LIFETIME = timedelta(minutes=5)
_AUDIENCE = "hearth"
_ALGORITHM = "EdDSA"
_REQUIRED = {"require": ["sub", "exp", "iat", "aud", "sid"], "verify_exp": False, "verify_iat": False}


@dataclass(frozen=True, slots=True)
class Identity:
    """A signed-in person. `methods` says how they proved it: link, code, totp, demo."""

    person_id: UUID
    name: str
    roles: frozenset[str]
    session_id: str
    methods: frozenset[str] = frozenset()

    def has(self, *roles: str) -> bool:
        """Whether the person holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


def sign(identity: Identity, private_key: str, now: datetime) -> str:
    """A token that says who this is for the next five minutes."""
    claims = {
        "sub": str(identity.person_id),
        "name": identity.name,
        "roles": sorted(identity.roles),
        "sid": identity.session_id,
        "amr": sorted(identity.methods),
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
    }
    return jwt.encode(claims, private_key, algorithm=_ALGORITHM)


def verify(token: str, public_key: str, now: datetime) -> tuple[Identity | None, bool]:
    """The identity in a token, and whether it was good but has expired. (None, False) for anything else."""
    try:
        # Expiry is checked against the injected clock, so that tests can move time.
        claims = jwt.decode(token, public_key, algorithms=[_ALGORITHM], audience=_AUDIENCE, options=_REQUIRED)  # type: ignore[arg-type]
        identity = Identity(
            person_id=UUID(claims["sub"]),
            name=str(claims.get("name", "")),
            roles=frozenset(claims.get("roles", ())),
            session_id=str(claims["sid"]),
            methods=frozenset(claims.get("amr", ())),
        )
        expired = now.timestamp() >= float(claims["exp"])
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        return None, False
    return (None, True) if expired else (identity, False)


def load() -> None:
    """Before each request: put the identity (or None) into `g`."""
    bearer = _bearer()
    # A program that shows a token is judged by that token alone, whatever cookies come with it.
    token = cookies.read(request, cookies.IDENTITY) if bearer is None else bearer
    g.bearer = bearer is not None
    g.identity, g.identity_expired = None, False
    if token:
        key, clock = current_app.config["IDENTITY_PUBLIC_KEY"], current_app.config["CLOCK"]
        g.identity, g.identity_expired = verify(token, key, clock())


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def current() -> Identity | None:
    """Who is signed in, if anybody."""
    identity: Identity | None = g.get("identity")
    return identity


def known() -> Identity:
    """Who is signed in, in a view whose access rule already made sure of it."""
    identity = current()
    if identity is None:
        raise RuntimeError("a view used known() without an access rule that requires a sign-in")
    return identity


def renewal_address() -> str:
    """Where a browser gets a fresh identity and comes back from, with what it was posting."""
    return f"/identity/renew?next={quote(request.full_path.rstrip('?'), safe='/')}"
