"""What no file of the repository may say: where its packages come from, or a place on somebody's machine.

Whoever installs Hearth has an index and folders of their own; a file that names others would send them there.
"""

import re
import subprocess
from pathlib import Path

# Spelt in pieces, so that this file passes its own check.
_INDEXES = [
    ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("proxy", "golang"))
]
_FORBIDDEN = {
    "a package index": re.compile("|".join(map(re.escape, _INDEXES))),
    "where to look for packages": re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|npm_config_registry"),
    "a folder of one machine": re.compile(r"(?<![\w.$}/-])/(?:root|work|home/\w+|Users/\w+)/"),
}
_BINARY = {".png", ".jpg", ".woff2", ".ico", ".pdf", ".xlsx", ".mo"}
_MAY_SAY = {"services/developer/wording.py", "requirements/compile", "tests/architecture/test_wording.py"}


def check(root: Path) -> tuple[list[str], int]:
    """The problems, as "file:line: what", and how many files were looked at."""
    names = [name for name in _files(root) if name not in _MAY_SAY and Path(name).suffix not in _BINARY]
    problems = [
        f"{name}:{line}: {what}" for name in names for line, what in problems_of((root / name).read_text("utf-8"))
    ]
    return problems, len(names)


def problems_of(text: str) -> list[tuple[int, str]]:
    """Each forbidden saying in `text`, with its line."""
    return [
        (number, what)
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in _FORBIDDEN.items()
        if pattern.search(line)
    ]


def _files(root: Path) -> list[str]:
    """The files that are, or are about to be, in the repository; without git, those of the folders that hold code."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603
        names = done.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        tops = ("services", "shared", "tests", "deploy", "docs", "requirements")
        names = [str(path.relative_to(root)) for top in tops for path in (root / top).rglob("*")]
    return [name for name in names if (root / name).is_file() and "__pycache__" not in name]
