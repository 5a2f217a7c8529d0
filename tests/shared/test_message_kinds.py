"""What kinds of messages are called: every kind has a title of its own, and is in one group."""

from services.notifications.domain.kinds import KINDS
from shared.message_kinds import GROUPS, TITLES, by_title, grouped, title_of


def test_every_kind_has_a_title_of_its_own_in_one_group() -> None:
    assert set(KINDS) - set(TITLES) == set()
    assert sum(len(group) for group in GROUPS.values()) == len(TITLES) == len(set(TITLES.values()))
    assert [title for title in TITLES.values() if "_" in title or not title[0].isupper() or len(title) > 45] == []


def test_a_kind_that_is_not_known_is_said_in_words() -> None:
    assert title_of("session_waiting_over") == "Session they waited for is off"
    assert title_of("old_kind") == "Old kind"


def test_groups_hold_what_is_asked_for_in_order() -> None:
    assert grouped(["digest", "sign_in", "old_kind", "session_place"]) == [
        ("Anybody: signing in", ["sign_in"]),
        ("Participants: sessions", ["session_place"]),
        ("Participants: news and surveys", ["digest"]),
        ("Others", ["old_kind"]),
    ]
    assert by_title(["sign_in", "draft_saved"]) == [
        ("draft_saved", "Link back to a saved form"),
        ("sign_in", "Sign-in link"),
    ]
