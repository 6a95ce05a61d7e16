"""``inkmeans report``: a project as one self-contained HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from inkmeans.cli._help import Command
from inkmeans.cli._options import force_option, output_option
from inkmeans.cli._outputs import check_output, write_output


@click.command(
    cls=Command,
    examples=(
        ("inkmeans report logs.ink -o report.html", "centers, clusters, names and figures"),
        ('inkmeans report logs.ink -o report.html --title "Log books 1899"', "under a title of your own"),
    ),
)
@click.argument("project", metavar="PROJECT", type=click.Path(path_type=Path))
@output_option("HTML", "The page to write.", example="report.html")
@click.option("--title", help="The page's title.  [default: the project's name]")
@force_option("Replace the page if it is there.")
def report_command(project: Path, output: Path, title: str | None, force: bool) -> None:
    """Write a project as one self-contained HTML page.

    It shows the centers with their names, the images of each cluster with the middle one first and the doubtful last
    (those unusually far from their center), the files that they come from, and, where the truths are known, how well
    clusters and names agree with them.
    """
    check_output(output, force=force, inputs=[project])
    from inkmeans.naming import Project
    from inkmeans.pictures import report
    from inkmeans.report import report_of

    with Project.open(project) as opened:
        page = report(report_of(opened, title))
    write_output(output, page.encode(), force=force)
    click.echo(f"{output}: {len(page.encode()):,} bytes, self-contained")
