"""``inkmeans choose-k``: how many clusters are worth naming, before anything is named."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from inkmeans.cli._formats import problems_as_json, write_csv, write_json
from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_inputs
from inkmeans.cli._messages import count, percent, tell, tell_next, tell_problems
from inkmeans.cli._numbers import WholeNumber
from inkmeans.cli._options import check_one_format, csv_option, json_option, seed_option
from inkmeans.cli._progress import Bar
from inkmeans.cli._projects import is_project
from inkmeans.cli._status import Status
from inkmeans.cli._tables import columns
from inkmeans.errors import ImageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inkmeans.cluster import ClusterNumbers
    from inkmeans.images import Problem

_FIELDS = ("clusters", "accuracy", "low", "high", "inertia", "silhouette")


@click.command(
    cls=Command,
    examples=(
        ("inkmeans choose-k scans/", "what 5 to 200 names would give"),
        ("inkmeans choose-k mnist.npz#train -k 50 -k 100", "for these numbers"),
        ("inkmeans choose-k logs.ink", "for the images of a project"),
        ("inkmeans choose-k scans/ --csv > numbers.csv", "for a spreadsheet"),
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-k",
    "--clusters",
    type=WholeNumber(min=1),
    multiple=True,
    help="A number of clusters to try; may be given again. Otherwise 5 to 200, as the images allow.",
)
@seed_option
@json_option
@csv_option(_FIELDS)
def choose_k_command(
    inputs: tuple[str, ...], clusters: tuple[int, ...], seed: int, as_json: bool, as_csv: bool
) -> Status:
    """Show what naming more clusters would bring.

    INPUT is images of one glyph each, as for 'cluster', or one project; truths are not looked at. Printed is, for each
    number of clusters, how many of 100 images would have the right name once each cluster is named by one look at its
    middle image: an estimate, with an interval that held 9 of 10 true values where it was tuned. It is too hopeful
    where there are fewer clusters than characters, or many characters that look alike, as in an alphabet, and a guess
    for fewer than 400 images. Inertia and silhouette are printed for comparison.

    The suggested number is the smallest beyond which 10 more names bring less than half an image of 100, whatever
    larger number of the table is taken.
    """
    check_one_format(as_json, as_csv)
    of_project = len(inputs) == 1 and is_project(inputs[0])
    images, problems = (_of_project(inputs[0]), []) if of_project else _of_files(inputs)
    from inkmeans.cluster import FEW_GLYPHS, choose_k

    with Bar("Clustering") as bar:
        numbers = choose_k(
            images,
            clusters or None,
            random_state=seed,
            progress=bar.show,
        )
    if as_json:
        document = {
            "images": len(images),
            "readable": numbers.n_readable,
            "seed": seed,
            "suggested": numbers.suggested,
            "numbers": [dict(zip(_FIELDS, row, strict=True)) for row in _rows(numbers)],
            "problems": problems_as_json(problems),
        }
        write_json("numbers of clusters", document)
    elif as_csv:
        write_csv(_FIELDS, _rows(numbers))
    else:
        click.echo(f"{_table(numbers)}\n\nSuggested number of clusters: {numbers.suggested}")
        output = () if of_project else ("-o", "PROJECT")
        if numbers.n_readable < FEW_GLYPHS:
            readable = count(numbers.n_readable, "readable image")
            tell(f"This is a guess: it rests on {readable}, and takes {FEW_GLYPHS} to be more.")
        tell_next("inkmeans", "cluster", *inputs, "-k", str(numbers.suggested), *output, then="group the images")
    return Status.UNREADABLE if problems else Status.DONE


def _of_project(path: str) -> list[NDArray[Any]]:
    from inkmeans.naming import Project

    with Project.open(path) as project:
        return list(project.images)


def _of_files(inputs: tuple[str, ...]) -> tuple[NDArray[Any] | list[NDArray[Any]], list[Problem]]:
    found = read_inputs(inputs)
    tell_problems(found.problems)
    if not len(found):
        raise ImageError("None of the inputs could be read, so there is nothing to cluster.")
    return found.images, found.problems


def _rows(numbers: ClusterNumbers) -> list[list[Any]]:
    """Return a row for each number, with None where there is no silhouette."""
    columns_of = (numbers.n_clusters, numbers.accuracy, numbers.low, numbers.high, numbers.inertia, numbers.silhouette)
    rows = zip(*(column.tolist() for column in columns_of), strict=True)
    return [[None if isinstance(value, float) and math.isnan(value) else value for value in row] for row in rows]


def _table(numbers: ClusterNumbers) -> str:
    rows = [
        [
            f"{clusters:,}",
            percent(accuracy),
            f"{100 * low:.1f} to {percent(high)}",
            f"{inertia:,.1f}",
            "-" if silhouette is None else f"{silhouette:.2f}",
        ]
        for clusters, accuracy, low, high, inertia, silhouette in _rows(numbers)
    ]
    return columns([["clusters", "expected right", "interval", "inertia", "silhouette"], *rows], right=True)
