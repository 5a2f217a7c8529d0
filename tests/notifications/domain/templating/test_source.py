"""The front matter of a template."""

import pytest

from services.notifications.domain.templating.source import Source, parse_source
from shared.errors import Invalid


def test_reads_front_matter_and_body() -> None:
    text = "---\r\nkind: sign_in\nlanguage: cy\nsubject: a: b\ndraft: true\n---\n\n# Hi\n\nThere\n"
    assert parse_source(text) == Source("sign_in", "cy", "a: b", "", "# Hi\n\nThere\n", True)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("# Hi", "source"),
        ("---\nkind: x\n", "source"),
        ("---\nkind: x\nlanguage: en\n---\nbody", "subject"),
        ("---\nkind: x\nlanguage: en\nsubject:\n---\nbody", "subject"),
        ("---\nkind: x\nlanguage: en\nsubject: s\nbcc: y\n---\nbody", "bcc"),
        ("---\nkind: x\nkind: y\nlanguage: en\nsubject: s\n---\nbody", "kind"),
        ("---\nkind: x\nlanguage: en\nsubject: s\n---\n\ue0000\ue001", "source"),
        ("---\nkind: x\nlanguage: en\nsubject: s\n---\n" + "x" * 50_000, "source"),
    ],
)
def test_refuses_naming_the_line(text: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_source(text)
    assert field in caught.value.problems
