"""The kinds of question, who may see their answers, and what a section is for."""

from enum import StrEnum


class Kind(StrEnum):
    """How a question is asked and what its answer looks like in JSON."""

    SHORT_TEXT = "short_text"  # str
    LONG_TEXT = "long_text"  # str
    CHOICE = "choice"  # str: a choice's value
    MANY_CHOICES = "many_choices"  # list[str]
    NUMBER = "number"  # int, or float where `decimals` is set
    DATE = "date"  # str, YYYY-MM-DD
    EMAIL = "email"  # str
    PHONE = "phone"  # str
    ORGANISATION = "organisation"  # str
    POSTCODE = "postcode"  # str; its region is the derived name `<id>_region`
    FILE = "file"  # list[str]: identifiers of uploads
    CONSENT = "consent"  # True
    YES_NO = "yes_no"  # "yes" or "no"
    CALCULATION = "calculation"  # int, or float where `decimals` is set: worked out from earlier answers, never typed


WITH_CHOICES = frozenset({Kind.CHOICE, Kind.MANY_CHOICES})
WITH_PREFER_NOT_TO_SAY = frozenset({Kind.CHOICE, Kind.MANY_CHOICES, Kind.YES_NO})
TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
# Answers that name a person or an organisation by their nature: blind review never shows them.
IDENTIFYING = frozenset({Kind.EMAIL, Kind.PHONE, Kind.ORGANISATION, Kind.POSTCODE, Kind.FILE})
WITH_ATTRIBUTE = frozenset({Kind.CHOICE, Kind.MANY_CHOICES, Kind.YES_NO, Kind.POSTCODE, Kind.ORGANISATION})
REGION_SUFFIX = "_region"
PREFER_NOT_TO_SAY = "prefer_not_to_say"


class Sensitivity(StrEnum):
    """Who an answer is for, and so which part of a submission it goes to."""

    ORDINARY = "ordinary"
    CONTACT = "contact"
    SPECIAL = "special"
    EQUALITY = "equality"
    ACCESS = "access"


class Purpose(StrEnum):
    """What a section is for; it sets the sensitivity of its questions unless they say otherwise."""

    ASSESSED = "assessed"
    EQUALITY = "equality"
    ACCESS = "access"
    CONTACT = "contact"

    @property
    def sensitivity(self) -> Sensitivity:
        """The sensitivity that questions of such a section have by default."""
        return Sensitivity.ORDINARY if self is Purpose.ASSESSED else Sensitivity(self.value)
