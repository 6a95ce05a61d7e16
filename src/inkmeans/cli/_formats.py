"""JSON and CSV on standard output, for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inkmeans.images import Problem


def write_json(kind: str, document: dict[str, Any]) -> None:
    """Write one JSON document; its first keys say what it is ("inkmeans `kind`") and in which version."""
    head = {"format": f"inkmeans {kind}", "version": 1}
    click.echo(json.dumps({**head, **document}, ensure_ascii=False, indent=2))


def write_csv(fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table under the names of its columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(rows)
    click.echo(text.getvalue(), nl=False)


def problems_as_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return the inputs that could not be read, for a JSON document."""
    return [{"source": problem.source, "message": problem.message} for problem in problems]
