"""Sentences that the rooms below the web made in English, said in the reader's language."""

from collections.abc import Mapping, Sequence

from shared.web.i18n import gettext


def say(text: str) -> str:
    """The sentence in the reader's language; as it stands where no translation is known.

    A sentence with values in it (a domain's `Message`) brings its `template` and `values`.
    """
    template, values = getattr(text, "template", None), getattr(text, "values", None)
    if isinstance(template, str) and isinstance(values, dict):
        return gettext(template, **values)
    # The catalogue's own header stands under the empty text.
    return gettext(text) if text else ""


def in_own_words(problems: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Problems by field, each said."""
    return {field: [say(text) for text in texts] for field, texts in problems.items()}
