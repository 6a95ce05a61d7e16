"""The options that several commands have, each defined once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from inkmeans.checks import MAX_SEED
from inkmeans.cli._numbers import WholeNumber

F = TypeVar("F", bound=Callable[..., Any])

seed_option = click.option(
    "--seed", type=WholeNumber(min=0, max=MAX_SEED), default=0, show_default=True, help="The seed of the clustering."
)
ink_option = click.option(
    "--ink",
    type=click.Choice(["auto", "bright", "dark"]),
    default="auto",
    show_default=True,
    help="Whether ink is brighter or darker than the paper.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def csv_option(fields: Sequence[str]) -> Callable[[F], F]:
    """Return ``--csv``, whose help names the columns."""
    return click.option("--csv", "as_csv", is_flag=True, help=f"Print CSV: {', '.join(fields)}.")


def check_one_format(as_json: bool, as_csv: bool) -> None:
    """Raise UsageError where both were asked for."""
    if as_json and as_csv:
        raise click.UsageError("--json and --csv cannot go together; choose one.")


def output_option(
    metavar: str, help: str, *, example: str | None = None, default: Path | None = None
) -> Callable[[F], F]:
    """Return ``-o``: the file or folder to write; with an `example` it must be given."""
    given: dict[str, Any] = {} if default is None else {"default": default, "show_default": True}
    if example is not None:
        given |= {"cls": _Output, "required": True, "example": example}
    return click.option("-o", "--output", type=click.Path(path_type=Path), metavar=metavar, help=help, **given)


class _Output(click.Option):
    """``-o`` that must be given: where it is missing, an example is told."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example = example

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; UsageError where there is none."""
        try:
            return super().process_value(ctx, value)
        except click.MissingParameter as error:
            raise missing_output(self.help or "", self.example, ctx) from error


def missing_output(help: str, example: str, ctx: click.Context | None = None) -> click.UsageError:
    """Return the error where ``-o`` is missing; `help` is its help, a sentence."""
    what = help[:1].lower() + help[1:].rstrip(".")
    return click.UsageError(f"Missing option '-o' / '--output': {what}, such as -o {example}", ctx)


def path_option(name: str, metavar: str, help: str) -> Callable[[F], F]:
    """Return an option that takes a file or folder to write."""
    return click.option(name, type=click.Path(path_type=Path), metavar=metavar, help=help)


def truths_option(use: str = "") -> Callable[[F], F]:
    """Return ``--truths``; `use` says what they are for, where that needs saying."""
    return click.option("--truths", metavar="FILE", help=f"A file with the true text of each image{use}.")


def model_option(help: str, default: str | None = None) -> Callable[[F], F]:
    """Return ``-m``: the reader to read with."""
    return click.option("-m", "--model", default=default, show_default=default is not None, metavar="MODEL", help=help)


def force_option(help: str) -> Callable[[F], F]:
    """Return ``--force``; its help says what it replaces."""
    return click.option("--force", is_flag=True, help=help)
