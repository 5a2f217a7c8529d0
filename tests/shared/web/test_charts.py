"""What the pictures show: true lengths, mirrored for right-to-left, and the same numbers in their tables."""

import re
from itertools import pairwise

import pytest
from flask import g, render_template_string
from flask_babel import refresh
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.web import charts, style_guide
from shared.web.drawing import Drawing, Pen, Shape, reserve, ticks, wrapped

PEN = Pen(
    number=lambda value: "–" if value is None else f"{value:g}",
    percent=lambda share: "–" if share is None else f"{share:.0%}",
)
RTL = Pen(True, PEN.number, PEN.percent)
WORDS = {
    "item": "Item", "value": "Value", "target": "Target", "pool": "Pool", "chosen": "Chosen", "met": "Met?", "n": "n =",
    "at_least": "at least {share}", "at_most": "at most {share}", "yes": "yes", "no": "no", "count": "Count",
    "stage": "Stage", "of_first": "Of first", "of_before": "Of before", "conversion": "{part} of {before}",
    "range": "Range", "when": "When",
}  # fmt: skip
REVIEWERS = [
    {"label": "R1", "value": 0.4, "low": -0.2, "high": 1.0, "n": 24},
    {"label": "R2", "value": -1.6, "low": -2.3, "high": -0.9, "n": 31},
    {"label": "R3", "value": None, "low": None, "high": None, "n": 2},
]
SERIES = [
    {"label": "Speaking", "points": [{"x": "Start", "y": 2}, {"x": "Middle", "y": None}, {"x": "End", "y": 4}]},
    {"label": "Managing", "points": [{"x": "Start", "y": 3}, {"x": "Middle", "y": 3.5}, {"x": "End", "y": 3}]},
]
BINS = [{"low": 0, "high": 5, "count": 2}, {"low": 5, "high": 10, "count": 4, "highlight": True}]
STAGES = [{"label": "Applied", "value": 200}, {"label": "Eligible", "value": 150}, {"label": "Offered", "value": 30}]
GROUPS = [
    {"label": "Lived experience", "target": 0.6, "pool": 0.5, "chosen": 0.6},
    {"label": "London", "target": 0.2, "pool": 0.4, "chosen": 0.25, "kind": "at most"},
    {"label": "Women", "pool": 0.7, "chosen": None},
]
WHOLES = [{"label": "Applied", "parts": [{"label": "North", "value": 30}, {"label": "South", "value": 10}]},
          {"label": "Chosen", "parts": [{"label": "South", "value": 2}]}]  # fmt: skip

DRAWINGS = {
    "bars": lambda pen: charts.bars(pen, [{"label": "A", "value": 10}, {"label": "B", "value": 5}], WORDS),
    "targets": lambda pen: charts.targets(pen, GROUPS, WORDS),
    "stacked": lambda pen: charts.stacked(pen, WHOLES, WORDS),
    "histogram": lambda pen: charts.histogram(pen, BINS, WORDS, x_label="Score", markers=[{"value": 4, "label": "M"}]),
    "funnel": lambda pen: charts.funnel(pen, STAGES, WORDS),
    "dots": lambda pen: charts.dots(pen, REVIEWERS, WORDS, x_label="Points", reference=0, reference_label="Panel"),
    "lines": lambda pen: charts.lines(pen, SERIES, WORDS, y_label="Mean"),
}


def flat(shapes: list[Shape]) -> list[Shape]:
    return [one for shape in shapes for one in (shape, *flat(list(shape.children)))]


def boxes(drawing: Drawing) -> list[tuple[float, float]]:
    """(start, width) in percent of every rectangle."""
    found = [one.attributes for one in drawing.shapes if one.tag == "rect"]
    return [(float(one["x"][:-1]), float(one["width"][:-1])) for one in found]


@pytest.mark.parametrize("kind", DRAWINGS)
def test_every_chart_has_a_test_and_stays_inside_its_picture(kind):
    assert set(DRAWINGS) == set(charts.KINDS)
    drawing = DRAWINGS[kind](PEN)
    assert drawing.height > 0
    for shape in flat(drawing.shapes):
        for name in ("x", "x1", "x2", "cx"):
            if shape.attributes.get(name, "").endswith("%"):
                assert -0.01 <= float(shape.attributes[name][:-1]) <= 100.01
        for name in ("y", "y1", "y2", "cy"):
            if name in shape.attributes:
                assert 0 <= float(shape.attributes[name]) <= drawing.height


@pytest.mark.parametrize("kind", DRAWINGS)
def test_right_to_left_is_the_mirror_image(kind):
    ltr, rtl = DRAWINGS[kind](PEN), DRAWINGS[kind](RTL)
    assert ltr.rows == rtl.rows
    for (start, width), (mirrored, same) in zip(boxes(ltr), boxes(rtl), strict=True):
        assert width == same
        assert mirrored == pytest.approx(100 - start - width, abs=0.02)


@pytest.mark.parametrize("kind", charts.KINDS)
def test_a_chart_of_nothing_is_drawn_without_fault(kind):
    more = {"histogram": {"x_label": "x"}, "dots": {"x_label": "x"}, "lines": {"y_label": "y"}}.get(kind, {})
    assert charts.KINDS[kind](PEN, [], WORDS, **more).rows == []


def test_bars_are_as_long_as_their_values():
    rows = [{"label": label, "value": value} for label, value in (("A", 10), ("B", 5), ("C", 0))]
    drawing = charts.bars(PEN, rows, WORDS)
    widths = [width for _, width in boxes(drawing)]
    assert widths[1] == pytest.approx(widths[0] / 2, abs=0.01)
    assert widths[2] == 0
    assert drawing.rows == [["A", "10"], ["B", "5"], ["C", "0"]]


