"""Names of files as we show them and hand them out: nothing in them can lead anywhere or deceive."""

import re
import unicodedata

LONGEST = 100
_PARTS = re.compile(r"[/\\]+")
_KEPT_MARKS = re.compile(r"[^\w .,()&+'’\-]+")


def safe_name(name: str, kind: str, otherwise: str = "file") -> str:
    """The last part of `name` in letters of any script, digits and plain marks, ending in what the file truly is.

    `../../cv.exe` of kind pdf is `cv.pdf`; what is left empty is called `otherwise`.
    """
    last = _PARTS.split(name.strip())[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    stem = _KEPT_MARKS.sub("_", unicodedata.normalize("NFC", shown))
    stem = stem.rpartition(".")[0] or stem
    stem = " ".join(stem.split())[:LONGEST].strip(" ._-") or otherwise
    return f"{stem}.{kind}"
