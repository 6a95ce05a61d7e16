"""Names of clusters as a CSV file: what a spreadsheet writes, and what one opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from inkmeans.errors import FileError, InputError
from inkmeans.files import write_file
from inkmeans.names import clean_name

_HEADER = ("cluster", "name")


def read_names_csv(path: str | Path) -> dict[int, str | None]:
    """Return the name of each cluster that a CSV file lists; None where its cell is empty: for `Project.name_many`.

    The columns are cluster and name, with or without that header (with it, in any order and beside others), separated
    by commas, semicolons or tabs; UTF-8, with or without a byte order mark. An empty name takes the name of its cluster
    away; a cluster that is not listed keeps its own.

    Raises
    ------
    FileError
        The file cannot be read.
    InputError
        The file is not such a list; the sentence says in which line.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        raise InputError(
            f"{path} line {line}: byte 0x{byte:02x} is not UTF-8; save the file as 'CSV UTF-8'."
        ) from error
    return parse_names_csv(text, source=str(path))


def parse_names_csv(text: str, *, source: str = "names.csv") -> dict[int, str | None]:
    """Return the same as `read_names_csv` from text already read; `source` opens each error's sentence."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text))
    names: dict[int, str | None] = {}
    lines: dict[int, int] = {}
    columns: tuple[int, int] | None = None
    try:
        for row in rows:
            where = f"{source} line {rows.line_num}"
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns, is_header = _columns(row, where)
                if is_header:
                    continue
            cluster, name = _cells(row, columns, where)
            if cluster in lines:
                raise InputError(f"{where}: cluster {cluster} was already listed in line {lines[cluster]}.")
            lines[cluster] = rows.line_num
            names[cluster] = clean_name(name, f"{where}: a name") if name.strip() else None
    except csv.Error as error:
        raise InputError(f"{source} line {rows.line_num}: not a CSV row ({error}).") from error
    if not lines:
        raise InputError(
            f"{source} lists no clusters; each line should hold a cluster's number and its name, as in 3,7."
        )
    return names


def write_names_csv(path: str | Path, names: Mapping[int, str | None]) -> None:
    """Write clusters and names, in order of number, as UTF-8 with a header; None gives an empty one to fill in.

    The file is replaced atomically: see `inkmeans.files.write_file`.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows((number, names[number] or "") for number in sorted(names))
    write_file(path, text.getvalue().encode())


def _delimiter(text: str) -> str:
    """Return the first of comma, semicolon and tab that the first line with anything in it holds."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return min((mark for mark in ",;\t" if mark in first), key=first.index, default=",")


def _columns(row: list[str], where: str) -> tuple[tuple[int, int], bool]:
    """Return where cluster and name stand, and whether this first row is the header."""
    titles = [cell.strip().casefold() for cell in row]
    if all(title in titles for title in _HEADER):
        return (titles.index("cluster"), titles.index("name")), True
    if any(title in titles for title in _HEADER):
        raise InputError(f"{where}: the header must hold both 'cluster' and 'name'; got {', '.join(row)}.")
    if len(row) != 2:
        raise InputError(f"{where}: without a header there must be 2 columns, cluster and name; got {len(row)}.")
    return (0, 1), False


def _cells(row: list[str], columns: tuple[int, int], where: str) -> tuple[int, str]:
    if len(row) <= max(columns):
        raise InputError(f"{where}: expected a cluster and a name; got {len(row)} column{'s' * (len(row) != 1)}.")
    number, name = row[columns[0]].strip(), row[columns[1]]
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise InputError(f"{where}: a cluster is a whole number from 0; got '{number[:20]}'.")
    return int(number), name
