"""The tables of a project file and all the SQL that reads and writes them.

    settings   one row: detail (JSON: normalizer, ink, ink_max, n_glyphs, created_with, created_at)
    glyphs     number from 0, pixels (784 bytes, ink 255), verdict, source, truth
    images     number from 0, layout (JSON) and arrays (deflated): the image as it was given
    steps      number from 1, kind, detail (JSON), at, arrays (deflated bytes that `detail` describes); append-only

Each row carries a checksum, crc32. A step counts once its transaction is committed with synchronous=FULL, which waits
for the disk. While open the journal is a write-ahead log, so that readers never wait for a writer; closing writes it
into the file (a checkpoint), so that a closed project is one file.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ProjectError
from inkmeans.files import remove_stale_parts
from inkmeans.naming._arrays import pack, unpack
from inkmeans.naming._checksum import checksum
from inkmeans.naming._sqlite import checkpoint, companions, identity, new_project, open_project, sentences
from inkmeans.naming._steps import Record
from inkmeans.records import GLYPH_SIZE

# AUTOINCREMENT makes SQLite keep the number of the last step in another place: steps lost at the end are noticed.
_SCHEMA = """
CREATE TABLE settings (detail TEXT NOT NULL, crc32 INTEGER NOT NULL);
CREATE TABLE glyphs (
    number INTEGER PRIMARY KEY, pixels BLOB NOT NULL, verdict TEXT NOT NULL, source TEXT, truth TEXT,
    crc32 INTEGER NOT NULL
);
CREATE TABLE images (
    number INTEGER PRIMARY KEY, layout TEXT NOT NULL, crc32 INTEGER NOT NULL, arrays BLOB NOT NULL
);
CREATE TABLE steps (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, detail TEXT NOT NULL, at TEXT NOT NULL,
    crc32 INTEGER NOT NULL, arrays BLOB
);
CREATE TRIGGER steps_are_never_changed BEFORE UPDATE ON steps
    BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
CREATE TRIGGER steps_are_never_deleted BEFORE DELETE ON steps
    BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
