"""Files that commands write: an existing one is replaced only by ``--force``, and in one move."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inkmeans.cli._inputs import STDIN
from inkmeans.cli._projects import is_project
from inkmeans.errors import FileError
from inkmeans.files import file_itself, write_file

if TYPE_CHECKING:
    from PIL import Image


def check_output(path: Path, *, force: bool, inputs: Iterable[str | Path] = (), is_for_project: bool = False) -> None:
    """Raise FileError if `path` must not or cannot be written; asked before the work, which may take long.

    Parameters
    ----------
    path : Path
    force : bool
        Whether an existing file may be replaced.
    inputs : iterable of paths
        Files that the work comes from: they are not replaced even by force.
    is_for_project : bool
        Whether a project is to be written; nothing else may replace one.
    """
    if str(path) == STDIN:
        raise FileError("'-' is standard input, to which nothing is written; give the name of a file.")
    file_itself(path)
    if not path.exists():
        return
    if any(_is_same(Path(name), path) for name in inputs):
        raise FileError(f"{path} is an input, which is not written over; choose another name.")
    if not force and is_for_project and is_project(path):
        raise FileError(
            f"{path} already exists; choose another name, replace it with --force, or cluster its images again: "
            f"inkmeans cluster {path} -k N"
        )
    if not force:
        raise FileError(f"{path} already exists; choose another name, or replace it with --force.")
    if is_project(path) and not is_for_project:
        raise FileError(f"{path} is a project, which only inkmeans cluster replaces; choose another name.")


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def write_output(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file, all of it or nothing; one with the same bytes stays as it is."""
    file = file_itself(path)
    with contextlib.suppress(OSError):
        if file.read_bytes() == data:
            return
    check_output(path, force=force)
    write_file(path, data, overwrite=force)


def write_picture(path: Path, picture: Image.Image, *, force: bool) -> None:
    """Write a picture as PNG."""
    from io import BytesIO

    data = BytesIO()
    picture.save(data, format="PNG")
    write_output(path, data.getvalue(), force=force)


def check_folder(folder: Path) -> None:
    """Raise FileError if `folder` is neither there nor can be made where it should be; nothing is made yet."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not there.is_dir():
        raise FileError(f"{there} is a file, but a folder is needed here; choose another name.")


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, unless it is there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FileError(f"{folder} is a file, but a folder is needed here; choose another name.") from error
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {error.strerror or error}.") from error
