"""`hearth bench` finds every measurement there is, and says which there are."""

from pathlib import Path

from click.testing import CliRunner

from services.developer import benching
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


def test_json_holds_the_figures_and_the_text_goes_elsewhere(tmp_path: Path, monkeypatch, capfd) -> None:
    code = (
        "from tests.bench.reporting import Report\n"
        'if __name__ == "__main__":\n'
        '    report = Report("toy", ">= 2x", Toy="1.0")\n'
        "    for size in (10, 1000):\n"
        '        report.row("counting", {"ours_ms": size * 1.0, "ratio_times": 2.5, "theirs_s": None}, size)\n'
        '    report.growth("counting", [10, 1000], [1.0, 100.0])\n'
        "    report.close()\n"
    )
    (tmp_path / "toy.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(benching.ROOT))
    found = benching.run("toy", tmp_path)
    assert found is not None
    assert found["rows"][1] == {"what": "counting", "size": 1000, "ours_ms": 1000, "ratio_times": 2.5, "theirs_s": None}
    assert (found["growth"], found["goal"], found["versions"]["Toy"]) == ({"counting": 1.0}, ">= 2x", "1.0")
    said = capfd.readouterr()
    assert "counting" in said.err
    assert said.out == ""


def test_a_measurement_that_fails_is_no_figure(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text('raise SystemExit("no")\n')
    assert benching.run("toy", tmp_path) is None
