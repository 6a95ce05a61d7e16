"""``inkmeans demo``: every step on data inside the package."""

from __future__ import annotations

from pathlib import Path

import click

from inkmeans.cli._help import Command
from inkmeans.cli._options import force_option, output_option
from inkmeans.errors import FileError


@click.command(
    cls=Command,
    examples=(("inkmeans demo", "into the folder demo"), ("inkmeans demo -o first-look", "into another")),
)
@output_option("FOLDER", "Where the pictures and the report go.", default=Path("demo"))
@force_option("Write into a folder that holds other things.")
def demo_command(output: Path, force: bool) -> None:
    """Run every step on data inside the package.

    Digits are clustered without their truths, the clusters named by one look each, a reader is trained and reads digits
    that it has not seen, and two pictures. Needs no network. Pictures and a report are written into a folder; that of
    an earlier demo is replaced.
    """
    if output.exists() and not output.is_dir():
        raise FileError(f"{output} is a file, but a folder is needed here; choose another name.")
    from inkmeans.lesson import DEMO_PROJECT, run_demo

    if not force and output.is_dir() and any(output.iterdir()) and not (output / DEMO_PROJECT).is_file():
        raise FileError(f"{output} holds other things; choose another folder, or write into it with --force.")
    run_demo(output, click.echo)
