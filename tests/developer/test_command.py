"""The `hearth` command itself: composed lazily, so that it answers quickly."""

import subprocess
import sys

from click.testing import CliRunner

from services.__main__ import all_commands, main, summary


def test_each_command_has_a_summary_and_can_be_called() -> None:
    commands = all_commands()
    assert {"test", "check", "bench"} <= set(commands)
    assert [name for name, target in commands.items() if not summary(target)] == []


def test_help_imports_no_heavy_library() -> None:
    script = "import sys, runpy; sys.argv = ['hearth', '--help']\n"
    script += "try: runpy.run_module('services', run_name='__main__')\nexcept SystemExit: pass\n"
    script += "print(sorted({'numpy', 'sqlalchemy', 'flask', 'kombu', 'pika'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "check" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "services", "dance"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "dance" in done.stderr


def test_help_is_a_word_as_well() -> None:
    whole = CliRunner().invoke(main, ["help"])
    assert whole.exit_code == 0 and "signposts" in whole.output and "Of cohorts" in whole.output
    one = CliRunner().invoke(main, ["help", "sessions", "move"])
    assert "sessions move [OPTIONS] SESSION" in one.output and "--scope" in one.output
    assert CliRunner().invoke(main, ["help", "dance"]).exit_code == 2
