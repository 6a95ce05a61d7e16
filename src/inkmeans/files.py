"""Atomic replacement of a file: a temporary file in the same folder is written, synced to disk and renamed.

A crash, a full disk or Ctrl-C at any moment leaves the old file or the new one, whole. The temporary file, a part, is
called ``.NAME.TOKEN.part``; it is removed on any failure, and after a kill by `remove_stale_parts`.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from inkmeans.errors import FileError

_STALE = 24 * 3600.0  # seconds without a write after which the process that wrote a part is taken to be dead


def write_file(path: str | Path, data: bytes, *, overwrite: bool = True) -> None:
    """Write `data` to `path` atomically; it is on the disk on return.

    A link to the file stays a link, and the file that it stands for is replaced. A new file gets the permissions that
    the process gives new files (its umask); one that replaces another keeps the other's.

    Parameters
    ----------
    path : str or Path
    data : bytes
    overwrite : bool
        False: a file that is there already, or appears meanwhile, is left alone and FileError raised.

    Raises
    ------
    FileError
        If `path` is a folder, a device or a pipe, or cannot be written; what stood there is untouched.
    """
    where, file = str(path), file_itself(path)
    if not overwrite and file.exists():
        raise FileError(f"{where} already exists; choose another name.")
    with _sentences(where), removed_at_the_end(part_of(file)) as part:
        with part.open("xb") as handle:
            if file.exists():  # before anything is in it: what others may not read, they may not read here
                part.chmod(stat.S_IMODE(file.stat().st_mode))
            handle.write(data)
        put_in_place(part, file, where, overwrite=overwrite)


def file_itself(path: str | Path) -> Path:
    """Return the file that `path` stands for, links followed, if a plain file is or may be put there.

    Raises
    ------
    FileError
        It is a folder, a device or a pipe, or there is no folder to put it in.
    """
    with _sentences(str(path)):
        file = Path(path).resolve()
        if file.is_dir():
            raise FileError(f"{path} is a folder; give the name of a file.")
        if file.exists() and not file.is_file():
            raise FileError(
                f"{path} is no plain file (a device or a pipe), and is not written over; give the name of a file."
            )
        if not file.parent.is_dir():
            raise FileError(f"{path} cannot be written: there is no folder {Path(path).parent}.")
    return file


def part_of(file: Path) -> Path:
    """Return a new name in the folder of `file`, for the temporary file that shall replace it."""
    return file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")


@contextlib.contextmanager
def removed_at_the_end(part: Path) -> Iterator[Path]:
    """Yield `part`, and remove the file of that name at the end, whatever was raised."""
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def put_in_place(part: Path, file: Path, where: str, *, overwrite: bool) -> None:
    """Sync the file `part` to disk and rename it to `file`, which errors call `where`.

    Raises
    ------
    FileError
        If that cannot be done, or if `overwrite` is false and there is a file by now.
    """
    with _sentences(where):
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        if overwrite:
            part.replace(file)
        else:
            try:
                _link_or_move(part, file)
            except FileExistsError as error:
                raise FileError(f"{where} was made by another process meanwhile; choose another name.") from error
        _sync_folder(file.parent)


def remove_stale_parts(file: Path) -> None:
    """Remove the parts of `file` that processes left when they were killed: those not written to for a day.

    What SQLite puts beside a part (``.part-wal``) is removed with it. A process that still had such a part open would
    find that its file is gone and say so; no data but that part's is lost.
    """
    # A part may be made in place by way of a part of its own.
    ours = re.compile(rf"\.+{re.escape(file.name)}(\.[0-9a-f]{{8}}\.part)+(-wal|-shm|-journal)?")
    latest: dict[str, float] = {}  # of each part and what is beside it
    with contextlib.suppress(OSError), os.scandir(file.parent) as entries:
        for entry in entries:
            if ours.fullmatch(entry.name):
                part = entry.name.rpartition(".part")[0]
                latest[part] = max(latest.get(part, 0.0), entry.stat(follow_symlinks=False).st_mtime)
    for part, at in latest.items():
        if time.time() - at > _STALE:
            for end in (".part", ".part-wal", ".part-shm", ".part-journal"):
                with contextlib.suppress(OSError):
                    file.with_name(part + end).unlink()


def _link_or_move(part: Path, file: Path) -> None:
    """Rename `part` to `file` unless that exists, by a hard link; where there are none, by asking first."""
    try:
        os.link(part, file)
    except FileExistsError:
        raise
    except OSError:
        if file.exists():
            raise FileExistsError from None
        part.replace(file)


def _sync_folder(folder: Path) -> None:
    """Sync the folder's entries to disk, so that the new name survives a power cut."""
    with contextlib.suppress(OSError, AttributeError):  # Windows has no such thing
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _sentences(where: str) -> Iterator[None]:
    try:
        yield
    except FileError:
        raise
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: links in a circle; ValueError: a NUL in a name
        raise FileError(f"{where} cannot be written: {getattr(error, 'strerror', None) or error}.") from error
