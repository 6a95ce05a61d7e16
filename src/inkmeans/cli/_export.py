"""``inkmeans export``: what the page shows, as a file that needs no server."""

from __future__ import annotations

from pathlib import Path

import click

from inkmeans.cli._help import Command, Group
from inkmeans.cli._options import force_option, output_option
from inkmeans.cli._outputs import check_output, write_output
from inkmeans.cli._progress import Bar
from inkmeans.errors import FileError


@click.group(
    cls=Group,
    invoke_without_command=True,
    examples=(("inkmeans export lesson -o lesson.html", "k-means to watch, for a learning platform"),),
)
@click.pass_context
def export_command(ctx: click.Context) -> None:
    """Write a view of the page as one file that needs no server."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@export_command.command(
    "lesson",
    cls=Command,
    short_help="Write the view Learn with recorded runs.",
    examples=(("inkmeans export lesson -o lesson.html", "open it in a browser, or upload it"),),
)
@output_option("HTML", "The page to write.", example="lesson.html")
@force_option("Replace the page if it is there.")
def lesson_command(output: Path, force: bool) -> None:
    """Write the view Learn with recorded runs as one self-contained HTML page.

    It shows k-means at work on scikit-learn's digits, raw and normalized, for several k and starts, and opens in a
    browser without a server or the network: from a learning platform, a mail or a stick.
    """
    check_output(output, force=force)
    from inkmeans.web import find_static

    static = find_static()
    template = None if static is None else static / "lesson.html"
    if template is None or not template.is_file():
        raise FileError(
            "This build of inkmeans has no page to fill, because Node was missing when it was built; install Node "
            "20.19 or newer with npm, then build again with: pip install --force-reinstall --no-deps ."
        )
    from inkmeans.lesson import fill_page

    with Bar("Recording") as bar:
        page = fill_page(template.read_text(encoding="utf-8"), bar.show).encode()
    write_output(output, page, force=force)
    click.echo(f"{output}: {len(page):,} bytes, self-contained")
