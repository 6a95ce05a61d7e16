"""Telling a project file from everything else."""

from __future__ import annotations

from pathlib import Path

_SQLITE = b"SQLite format 3\0"


def is_project(path: str | Path) -> bool:
    """Return whether a file is a project: by its content, or by its name where it is not there or empty."""
    place = Path(path)
    try:
        if not place.is_file():
            return place.suffix == ".ink" and not place.is_dir()
        with place.open("rb") as file:
            start = file.read(len(_SQLITE))
    except (OSError, ValueError):
        return False
    return start == _SQLITE or place.suffix == ".ink"
