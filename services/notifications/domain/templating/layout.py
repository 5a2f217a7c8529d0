"""The page around a message: a warm card that reads well on a small phone, in light and dark, in both directions."""

import html
from importlib.resources import files

from services.notifications.domain.languages import Language
from services.notifications.domain.templating.pieces import Maybe, Pieces, Slot, joined
from services.notifications.domain.templating.values import ValueKind
from services.notifications.domain.templating.words import word

STYLE = files(__package__).joinpath("layout.css").read_text(encoding="utf-8")
_PROGRAMME = Slot("programme", ValueKind.TEXT)


def html_page(body: Pieces, subject: Pieces, preheader: Pieces, lang: Language) -> Pieces:
    """The whole document, its style sheet still in the head."""
    direction = f'lang="{lang.code}" dir="{lang.direction}"'
    return joined(
        (
            f"<!DOCTYPE html>\n<html {direction}><head>"
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
            '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">'
            "<title>", *_bare(subject), f"</title><style>{STYLE}</style></head>\n"
            f'<body {direction} class="body"><div class="preheader">', *preheader, "</div>\n"
            '<table role="presentation" class="outer"><tr><td class="outer-cell" align="center">'
            f'<table role="presentation" class="card" {direction}>'
            '<tr><td class="brand"><p class="brand-name">', _PROGRAMME, "</p></td></tr>"
            '<tr><td class="ember">&nbsp;</td></tr>\n'
            '<tr><td class="content">\n', *body, "\n</td></tr>\n"
            '<tr><td class="foot">', *_html_foot(lang), "</td></tr>"
            "</table></td></tr></table></body></html>\n",
        )
    )  # fmt: skip


def text_page(body: Pieces, lang: Language) -> Pieces:
    """The plain-text twin: the body, a line, and who it is from."""
    contact, preferences = word("contact", lang.code), word("preferences", lang.code)
    return joined(
        (
            *body, "----\n",
            Maybe(("contact_email",), (f"{contact} ", Slot("contact_email", ValueKind.CODE), "\n")),
            f"{word('from', lang.code)} ", _PROGRAMME, ".\n",
            Maybe(("preferences_url",), (f"{preferences}:\n", Slot("preferences_url", ValueKind.URL), "\n")),
        )
    )  # fmt: skip


def _html_foot(lang: Language) -> Pieces:
    contact, preferences = (html.escape(word(key, lang.code), quote=False) for key in ("contact", "preferences"))
    link = ('<p><a href="', Slot("preferences_url", ValueKind.URL, bare=True), f'">{preferences}</a></p>')
    return (
        Maybe(("contact_email",), (f"<p>{contact} ", Slot("contact_email", ValueKind.CODE), "</p>")),
        f"<p>{html.escape(word('from', lang.code), quote=False)} ", _PROGRAMME, ".</p>",
        Maybe(("preferences_url",), link),
    )  # fmt: skip


def _bare(pieces: Pieces) -> Pieces:
    """A title holds no elements."""
    return tuple(Slot(piece.name, piece.kind, True) if isinstance(piece, Slot) else piece for piece in pieces)
