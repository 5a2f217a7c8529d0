"""People's addresses and roles, as values."""

from typing import Final

from shared.errors import Invalid

APPLICANT_ROLES: Final = frozenset({"applicant", "helper", "participant", "buddy"})
"""Roles that an email link is enough for. Every other role needs a second factor."""

STAFF_ROLES: Final = frozenset({"staff", "administrator"})
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 254


def needs_second_factor(roles: frozenset[str]) -> bool:
    """Whether somebody with these roles must prove more than an email address."""
    return not roles <= APPLICANT_ROLES


def usable_roles(roles: frozenset[str], methods: frozenset[str]) -> frozenset[str]:
    """The roles that a session may use, given how its owner signed in."""
    if methods & {"totp", "recovery", "demo"}:
        return roles
    return roles & APPLICANT_ROLES


def parse_name(text: str) -> str:
    """A name as its owner writes it: white space tidied, control characters refused."""
    name = " ".join(text.split())
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        raise Invalid({"name": ["Please leave out line breaks and control characters."]})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": [f"Please use {LONGEST_NAME} characters at most."]})
    return name
