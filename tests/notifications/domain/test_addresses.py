"""Email addresses."""

import pytest

from services.notifications.domain.addresses import checked_address, domain_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amal@example.org", "amal@example.org"),
        (" amal+form@Example.ORG ", "amal+form@example.org"),
        ("x@faß.de", "x@xn--fa-hia.de"),
        ("x@bücher.example.org", "x@xn--bcher-kva.example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_gives_the_form_that_dns_knows(text: str, expected: str) -> None:
    assert checked_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "amal", "@example.org", "amal@", "a b@example.org", "amal@example.org\r\nBcc: x@y.org", "amal@exa mple.org",
        "amal@example.org,evil@example.com", "<amal@example.org>", "Amal <amal@example.org>", "أمل@example.org",
        "amal@[127.0.0.1]", "a@b@c.org", "x" * 65 + "@example.org", "amal@-x.org", "amal@localhost", '"a\r\n"@x.org',
    ],
)  # fmt: skip
def test_refuses_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        checked_address(text)


def test_domain_for_limits() -> None:
    assert domain_of("a@Example.org") == "example.org"