def test_bars_of_shares_measure_against_the_whole():
    drawing = charts.bars(PEN, [{"label": "A", "value": 0.5}], WORDS, share=True, maximum=1)
    assert boxes(drawing)[0][1] == pytest.approx(100 * (1 - reserve(["50%"])) / 2, abs=0.01)
    assert drawing.rows == [["A", "50%"]]


def test_a_row_may_say_its_value_in_other_words():
    assert charts.bars(PEN, [{"label": "A", "value": None, "text": "under 5"}], WORDS).rows == [["A", "under 5"]]


def test_targets_are_judged_in_their_own_direction_and_at_the_very_edge():
    rows = charts.targets(PEN, GROUPS, WORDS).rows
    assert rows[0] == ["Lived experience", "at least 60%", "50%", "60%", "yes"]
    assert rows[1] == ["London", "at most 20%", "40%", "25%", "no"]
    assert rows[2] == ["Women", "–", "70%", "–", "–"]


def test_stacked_parts_fill_the_bar_and_missing_ones_are_nought():
    drawing = charts.stacked(PEN, WHOLES, WORDS)
    assert [width for _, width in boxes(drawing)] == [75.0, 25.0, 0.0, 100.0]
    assert drawing.rows == [["Applied", "75%", "25%"], ["Chosen", "0%", "100%"]]


def test_a_funnel_names_both_denominators():
    rows = charts.funnel(PEN, STAGES, WORDS).rows
    assert rows[0] == ["Applied", "200", "100%", "–"]
    assert rows[2] == ["Offered", "30", "15%", "20%"]
    texts = [shape.text for shape in charts.funnel(PEN, STAGES, WORDS).shapes]
    assert "20% of Eligible" in texts


def test_a_funnel_that_lost_everybody_divides_by_nothing():
    rows = charts.funnel(PEN, [{"label": "A", "value": 0}, {"label": "B", "value": 0}], WORDS).rows
    assert rows[1] == ["B", "0", "0%", "0%"]


def test_a_histogram_is_as_tall_as_its_counts():
    drawing = DRAWINGS["histogram"](PEN)
    heights = [float(shape.attributes["height"]) for shape in drawing.shapes if shape.tag == "rect"]
    assert heights[1] == pytest.approx(2 * heights[0])
    assert drawing.rows == [["0–5", "2"], ["5–10", "4"]]


@given(st.lists(st.integers(-50, 150), min_size=1, max_size=60), st.sampled_from([None, 1, 5, 7]))
@settings(max_examples=60, deadline=None)
def test_bins_hold_every_value_once(values, width):
    bins = charts.histogram_bins(values, width)
    assert sum(one["count"] for one in bins) == len(values)
    assert bins[0]["low"] <= min(values)
    assert bins[-1]["high"] >= max(values)
    for one, after in pairwise(bins):
        assert one["high"] == after["low"]
        assert one["count"] == sum(one["low"] <= value < one["high"] for value in values)


def test_bins_above_the_line_are_marked():
    bins = charts.histogram_bins([1, 5, 9], 5, highlight_from=5)
    assert [one["highlight"] for one in bins] == [False, True]
    assert charts.histogram_bins([]) == []


def test_a_reviewer_clear_of_the_panel_is_coloured():
    dots = [shape for shape in DRAWINGS["dots"](PEN).shapes if shape.tag == "circle"]
    assert [dot.attributes["class"] for dot in dots] == ["dot c1", "dot c2"]  # the third has no value to show
    assert DRAWINGS["dots"](PEN).rows[2] == ["R3", "–", "–", "2"]


def test_a_gap_in_a_line_stays_a_gap():
    lines = [shape for shape in flat(DRAWINGS["lines"](PEN).shapes) if shape.tag == "polyline"]
    assert [line.attributes["class"] for line in lines] == ["series s1", "series s1", "series s2"]
    assert DRAWINGS["lines"](PEN).rows[1] == ["Middle", "–", "3.5"]


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
@settings(max_examples=60, deadline=None)
def test_ticks_are_evenly_spaced_and_cover_the_range(low, span):
    marks = ticks(low, low + span)
    steps = {round(b - a, 6) for a, b in pairwise(marks)}
    assert marks[0] <= low + 1e-6 * span
    assert marks[-1] >= low + span * (1 - 1e-6)
    assert max(steps) - min(steps) <= 1e-5
    assert 2 <= len(marks) <= 9


def test_ticks_are_round_numbers():
    assert ticks(0, 36) == [0, 10, 20, 30, 40]
    assert ticks(-2.3, 2.1) == [-4, -2, 0, 2, 4]
    assert ticks(3, 3) == [3, 3.5, 4]


def test_long_labels_are_wrapped_for_the_narrowest_screen():
    lines = wrapped("Direct experience of immigration systems in the last ten years")
    assert len(lines) > 1
    assert max(map(len, lines)) <= 33
    assert wrapped("") == [""]


def test_the_page_gets_a_named_picture_and_the_same_rows_as_a_table():
    app = style_guide.alone()
    source = (
        '{% from "hearth/charts.html" import funnel %}'
        "{{ funnel('Stages <1>', rows, 'Thirty were offered a place.', id='stages') }}"
    )
    with app.test_request_context():
        g.language = "en"
        refresh()
        drawn = render_template_string(source, rows=STAGES)
    assert 'role="img" aria-labelledby="stages-title" aria-describedby="stages-desc"' in drawn
    assert '<title id="stages-title">Stages &lt;1&gt;</title>' in drawn
    table = drawn[drawn.index("<details") :]
    cells = [re.sub(r"\s+", " ", cell) for cell in re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", table)]
    assert cells[-4:] == ["Offered", "30", "15%", "20%"]