"""

GlyphRow = tuple[NDArray[np.uint8], str, str | None, str | None]
"""Pixels, verdict, source, truth."""


class Store:
    """One open project file; `where` is its path as the user gave it."""

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        self.where = str(path)
        self._file = Path(path).resolve()
        self._read_only = read_only
        connection, self.writable = open_project(self._file, self.where, read_only=read_only)
        self._connection: sqlite3.Connection | None = connection
        self._identity = identity(self._file)
        if self.writable:
            remove_stale_parts(self._file)

    def settings(self) -> dict[str, Any]:
        """Return the settings, and check that the file holds as many glyphs and steps as it should."""
        with self._reading() as connection:
            rows = connection.execute("SELECT detail, crc32 FROM settings").fetchall()
            glyphs, steps, noted = connection.execute(
                "SELECT (SELECT max(number) + 1 FROM glyphs), (SELECT max(number) FROM steps),"
                " (SELECT seq FROM sqlite_sequence WHERE name = 'steps')"
            ).fetchone()
        if len(rows) != 1 or checksum(rows[0][0]) != rows[0][1]:
            raise self.damaged("its settings fail their checksum")
        try:
            settings: dict[str, Any] = json.loads(rows[0][0])
            n_glyphs = settings["n_glyphs"]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise self.damaged("its settings are not what they must be") from error
        if n_glyphs != (glyphs or 0) or n_glyphs < 1:
            raise self.damaged(f"it should hold {n_glyphs} glyphs and holds {glyphs or 0}")
        if (steps or 0) != (noted or 0):
            raise self.damaged(f"it should hold {noted or 0} steps and holds {steps or 0}")
        return settings

    def glyphs(self, n_glyphs: int) -> tuple[NDArray[np.uint8], list[str], list[str | None], list[str | None]]:
        """Return all glyphs (n_glyphs, 28, 28), their verdicts, sources and truths."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT number, pixels, verdict, source, truth, crc32 FROM glyphs ORDER BY number"
            ).fetchall()
        if len(rows) != n_glyphs:
            raise self.damaged(f"it should hold {n_glyphs} glyphs and holds {len(rows)}")
        for i, (*row, crc32) in enumerate(rows):
            sound = row[0] == i and isinstance(row[1], bytes) and len(row[1]) == GLYPH_SIZE**2
            if not sound or checksum(*row) != crc32:
                raise self.damaged(f"glyph {i} fails its checksum")
        _, pixels, verdicts, sources, truths, _ = zip(*rows, strict=True)
        glyphs = np.frombuffer(b"".join(pixels), dtype=np.uint8).reshape(-1, GLYPH_SIZE, GLYPH_SIZE)
        return glyphs, [str(verdict) for verdict in verdicts], _texts(sources), _texts(truths)

    def image(self, number: int) -> NDArray[Any]:
        """Return one image as it was given: the same dtype, shape and bytes."""
        with self._reading() as connection:
            row = connection.execute("SELECT layout, crc32, arrays FROM images WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise self.damaged(f"image {number} is missing")
        layout, crc32, arrays = row
        if checksum(number, layout) != crc32:
            raise self.damaged(f"image {number} fails its checksum")
        try:
            return unpack(json.loads(layout), arrays)["image"]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise self.damaged(f"image {number} cannot be unpacked ({error})") from error

    def steps(self, after: int = 0) -> list[Record]:
        """Return the rows of the table of steps that follow number `after`."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT number, kind, detail, at, crc32 FROM steps WHERE number > ? ORDER BY number", (after,)
            ).fetchall()
        return [Record(*row) for row in rows]

    def step_arrays(self, number: int) -> bytes:
        """Return the arrays of one step, packed."""
        with self._reading() as connection:
            row = connection.execute("SELECT arrays FROM steps WHERE number = ?", (number,)).fetchone()
        if row is None or not isinstance(row[0], bytes):
            raise self.damaged(f"step {number} has lost its arrays")
        return row[0]

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock, so that no other process can append; at the end all is committed, or nothing."""
        if self._read_only:
            raise FileError(f"{self.where} was opened only to be read; open it again without read_only.")
        if not self.writable:
            raise FileError(f"{self.where} is read-only; copy it to a folder that you can write to, and work there.")
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                # Another file may have been moved to this name since: what is saved now would be lost.
                if identity(self._file) != self._identity:
                    raise FileError(f"{self.where} was moved or replaced while it was open, so nothing more is saved.")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def append(self, record: Record, arrays: bytes | None = None) -> None:
        """Append a step; only within `writing`."""
        with self._reading() as connection:
            connection.execute(
                "INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)",
                (record.number, record.kind, record.detail, record.at, record.crc32, arrays),
            )

    def close(self) -> None:
        """Checkpoint the log and close the file; where others have it open, the last to close does so."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.closing(connection):
            if self.writable and identity(self._file) == self._identity:
                checkpoint(connection)

    def damaged(self, what: str) -> ProjectError:
        """Return the error that says where this file is damaged."""
        return ProjectError(f"{self.where} is damaged: {what}; restore the file from a copy.")

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._connection is None:
            raise ProjectError(f"{self.where} is closed; open it again with Project.open('{self.where}').")
        with sentences(self.where):
            yield self._connection


def write_new(
    file: Path, where: str, settings: dict[str, Any], images: Sequence[NDArray[Any]], rows: Iterable[GlyphRow]
) -> None:
    """Write a new project, complete and on disk on return, to `file`; `where` is what errors call it."""
    detail = json.dumps(settings)
    with sentences(where), contextlib.closing(new_project(file)) as connection:
        connection.executescript("BEGIN IMMEDIATE;" + _SCHEMA)
        connection.execute("INSERT INTO settings VALUES (?, ?)", (detail, checksum(detail)))
        connection.executemany("INSERT INTO images VALUES (?, ?, ?, ?)", _image_rows(images))
        connection.executemany("INSERT INTO glyphs VALUES (?, ?, ?, ?, ?, ?)", _glyph_rows(rows))
        connection.execute("COMMIT")


def make_replaceable(path: str | Path) -> None:
    """Check that `path` holds a project that nothing else uses, and checkpoint its log."""
    with contextlib.closing(Store(path)) as store:
        if not store.writable:
            raise FileError(f"{path} is read-only, so it is not replaced; choose another name.")
    if companions(Path(path).resolve()):
        raise ProjectError(f"{path} is open in another process; close it there before it is replaced.")


def _image_rows(images: Sequence[NDArray[Any]]) -> Iterator[tuple[int, str, int, bytes]]:
    for number, image in enumerate(images):
        entries, arrays = pack({"image": image})
        layout = json.dumps(entries)
        yield number, layout, checksum(number, layout), arrays


def _glyph_rows(rows: Iterable[GlyphRow]) -> Iterator[tuple[object, ...]]:
    for number, (pixels, verdict, source, truth) in enumerate(rows):
        row = (number, pixels.tobytes(), verdict, _storable(source), _storable(truth))
        yield *row, checksum(*row)


def _storable(text: str | None) -> str | bytes | None:
    """Return `text`, or its bytes where it is not UTF-8 (a file's name may be any bytes)."""
    if text is None:
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def _texts(stored: Iterable[object]) -> list[str | None]:
    """Return what `_storable` was given."""
    return [
        text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else None if text is None else str(text)
        for text in stored
    ]
