"""Atomic replacement of a file: a temporary file in the same folder is written, synced to disk and renamed.

A crash, a full disk or Ctrl-C at any moment leaves the old file or the new one, whole. The temporary file, a part, is
called ``.NAME.TOKEN.part``; it is removed on any failure. One that a killed process left is removed a day later, when
the file is next written or opened: see `remove_stale_parts`.
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

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_ENDS = ("", "-wal", "-shm", "-journal")  # of a part, and of what SQLite puts beside it
_STALE = 24 * 3600.0  # seconds without a write after which a part that nobody has locked is taken to be left over
_in_use: set[Path] = set()  # this process's parts: it does not see its own locks


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
    with _sentences(where):
        remove_stale_parts(file)
        mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else None
        with new_part(file) as part:
            # What others may not read in the file that is replaced, they may not read here.
            with part.open("xb") if mode is None else open(part, "xb", opener=_open_private) as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            if mode is not None:  # last: what is read-only cannot be opened to be synced
                part.chmod(mode)
            _move(part, file, where, overwrite=overwrite)


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


@contextlib.contextmanager
def new_part(file: Path) -> Iterator[Path]:
    """Yield a new name beside `file`, for the file that shall replace it; at the end nothing is left under that name.

    What SQLite puts beside it is removed too. Meanwhile this process's `remove_stale_parts` leaves it alone.
    """
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    _in_use.add(part)
    try:
        yield part
    finally:
        _in_use.discard(part)
        for end in _ENDS:
            Path(f"{part}{end}").unlink(missing_ok=True)


def put_in_place(part: Path, file: Path, where: str, *, overwrite: bool) -> None:
    """Sync the file `part`, which may be written to, to disk and rename it to `file`, which errors call `where`.

    Raises
    ------
    FileError
        If that cannot be done, or if `overwrite` is false and there is a file by now.
    """
    with _sentences(where):
        with part.open("rb+") as handle:
            os.fsync(handle.fileno())
        _move(part, file, where, overwrite=overwrite)


def remove_stale_parts(file: Path) -> None:
    """Remove the parts of `file` that processes left when they were killed.

    They are those not written to for a day and not in use. A part that is a project is in use while a process has a
    lock on it, as SQLite has in an open one with a write-ahead log; where there are no such locks (Windows), age alone
    tells, and Windows itself refuses to remove an open file. What SQLite puts beside a part (``.part-wal``) is removed
    with it.
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
        path = file.with_name(f"{part}.part")
        if time.time() - at > _STALE and path not in _in_use and not _is_locked(path):
            for end in _ENDS:
                with contextlib.suppress(OSError):
                    Path(f"{path}{end}").unlink()


def _is_locked(part: Path) -> bool:
    """Return whether another process has a lock on the file, or may have one for all that can be found out."""
    if fcntl is None:
        return False
    try:
        with part.open("rb+") as handle:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a record lock, the kind that SQLite takes
    except FileNotFoundError:  # only what was beside it is left
        return False
    except OSError:
        return True
    return False


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _move(part: Path, file: Path, where: str, *, overwrite: bool) -> None:
    """Rename `part`, which is on the disk, to `file`; FileError if there is one that may not be overwritten."""
    if overwrite:
        part.replace(file)
    else:
        try:
            _link_or_move(part, file)
        except FileExistsError as error:
            raise FileError(f"{where} was made by another process meanwhile; choose another name.") from error
    _sync_folder(file.parent)


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
