"""The `hearth` script, on a small stand-in for the checkout, so that making an environment takes seconds."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = "import sys\nprint('ran', *sys.argv[1:])\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the real script, empty lists of requirements, and a `services` that says how it was called."""
    folder = tmp_path / "check out"
    (folder / "services").mkdir(parents=True)
    (folder / "services" / "__init__.py").touch()
    (folder / "services" / "__main__.py").write_text(MAIN)
    (folder / "requirements").mkdir()
    for name in ("runtime", "dev", "bench"):
        (folder / "requirements" / f"{name}.txt").write_text(f"# {name}: nothing\n")
    shutil.copy(ROOT / "hearth", folder / "hearth")
    return folder


def _environment(checkout: Path, **more: str) -> dict[str, str]:
    home = checkout.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "PYTHON"))}
    return {**kept, "HOME": str(home), "HEARTH_PYTHON": sys.executable, **more}


def _run(
    checkout: Path, *arguments: str, cwd: Path | None = None, script: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(script or checkout / "hearth"), *arguments],
        env=_environment(checkout, **more),
        cwd=cwd or checkout,
        capture_output=True,
        text=True,
    )


def _program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_first_run_sets_up_and_the_second_does_not(checkout: Path) -> None:
    first = _run(checkout, "demo", "--port", "1 2")
    assert (first.returncode, first.stdout) == (0, "ran demo --port 1 2\n")
    assert "installing the runtime packages" in first.stderr
    second = _run(checkout, "demo")
    assert (second.stdout, second.stderr) == ("ran demo\n", "")
    assert not (checkout / ".venv.lock").exists()


def test_it_runs_through_a_link_from_another_folder_with_another_services(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "hearth"
    link.symlink_to(os.path.relpath(checkout / "hearth", link.parent))
    other = tmp_path / "elsewhere"
    (other / "services").mkdir(parents=True)
    (other / "services" / "__init__.py").write_text("raise SystemExit('the wrong services')")
    assert _run(checkout, "hello", cwd=other, script=link).stdout == "ran hello\n"


def test_tests_need_more_and_a_changed_list_is_installed_again(checkout: Path) -> None:
    assert "the dev packages" in _run(checkout, "test").stderr
    assert _run(checkout, "demo").stderr == ""
    (checkout / "requirements" / "dev.txt").write_text("# changed\n")
    assert "the dev packages" in _run(checkout, "check").stderr


def test_a_failed_installation_leaves_no_stamp(checkout: Path) -> None:
    wanted = checkout / "requirements" / "runtime.txt"
    wanted.write_text("no-such-thing==1 --hash=sha256:" + "0" * 64 + "\n")
    failed = _run(checkout, "demo", PIP_NO_INDEX="1")
    assert failed.returncode == 1
    assert "installing the runtime packages failed" in failed.stderr
    assert failed.stdout == ""
    wanted.write_text("# better\n")
    assert _run(checkout, "demo").stdout == "ran demo\n"


def test_a_half_made_environment_is_made_again(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    _program(checkout / ".venv" / "bin" / "python", "#!/bin/sh\nexit 1\n")
    assert _run(checkout, "demo").stdout == "ran demo\n"


def test_a_lock_of_a_killed_run_is_taken_over(checkout: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (checkout / ".venv.lock").mkdir()
    (checkout / ".venv.lock" / "pid").write_text(str(gone.pid))
    assert _run(checkout, "demo").stdout == "ran demo\n"


def test_two_at_once_both_run(checkout: Path) -> None:
    both = [
        subprocess.Popen([checkout / "hearth", "demo"], env=_environment(checkout), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate()[0] for process in both] == ["ran demo\n"] * 2


def test_the_environment_can_be_elsewhere(checkout: Path, tmp_path: Path) -> None:
    assert _run(checkout, "demo", HEARTH_VENV=str(tmp_path / "made for it")).stdout == "ran demo\n"
    assert not (checkout / ".venv").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat").touch()
    refused = _run(checkout, "demo", HEARTH_VENV=str(tmp_path / "photos"))
    assert (refused.returncode, (tmp_path / "photos" / "cat").exists()) == (1, True)
    assert "something else in it" in refused.stderr


def test_a_place_that_cannot_be_written_to_is_named(checkout: Path) -> None:
    refused = _run(checkout, "demo", HEARTH_VENV="/proc/hearth/venv")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Set HEARTH_VENV" in refused.stderr


def test_too_old_a_python_is_one_clear_line(checkout: Path, tmp_path: Path) -> None:
    old = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n'
    for name in ("python3", "python"):
        _program(tmp_path / "old" / name, old)
    for name in ("cksum", "cat", "mkdir", "rm", "dirname", "readlink", "ls", "sleep", "sh"):
        (tmp_path / "old" / name).symlink_to(shutil.which(name) or "")
    refused = _run(checkout, "demo", HEARTH_PYTHON="", PATH=str(tmp_path / "old"))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Python 3.11 or newer and found Python 3.9.2" in refused.stderr


def test_a_python_without_venv_is_one_clear_line(checkout: Path, tmp_path: Path) -> None:
    bare = _program(tmp_path / "bare", "#!/bin/sh\ncase $2 in *venv*) exit 1 ;; esac\nexit 0\n")
    refused = _run(checkout, "demo", HEARTH_PYTHON=str(bare))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "apt install python3-venv" in refused.stderr


def test_a_chosen_python_that_will_not_do_is_named(checkout: Path) -> None:
    refused = _run(checkout, "demo", HEARTH_PYTHON="/no/such/python")
    assert refused.returncode == 1
    assert "HEARTH_PYTHON=/no/such/python" in refused.stderr
