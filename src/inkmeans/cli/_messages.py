"""Messages to the person, on stderr: errors, notes, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inkmeans.images import Problem


def tell(sentence: str) -> None:
    """Write a line to stderr."""
    click.echo(sentence, err=True)


def tell_error(sentence: str) -> None:
    """Write the sentence that says what failed."""
    tell(f"Error: {sentence}")


def tell_next(*parts: str | Path, then: str = "") -> None:
    """Write the next command, quoted for the shell, and what it is for."""
    command = " ".join(shlex.quote(str(part)) for part in parts)
    tell(f"Next: {command}" + (f"  ({then})" if then else ""))


def tell_problems(problems: Iterable[Problem]) -> None:
    """Write a line for each input that could not be read."""
    for problem in problems:
        tell_error(problem.message)


def count(n: int, noun: str) -> str:
    """Return a number with its noun: "1 image", "1,797 images"."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def percent(share: float, digits: int = 1) -> str:
    """Return a share in percent: "97.3 %"."""
    return f"{100 * share:.{digits}f} %"
