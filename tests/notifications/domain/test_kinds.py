"""The rules that each kind of message follows."""

from services.notifications.domain.categories import Category
from services.notifications.domain.kinds import KINDS, Method, kind
from services.notifications.domain.templating.components import COMPONENTS


def test_offers_changes_and_cancellations_are_tried_again_when_unknown() -> None:
    assert {name for name, found in KINDS.items() if found.retry_unknown} == {
        "decision_offer", "session_changed", "session_cancelled",
    }  # fmt: skip


def test_reminders_the_digest_surveys_and_news_of_discussions_can_be_turned_off() -> None:
    assert {name for name, found in KINDS.items() if found.category is not Category.ESSENTIAL} == {
        "draft_reminder", "session_reminder", "reviewer_declare_reminder", "reviews_reminder", "reviews_overdue",
        "digest", "survey_invited", "survey_reminder", "discussion_continued",
    }  # fmt: skip


def test_calendar_methods() -> None:
    assert {name: found.calendar for name, found in KINDS.items() if found.calendar} == {
        "session_invitation": Method.REQUEST,
        "session_place": Method.REQUEST,
        "session_changed": Method.REQUEST,
        "session_cancelled": Method.CANCEL,
    }


def test_lists_are_known_blocks_and_share_no_name_with_a_value() -> None:
    for found in KINDS.values():
        assert found.lists <= set(COMPONENTS)
        assert not found.lists & set(found.all_placeholders())
        assert kind(found.name) is found
