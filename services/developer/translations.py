"""`hearth translations`: the catalogues of what pages say, in every language but English.

Each place has its own catalogues, `<place>/translations/<language>/LC_MESSAGES/messages.po`. A volunteer edits the .po
file; the .mo file beside it, which pages read, is made from it by `compile` and committed with it.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from services.developer import ROOT
from services.developer.sentences import sentences

LANGUAGES = ("ar", "fa_AF", "cy")
KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "Message": None}
DRAFT = "draft"
"""Stands as a translator's comment over each entry that a machine wrote. Take it away once a speaker has checked it."""
_HEADER = """\
# What Hearth's pages say, in PROJECT_LANGUAGE.
# Made by a machine as a draft. A native speaker has still to check every entry that is marked "# draft".
# When you have checked or bettered an entry, take its mark away, then run: hearth translations compile"""
_PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@dataclass(frozen=True)
class Place:
    """A folder with catalogues, and which files their texts come from. `errors`: modules whose plain sentences are
    shown to people, though nothing marks them."""

    folder: str
    sources: tuple[str, ...]
    errors: tuple[str, ...] = ()

    def po(self, language: str, root: Path = ROOT) -> Path:
        """Where the catalogue of a language is."""
        return root / self.folder / language / "LC_MESSAGES" / "messages.po"


def _modules(folder: str, names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/{name}.py" for name in names.split())


PLACES = (
    Place(
        "shared/web/translations",
        ("shared/web/**/*.py", "shared/web/templates/**/*.html"),
        ("shared/errors.py", *_modules("shared/web", "access csrf errors intake")),
    ),
    Place(
        "services/applications/web/translations",
        (
            "services/applications/domain/**/*.py",
            "services/applications/use_cases/**/*.py",
            "services/applications/web/**/*.py",
            "services/applications/web/templates/**/*.html",
        ),
        (
            "services/applications/domain/people.py",
            *_modules("services/applications/storage", "bucket files"),
            *_modules("services/applications/use_cases", "add_file ask_helper change_email copy_data correct_answers"),
            *_modules("services/applications/use_cases", "erase_person fill_in keep_interest keep_person open_case"),
            *_modules("services/applications/use_cases", "resume_draft second_factor"),
            *_modules("services/applications/use_cases", "sign_in start_application submit_application"),
        ),
    ),
    Place(
        "services/cohorts/web/translations",
        ("services/cohorts/web/**/*.py", "services/cohorts/web/templates/**/*.html"),
        (
            "services/cohorts/domain/survey_answers.py",
            *_modules("services/cohorts/use_cases", "answer_offer answer_survey declare_conflicts hand_back_review"),
            *_modules("services/cohorts/use_cases", "keep_attendance read_reviews take_places write_review"),
        ),
    ),
    Place(
        "services/notifications/web/translations",
        ("services/notifications/web/**/*.py", "services/notifications/web/templates/**/*.html"),
    ),
)


def extract(place: Place, root: Path = ROOT) -> dict[str | tuple[str, ...], list[str]]:
    """Every text of a place, with the files that say it, as the sources are now."""
    found: dict[str | tuple[str, ...], list[str]] = {}
    for path in sorted({path for pattern in place.sources for path in root.glob(pattern)}):
        for text in _texts(path):
            _note(found, text, path.relative_to(root))
    for name in place.errors:
        for text in sentences((root / name).read_text("utf-8")):
            _note(found, text, Path(name))
    return found


def _texts(path: Path) -> Iterator[str | tuple[str, ...]]:
    method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
    options = {"silent": "false", "extensions": "jinja2.ext.do"} if path.suffix == ".html" else {}
    for _line, text, _comments, _context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
        if text:
            yield text


def _note(found: dict[str | tuple[str, ...], list[str]], text: str | tuple[str, ...], path: Path) -> None:
    files = found.setdefault(text, [])
    if path.as_posix() not in files:
        files.append(path.as_posix())


def read(place: Place, language: str, root: Path = ROOT) -> Catalog:
    """A catalogue as it is kept; an empty one if there is none yet."""
    path = place.po(language, root)
    if path.exists():
        with path.open("rb") as file:
            return read_po(file, locale=language)
    header = _HEADER.replace("PROJECT_LANGUAGE", language)
    return Catalog(language, header_comment=header, creation_date=datetime.now(UTC))


def updated(place: Place, language: str, root: Path = ROOT) -> Catalog:
    """The catalogue with exactly the texts of the sources, and every translation that still fits one of them."""
    old = read(place, language, root)
    new = Catalog(
        language,
        project="Hearth",
        version="1",
        header_comment=old.header_comment,
        msgid_bugs_address="",
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="nobody yet",
        language_team=language,
        fuzzy=False,
    )
    for text, files in extract(place, root).items():
        before = old.get(text)
        new.add(
            text,
            (before.string if before else "") or "",
            locations=[(name, 0) for name in files],
            user_comments=before.user_comments if before else (),
        )
    return new


def as_po(catalog: Catalog) -> bytes:
    """The catalogue for people. Without line numbers: they would change with every edit of a source."""
    file = io.BytesIO()
    write_po(file, catalog, width=110, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue for programs."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that have no translation."""
    return [_english(message.id) for message in catalog if message.id and not _complete(message.string)]


def _complete(said: str | Iterable[str] | None) -> bool:
    return all(said or [""]) if not isinstance(said, str) else bool(said)


def _english(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else next(iter(text))


def misplaced(catalog: Catalog) -> Mapping[str, str]:
    """Translations whose places for values, such as `%(name)s` or `{n}`, are not those of the English text."""
    return {
        message.id: message.string
        for message in catalog
        if isinstance(message.id, str) and message.id and isinstance(message.string, str) and message.string
        if sorted(_PLACE.findall(message.id)) != sorted(_PLACE.findall(message.string))
    }


@click.group()
def translations() -> None:
    """Look after the catalogues of what pages say in other languages."""


@translations.command()
def update() -> None:
    """Bring the .po files up to what the pages say now; translations that still fit stay."""
    for place, language in _all():
        catalog = updated(place, language)
        path = place.po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_po(catalog))
        click.echo(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {len(untranslated(catalog))} without translation")


@translations.command("compile")
def compile_() -> None:
    """Make the .mo files, which pages read, from the .po files."""
    for place, language in _all():
        catalog = read(place, language)
        wrong = misplaced(catalog)
        if wrong:
            raise click.ClickException(f"{language}: the places for values differ in: {'; '.join(wrong)}")
        path = place.po(language).with_suffix(".mo")
        path.write_bytes(as_mo(catalog))
        click.echo(f"{path.relative_to(ROOT)} is made")


@translations.command()
@click.argument("languages", nargs=-1, type=click.Choice(LANGUAGES))
def missing(languages: tuple[str, ...]) -> None:
    """List the texts that have no translation yet, in LANGUAGES or in all of them."""
    for place, language in _all():
        if not languages or language in languages:
            texts = untranslated(updated(place, language))
            click.echo(f"{place.po(language).relative_to(ROOT)}: {len(texts)} missing")
            for text in texts:
                click.echo(f"  {text}")


def _all() -> Iterator[tuple[Place, str]]:
    return ((place, language) for place in PLACES for language in LANGUAGES)
