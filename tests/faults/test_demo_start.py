"""What keeps `hearth demo` from starting is one clear line that says what to do."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes.settings import ROOT
from tests.servers.processes import free_ports


def refused(folder: Path, port: int) -> str:
    """The one line that a start ends with."""
    command = [sys.executable, "-m", "services", "demo", "--data", str(folder), "--port", str(port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("hearth: ")
    return done.stderr


def test_a_port_that_is_taken_is_named_with_another_to_try(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(tmp_path / "data", port)
    assert f"port {port} is taken" in said
    assert "--port" in said
    assert not (tmp_path / "data").exists(), "nothing was made for a start that could not be"


@pytest.mark.parametrize("where", ["/proc/hearth", "a-file/data"])
def test_a_data_directory_that_cannot_be_written_to_is_named(where: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("not a folder")
    folder = tmp_path / where
    said = refused(folder, free_ports(1)[0])
    assert str(folder) in said
    assert "--data" in said
