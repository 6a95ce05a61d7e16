"""``inkmeans cluster``: a pile of images to a project with clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_inputs
from inkmeans.cli._messages import count, tell, tell_next, tell_problems
from inkmeans.cli._outputs import check_output
from inkmeans.cli._progress import Bar
from inkmeans.cli._projects import is_project
from inkmeans.cli._sheets import write_sheets
from inkmeans.cli._status import Status
from inkmeans.errors import ImageError, InkmeansError, InputError

if TYPE_CHECKING:
    from inkmeans.cluster import Iteration
    from inkmeans.images import Problem
    from inkmeans.naming import Project


@click.command(
    cls=Command,
    examples=(
        ("inkmeans cluster scans/ -o logs.ink", "50 clusters from a folder of glyphs"),
        ("inkmeans cluster mnist.npz#train -k 100 -o mnist.ink", "100 clusters from an array"),
        ("inkmeans cluster scans/ -o logs.ink --sheets sheets", "and pictures of them to look at"),
        ("inkmeans cluster logs.ink -k 80", "group a project again"),
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-k", "--clusters", type=click.IntRange(min=1), default=50, show_default=True, help="How many clusters.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="PROJECT", help="The project file to make.")
@click.option("--truths", metavar="FILE", help="A file with the true text of each image, for 'evaluate'.")
@click.option(
    "--ink",
    type=click.Choice(["auto", "bright", "dark"]),
    default="auto",
    show_default=True,
    help="Whether ink is brighter or darker than the paper.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The seed of the clustering.")
@click.option(
    "--sheets",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write a picture of the centers, and of each cluster's images.",
)
@click.option("--force", is_flag=True, help="Replace the project and the pictures if they are there.")
def cluster_command(
    inputs: tuple[str, ...],
    clusters: int,
    output: Path | None,
    truths: str | None,
    ink: str,
    seed: int,
    sheets: Path | None,
    force: bool,
) -> Status:
    """Group a pile of handwriting into clusters.

    INPUT is a folder of pictures, a picture, an array (IDX, .npz, .npy) or pen strokes (.json); each image shows one
    glyph. Where the folders in a folder are named by what they hold, their names are kept as truths; only 'evaluate'
    looks at truths, the clustering does not.

    An INPUT that is a project is grouped again: its clusters then have no names yet.
    """
    from inkmeans.naming import Project

    problems: list[Problem] = []
    if len(inputs) == 1 and is_project(inputs[0]):
        if output is not None or truths is not None:
            raise click.UsageError("A project that is grouped again takes neither --output nor --truths.")
        project = Project.open(inputs[0])
    elif output is None:
        raise click.UsageError("Missing option '-o' / '--output': the project file to make, such as -o logs.ink")
    else:
        project = _create(inputs, clusters, output, truths, ink, force, problems)
    with project:
        _cluster(project, clusters, seed)
        click.echo(_found(project, seed))
        if sheets is not None:
            written = write_sheets(project, sheets, centers=True, force=force)
            click.echo(f"{count(len(written), 'picture')} in {sheets}")
        tell_next("inkmeans", "name", project.path, then="give the clusters their names")
    return Status.UNREADABLE if problems else Status.DONE


def _create(
    inputs: tuple[str, ...],
    clusters: int,
    output: Path,
    truths: str | None,
    ink: str,
    force: bool,
    problems: list[Problem],
) -> Project:
    """Return the new project with the images of all inputs; what cannot be read is told and added to `problems`."""
    from inkmeans.naming import Project

    check_output(output, force=force, inputs=inputs, is_for_project=True)
    found = read_inputs(inputs, truths)
    tell_problems(found.problems)
    problems.extend(found.problems)
    if not len(found):
        raise ImageError("None of the inputs could be read, so there is nothing to cluster.")
    if clusters > len(found):
        raise InputError(f"There must be as many images as clusters; got {count(len(found), 'image')} for {clusters}.")
    return Project.create(output, found.images, sources=found.sources, truths=found.truths, ink=ink, overwrite=force)


def _cluster(project: Project, clusters: int, seed: int) -> None:
    with Bar("Clustering") as bar, _told_how_to_go_on(project, clusters):

        def show(iteration: Iteration) -> None:
            bar.advance(note=f"iteration {iteration.n_iter}")

        project.cluster(clusters, random_state=seed, callback=show)


@contextmanager
def _told_how_to_go_on(project: Project, clusters: int) -> Iterator[None]:
    """Where clustering fails or is stopped, say that the images are kept."""
    try:
        yield
    except (InkmeansError, KeyboardInterrupt):
        tell(f"{project.path} keeps the {count(len(project), 'image')}.")
        tell_next("inkmeans", "cluster", project.path, "-k", str(clusters), then="group them, with any -k")
        raise


def _found(project: Project, seed: int) -> str:
    """Return what was found, for people."""
    verdicts = Counter(project.verdicts)
    sizes = [cluster.size for cluster in project.clusters]
    step = project.history[-1].detail
    lines = [
        f"{project.path}: {count(len(project), 'image')} in {count(len(sizes), 'cluster')}",
        f"  sizes {min(sizes):,} to {max(sizes):,}, {count(step['n_iter'], 'iteration')}, seed {seed}",
    ]
    odd = [f"{verdicts[verdict]:,} {verdict}" for verdict in ("blank", "noise", "dot", "scribble") if verdicts[verdict]]
    if odd:
        lines.append(f"  looks like no glyph: {', '.join(odd)} (blank and noise are in no cluster)")
    if project.truths is not None:
        lines.append(f"  {count(len(set(project.truths)), 'truth')} known, not looked at")
    return "\n".join(lines)
