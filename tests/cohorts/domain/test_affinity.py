"""What makes a reviewer suit an application."""

from services.cohorts.domain.affinity import affinity, affinity_table, application, reviewer

LABELS = {("area", "housing_aid"): "Housing and food"}
ARABIC = application("ar", {"area": ["housing_aid", "arts"], "lived": "yes"}, LABELS)


def test_a_language_counts_more_than_any_field() -> None:
    reads = affinity(ARABIC, reviewer("en", ["ar"], []))
    knows = affinity(ARABIC, reviewer("en", [], ["Housing and food", "arts"]))
    assert (
        reads > knows > affinity(ARABIC, reviewer("en", [], ["arts"])) > affinity(ARABIC, reviewer("en", [], [])) == 0
    )


def test_a_field_is_known_by_its_value_and_by_its_label() -> None:
    assert affinity(ARABIC, reviewer("en", [], ["HOUSING  aid"])) == affinity(ARABIC, reviewer("en", [], ["arts"])) > 0


def test_yes_and_no_draw_nobody() -> None:
    assert affinity(ARABIC, reviewer("en", [], ["yes"])) == 0


def test_the_table_has_every_pair() -> None:
    table = affinity_table([ARABIC, application("en", {})], [reviewer("ar", [], []), reviewer("en", [], ["arts"])])
    assert table.tolist() == [[2.0, 1.0], [0.0, 2.0]]
