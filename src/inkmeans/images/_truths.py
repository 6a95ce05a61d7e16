"""Truths in a file of their own: IDX labels, an .npy or .npz array, one a line, or a table of files and truths."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from inkmeans.errors import ImageError
from inkmeans.images._arrays import as_truths, read_truth_array
from inkmeans.images._files import MAX_UNPACKED, open_file, read_at_most
from inkmeans.images._idx import GZIP_MAGIC, read_idx
from inkmeans.images._image_set import ImageSet

TRUTH_COLUMNS = ("truth", "text", "label")


def add_truths(images: ImageSet, path: Path, selector: str | None = None) -> ImageSet:
    """Return the image set with the truths from a file, in place of any it had.

    Raises
    ------
    FileError
        The file cannot be opened.
    ImageError
        The file is not one of truths, or they do not go with the images one by one.
    """
    truths = _read(path, selector)
    if isinstance(truths, dict):
        return replace(images, truths=_match(images.sources, truths, path), no_truths="")
    unread = {problem.source for problem in images.problems} - set(images.sources)
    if unread:
        raise ImageError(
            f"{path} holds one truth after another, but {min(unread)} could not be read, so they may shift; "
            "give a table with the columns file,truth."
        )
    if len(truths) != len(images):
        raise ImageError(f"{path} holds {len(truths):,} truths, but there are {len(images):,} images.")
    return replace(images, truths=truths, no_truths="")


def _read(path: Path, selector: str | None) -> list[str] | dict[str, str]:
    with open_file(path) as file:
        start = file.read(6)
        if start.startswith((b"PK\x03\x04", b"\x93NUMPY")):
            return read_truth_array(path, selector)
        if start.startswith((b"\0\0", GZIP_MAGIC)):
            return as_truths(read_idx(path), str(path))
        file.seek(0)
        data = read_at_most(file, MAX_UNPACKED, str(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImageError(
            f"{path} is not a file of truths, which is IDX, .npy, .npz or text in UTF-8; save it as one of them."
        ) from error
    header = [cell.strip().lower() for cell in text.split("\n", 1)[0].split(",")]
    column = next((name for name in TRUTH_COLUMNS if name in header), None)
    if "file" in header and column:
        return _read_table(text, header.index("file"), header.index(column), path)
    lines = [line.strip() for line in text.rstrip().split("\n")]
    if not text.strip():
        raise ImageError(f"{path} is empty; it must hold one truth a line, or a table with the columns file,truth.")
    if path.suffix.lower() == ".csv" and header[0] in TRUTH_COLUMNS and len(header) == 1:
        del lines[0]
    for number, line in enumerate(lines, start=1 + text.rstrip().count("\n") + 1 - len(lines)):
        if not line:
            raise ImageError(f"{path}, line {number:,}: there is no truth; write one on each line.")
    return lines


def _read_table(text: str, file_column: int, truth_column: int, path: Path) -> dict[str, str]:
    truths: dict[str, str] = {}
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    try:
        for row in rows:
            if not row:
                continue
            if len(row) <= max(file_column, truth_column) or not row[file_column] or not row[truth_column]:
                raise ImageError(
                    f"{path}, line {rows.line_num:,}: a row needs a file and a truth; got {','.join(row)!r}."
                )
            file, truth = row[file_column].strip().replace("\\", "/"), row[truth_column].strip()
            if truths.setdefault(file, truth) != truth:
                raise ImageError(
                    f"{path}, line {rows.line_num:,}: {file} has two truths, {truths[file]!r} and {truth!r}."
                )
    except csv.Error as error:
        raise ImageError(f"{path}, line {rows.line_num:,}: this is not CSV ({error}); save the table again.") from error
    return truths


def _match(sources: list[str], truths: dict[str, str], path: Path) -> list[str]:
    """Return the truth of each source; a row may name a file by its last parts alone, as long as only one fits."""
    found: list[str] = []
    used: dict[str, str] = {}
    for source in sources:
        parts = source.replace("\\", "/").split("/")
        names = ("/".join(parts[start:]) for start in range(len(parts)))
        name = next((name for name in names if name in truths), None)
        if name is None:
            raise ImageError(f"{path} has no truth for {source}; add a row for it.")
        if used.setdefault(name, source) != source:
            raise ImageError(f"{path}: '{name}' fits both {used[name]} and {source}; write more of the path.")
        found.append(truths[name])
    return found
