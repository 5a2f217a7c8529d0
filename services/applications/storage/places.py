"""Which place for files a config names."""

from pathlib import Path

from services.applications.storage.bucket import BucketFiles
from services.applications.storage.files import FileStore, FolderFiles
from shared.files.bucket import Bucket


def place_for_files(folder: Path | None, bucket: Bucket | None) -> FileStore | None:
    """The bucket or the folder; None when there is neither, and files stay in the database."""
    if bucket is not None:
        return BucketFiles(bucket)
    return FolderFiles(folder) if folder is not None else None
