"""The embedded mode's data folder, one command each way, while Hearth runs or not:

    python3 deploy/backup/sqlite.py save DATA FOLDER      a copy of everything in DATA, each database as at one moment
    python3 deploy/backup/sqlite.py restore FOLDER DATA   a new DATA from such a copy; never over an existing one

SQLite files are copied through SQLite itself (a plain copy would miss what is still in the write-ahead log), all others
as they are. Needs Python alone.
"""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

_SQLITE = b"SQLite format 3\x00"
_BESIDE = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path) -> None:
    """Copy a data folder. Raises FileExistsError if `target` is there, SystemExit if a copied database is damaged."""
    if not source.is_dir():
        raise SystemExit(f"backup: {source} is not a folder.")
    if target.exists():
        raise FileExistsError(target)
    draft = target.with_name(target.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    for path in sorted(source.rglob("*")):
        place = draft / path.relative_to(source)
        if path.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not path.name.endswith(_BESIDE):
            place.parent.mkdir(parents=True, exist_ok=True)
            _copy_file(path, place)
    draft.rename(target)  # whoever finds the target finds it whole


def _copy_file(path: Path, place: Path) -> None:
    with path.open("rb") as file:
        is_sqlite = file.read(len(_SQLITE)) == _SQLITE
    if not is_sqlite:
        shutil.copy2(path, place)
        return
    reading = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(reading, uri=True, timeout=30)) as database, closing(sqlite3.connect(place)) as saved:
        database.backup(saved)
        found = saved.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise SystemExit(f"backup: {path} is damaged: {found}")


def main(arguments: list[str]) -> int:
    """Run the command; the exit status."""
    if len(arguments) != 3 or arguments[0] not in {"save", "restore"}:
        print(__doc__, file=sys.stderr)
        return 64
    try:
        copy(Path(arguments[1]), Path(arguments[2]))
    except FileExistsError as error:
        print(f"backup: {error} is there already; name a new folder.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
