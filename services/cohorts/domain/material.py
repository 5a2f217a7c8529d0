"""Files that staff hand out: how large, of which kinds, and how each is given to a browser."""

LARGEST = 10 * 1024 * 1024
TOO_LARGE = f"A file may have up to {LARGEST // 1024 // 1024} MB. Share a larger one by a link."
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "txt": "text/plain; charset=utf-8",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "odt": f"{_OPEN}.text",
    "odp": f"{_OPEN}.presentation",
    "ods": f"{_OPEN}.spreadsheet",
}
"""Kind -> media type, of everything that is taken."""

REFUSALS = {
    "unknown": "Choose a PDF, a document, slides, a table, a picture, an MP3 or a plain text.",
    "damaged": "This file cannot be opened. It may be damaged: save it anew and try again.",
    "too_big_inside": "This file is far too large inside. Save a smaller one and try again.",
    "locked": "This file is locked with a password. Save it without one and try again.",
    "programs": "This file has a program (a macro) in it. Save it as a PDF and try again.",
}
"""Why a file is not taken -> what to do about it."""
