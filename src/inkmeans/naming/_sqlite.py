"""How a project file is opened, locked and closed as SQLite, and SQLite's errors turned into sentences.

The file is never opened but through SQLite: closing any other handle to it would drop the locks that this process holds
(sqlite.org/howtocorrupt.html, section 2.2). And a log left beside a file that is gone would be taken for the log of the
next file of that name (section 2.4): hence the care about moving and replacing.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from inkmeans.errors import FileError, ProjectError

APPLICATION_ID = 0x496E6B4D  # "InkM"
VERSION = 1
WAIT = 10.0
"""Seconds to wait for another process that is writing before giving up."""

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file that is open, and leaves there after a crash."""

_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "synchronous = FULL", "fullfsync = ON")


def open_project(file: Path, where: str, *, read_only: bool = False) -> tuple[sqlite3.Connection, bool]:
    """Return a connection to a project, and whether it can be written.

    It cannot with `read_only`, nor where the file or its folder is read-only.
    """
    if file.is_dir():
        raise FileError(f"{where} is a folder, not a project file.")
    if not file.exists():
        raise FileError(f"{where} does not exist; make a project with: inkmeans cluster IMAGES -o {where}")
    if not file.is_file():
        raise FileError(f"{where} is not a plain file, so it cannot be a project.")
    writable = not read_only and _may_write(file) and _may_write(file.parent)
    with sentences(where):
        connection = _connect(file, "rw" if writable else "ro")
        try:
            _check_header(connection, file, where)
            if writable:
                _use_write_ahead_log(connection)
        except BaseException:
            connection.close()
            raise
    return connection, writable


def new_project(file: Path) -> sqlite3.Connection:
    """Return a connection to a new, empty file; a crash before it is complete leaves nothing to roll back."""
    connection = _connect(file, "rwc")
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    return connection


def checkpoint(connection: sqlite3.Connection) -> None:
    """Write the log into the file and turn it off; where others have the file open, that is left to them."""
    with contextlib.suppress(sqlite3.OperationalError):  # the log is as safe as the file
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")


def companions(file: Path) -> list[Path]:
    """Return what SQLite has left beside a file."""
    return [beside for end in COMPANIONS if (beside := Path(f"{file}{end}")).exists()]


def identity(file: Path) -> tuple[int, int] | None:
    """Return what tells this file from any other that may come to bear its name; None where there is none."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


@contextlib.contextmanager
def sentences(where: str) -> Iterator[None]:
    """Turn SQLite's errors into ours, each one sentence about the file `where`."""
    try:
        yield
    except UnicodeDecodeError as error:  # sqlite3 cannot even tell what SQLite said about a damaged name
        raise ProjectError(f"{where} is damaged (malformed database schema); restore the file from a copy.") from error
    except sqlite3.Error as error:
        raise _sentence(error, where) from error


def _sentence(error: sqlite3.Error, where: str) -> FileError | ProjectError:
    code = _primary(error)
    said = str(error) if str(error).isprintable() else "malformed database"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProjectError(
            f"{where} is being written by another process, for longer than {WAIT:g} seconds; nothing was changed, so"
            " try again when it is done."
        )
    if code == sqlite3.SQLITE_NOTADB:
        return ProjectError(f"{where} is not an inkmeans project: it is not an SQLite file.")
    if code == sqlite3.SQLITE_FULL:
        return FileError(f"{where} cannot be written: the disk is full; nothing was changed.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM):
        return FileError(
            f"{where} cannot be used ({said}); check that the file and its folder can be read and written."
        )
    return ProjectError(f"{where} is damaged ({said}); restore the file from a copy.")


def _primary(error: sqlite3.Error) -> int:
    """Return SQLite's primary error code; the rest of the code says where in SQLite it arose."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _connect(file: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode={mode}", uri=True, timeout=WAIT, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_header(connection: sqlite3.Connection, file: Path, where: str) -> None:
    """Check that this is a whole project of a version that we know, before anything in the file is changed."""
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    if application_id != APPLICATION_ID:
        what = "an SQLite file of another program" if pages else "empty"
        raise ProjectError(f"{where} is {what}, not an inkmeans project.")
    if version < 1:
        raise ProjectError(f"{where} is damaged: it has no version; restore the file from a copy.")
    if version > VERSION:
        raise ProjectError(
            f"{where} is a project of version {version}, and this inkmeans knows versions up to {VERSION};"
            " upgrade: pip install -U inkmeans"
        )
    size = file.stat().st_size
    if size < pages * page_size and not companions(file):  # what is missing may be in the log
        raise ProjectError(
            f"{where} is damaged: it should have {pages * page_size:,} bytes and has {size:,}, so it is probably"
            " truncated; restore the file from a copy."
        )


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Turn the write-ahead log on; a file system that cannot have one keeps the rollback journal, just as safe."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:  # SQLite does not wait here by itself
            if _primary(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
