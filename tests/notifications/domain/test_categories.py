"""What a person can turn off."""

from services.notifications.domain.categories import Category, blocked, can_be_turned_off

E, R, D = Category.ESSENTIAL, Category.REMINDERS, Category.DIGEST


def test_turning_one_off_turns_off_only_that() -> None:
    for off in (R, D):
        assert [blocked(kind, address_suppressed=False, turned_off={off}) for kind in (E, R, D)] == [
            False, off is R, off is D,
        ]  # fmt: skip


def test_essential_messages_cannot_be_turned_off() -> None:
    assert not can_be_turned_off(E)
    assert not blocked(E, address_suppressed=False, turned_off=set(Category))


def test_nothing_goes_to_a_bad_address() -> None:
    assert all(blocked(kind, address_suppressed=True, turned_off=()) for kind in Category)
