"""Files that commands write: never over something that is there, unless the person says so, and never half."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from inkmeans.cli._inputs import STDIN
from inkmeans.cli._projects import is_project
from inkmeans.errors import FileError

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
    _check_is_plain(path)
    if path.is_dir():
        raise FileError(f"{path} is a folder; give the name of a file.")
    if not path.parent.is_dir():
        raise FileError(f"{path} cannot be written: there is no folder {path.parent}.")
    if not path.exists():
        return
    if any(_is_same(Path(name), path) for name in inputs):
        raise FileError(f"{path} is an input, which is not written over; choose another name.")
    if not force and is_for_project and is_project(path):
        raise FileError(
            f"{path} already exists; choose another name, replace it with --force, or group its images anew: inkmeans "
            f"cluster {path} -k N"
        )
    if not force:
        raise FileError(f"{path} already exists; choose another name, or replace it with --force.")
    if is_project(path) and not is_for_project:
        raise FileError(f"{path} is a project, which only inkmeans cluster replaces; choose another name.")


def _check_is_plain(path: Path) -> None:
    """Refuse what reading would wait for without end, and what a replacement would take from the machine."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise FileError(
            f"{path} is no plain file (a device or a pipe), and is not written over; give the name of a file."
        )


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def write_file(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file beside and put it in place; one with the same bytes stays as it is, and a link a link."""
    _check_is_plain(path)
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return
    check_output(path, force=force)
    file_itself = path.resolve()
    beside = file_itself.with_name(f".{file_itself.name}.{secrets.token_hex(4)}.part")
    try:
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(file_itself)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_picture(path: Path, picture: Image.Image, *, force: bool) -> None:
    """Write a picture as PNG."""
    from io import BytesIO

    data = BytesIO()
    picture.save(data, format="PNG")
    write_file(path, data.getvalue(), force=force)


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
