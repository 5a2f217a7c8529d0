"""`hearth bench` finds every measurement there is, and says which there are."""

from pathlib import Path

from click.testing import CliRunner

from services.developer.benching import bench, measurements


def test_programs_are_found_and_helpers_are_not(tmp_path: Path) -> None:
    (tmp_path / "bench_speed.py").write_text('if __name__ == "__main__":\n    pass\n')
    (tmp_path / "common.py").write_text("x = 1\n")
    assert measurements(tmp_path) == {"speed": "tests.bench.bench_speed"}


def test_the_measurements_of_this_checkout_are_there() -> None:
    assert {"selection", "lottery", "assignment", "calibration", "scoring", "relay"} <= set(measurements())


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    answer = CliRunner().invoke(bench, ["no-such-thing"])
    assert answer.exit_code == 1
    assert "selection" in answer.output
