"""How far each language is, from its catalogues."""

from shared.web.catalogues import every_language, is_draft, words_of
from shared.web.i18n import LANGUAGES


def test_every_language_but_english_has_its_facts() -> None:
    found = every_language()
    assert [each.language for each in found] == [code for code in LANGUAGES if code != "en"]
    for each in found:
        assert each.texts > 400
        assert each.emails > 10
        assert len(each.missing) + len(each.drafts) <= each.texts
        assert not set(each.missing) & set(each.drafts)
        assert is_draft(each.language) == bool(each.drafts)


def test_english_is_the_original() -> None:
    assert not is_draft("en")
    assert not words_of("xx").is_draft
