from pathlib import Path

import pytest

from services.developer import templates


def _check(tmp_path: Path, source: str, name: str = "page.html") -> list[str]:
    folder = tmp_path / "services" / "one" / "web" / "templates" / "one"
    folder.mkdir(parents=True)
    (folder / name).write_text(source)
    problems, count = templates.check(tmp_path)
    assert count == 1
    return problems


@pytest.mark.parametrize(
    "source",
    [
        '<p class="x">{{ _("Hello %(name)s", name=person) }}</p>',
        '{{ ngettext("%(num)d place", "%(num)d places", 3) }}',
        '<script src="/assets/hearth.js" defer></script>',
        '{{ _("Give 100%% of it") }}',
        '<p data-style="x">{% if one %}on{% endif %}</p>',
    ],
)
def test_good_templates_pass(tmp_path: Path, source: str) -> None:
    assert _check(tmp_path, source) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{% if x %}", "Unexpected end of template"),
        ('{{ _("Hello" }}', "unexpected"),
        ('\n{{ _("Hello %(name)s") }}', "wants name"),
        ('<p style="color: red">', "style attribute"),
        ("<button onclick='x()'>", "event attribute"),
        ("<style>p {}</style>", "style element"),
        ("<script>alert(1)</script>", "without a file"),
        ('<a href="javascript:x()">', "javascript:"),
    ],
)
def test_bad_templates_are_named(tmp_path: Path, source: str, said: str) -> None:
    problems = _check(tmp_path, source)
    assert len(problems) == 1
    assert problems[0].startswith("services/one/web/templates/one/page.html:")
    assert said in problems[0]


def test_a_problem_has_its_line(tmp_path: Path) -> None:
    assert ":3:" in _check(tmp_path, '<p>\n</p>\n<p style="x">')[0]
