"""``inkmeans cluster``: images to a project with clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkmeans.cli._help import Command
from inkmeans.cli._inputs import read_inputs
from inkmeans.cli._messages import count, tell, tell_next, tell_problems
from inkmeans.cli._numbers import WholeNumber
from inkmeans.cli._options import (
    force_option,
    ink_option,
    missing_output,
    output_option,
    path_option,
    seed_option,
    truths_option,
)
from inkmeans.cli._outputs import check_output
from inkmeans.cli._progress import Bar
from inkmeans.cli._projects import is_project
from inkmeans.cli._sheets import check_sheets, write_sheets
from inkmeans.cli._status import Status
from inkmeans.errors import ImageError, InkmeansError, InputError

if TYPE_CHECKING:
    from inkmeans.images import ImageSet, Problem
    from inkmeans.naming import Project


@click.command(
    cls=Command,
    examples=(
        ("inkmeans cluster scans/ -o logs.ink", "50 clusters from a folder of glyphs"),
        ("inkmeans cluster mnist.npz#train -k 100 -o mnist.ink", "100 clusters from an array"),
        ("inkmeans cluster scans/ -o logs.ink --sheets sheets", "and pictures of them to look at"),
        ("inkmeans cluster logs.ink -k 80", "cluster a project again"),
    ),
)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("-k", "--clusters", type=WholeNumber(min=1), default=50, show_default=True, help="How many clusters.")
@output_option("PROJECT", "The project file to make; required unless INPUT is a project.")
@truths_option(", for 'evaluate'")
@ink_option
@seed_option
@path_option("--sheets", "FOLDER", "Write a picture of the centers, and of each cluster's images.")
@force_option("Replace the project and the pictures if they are there; cluster a project again that has names.")
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
    """Group images of handwriting into clusters.

    INPUT is a folder of pictures, a picture, an array (IDX, .npz, .npy) or pen strokes (.json); each image shows one
    glyph. Where the folders in a folder are named by what they hold, their names are kept as truths; only 'evaluate'
    looks at truths, the clustering does not.

    Where an .npz file holds several arrays of images, "#" and a name choose one: mnist.npz#train takes train_images
    from it, and train_labels as their truths.

    An INPUT that is a project is clustered again: its new clusters have no names yet, so one with names needs --force.
    A project that is replaced by --force stays as it is until the new one is complete.
    """
    if sheets is not None:
        check_sheets(sheets, clusters, force=force)
    from inkmeans.naming import Project

    problems: list[Problem] = []
    if len(inputs) == 1 and is_project(inputs[0]):
        if output is not None or truths is not None:
            raise click.UsageError("A project that is grouped again takes neither --output nor --truths.")
        project = _group_again(inputs[0], clusters, seed, force)
    elif output is None:
        raise missing_output("The project file to make.", "logs.ink")
    else:
        check_output(output, force=force, inputs=inputs, is_for_project=True)

        def create(path: Path) -> Project:
            found = _read(inputs, truths, clusters)
            problems.extend(found.problems)
            return Project.create(path, found.images, sources=found.sources, truths=found.truths, ink=ink)

        project = (_replace if output.exists() else _make)(output, create, clusters, seed)
    with project:
        click.echo(_found(project, seed))
        if sheets is not None:
            written = write_sheets(project, sheets, centers=True, force=force)
            click.echo(f"{count(len(written), 'picture')} in {sheets}")
        tell_next("inkmeans", "name", project.path, then="give the clusters their names")
    return Status.UNREADABLE if problems else Status.DONE


def _read(inputs: tuple[str, ...], truths: str | None, clusters: int) -> ImageSet:
    """Return the images of all inputs; report what cannot be read."""
    found = read_inputs(inputs, truths)
    tell_problems(found.problems)
    if not len(found):
        raise ImageError("None of the inputs could be read, so there is nothing to cluster.")
    _check_number(clusters, len(found))
    return found


def _check_number(clusters: int, images: int) -> None:
    if clusters > images:
        fewer = " or fewer" if images > 1 else ""
        raise InputError(
            f"{count(images, 'image')} cannot make {count(clusters, 'cluster')}; choose -k {images}{fewer}."
        )


def _group_again(path: str, clusters: int, seed: int, force: bool) -> Project:
    """Return the project at `path`, clustered again; one with names only if `force`."""
    from inkmeans.naming import Project

    project = Project.open(path)
    with _closed_on_failure(project):
        named = sum(cluster.name is not None for cluster in project.clusters)
        if named and not force:
            raise InputError(
                f"{path} has names for {count(named, 'cluster')}, which new clusters would not have; --force "
                "clusters it again all the same, and its history keeps the names."
            )
        _check_number(clusters, len(project))
        with _told_how_to_go_on(project, clusters):
            _cluster(project, clusters, seed)
    return project


def _make(output: Path, create: Callable[[Path], Project], clusters: int, seed: int) -> Project:
    """Return a new project, grouped; where that fails or is stopped, its images are kept."""
    project = create(output)
    with _closed_on_failure(project), _told_how_to_go_on(project, clusters):
        _cluster(project, clusters, seed)
    return project


def _replace(output: Path, create: Callable[[Path], Project], clusters: int, seed: int) -> Project:
    """Return a new project, grouped, in the place of the one that is there, which stays until the new one is whole."""
    from inkmeans.naming import Project, replacing

    with replacing(output) as beside:
        try:
            with create(beside) as project:
                _cluster(project, clusters, seed)
        except BaseException as error:
            tell(f"{output} is as it was.")
            if isinstance(error, InkmeansError) and str(beside) in str(error):
                raise type(error)(str(error).replace(str(beside), str(output))) from error
            raise
    return Project.open(output)


def _cluster(project: Project, clusters: int, seed: int) -> None:
    with Bar("Clustering") as bar:
        project.cluster(clusters, random_state=seed, progress=bar.show)


@contextmanager
def _closed_on_failure(project: Project) -> Iterator[None]:
    try:
        yield
    except BaseException:
        project.close()
        raise


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
    lines = [
        f"{project.path}: {count(len(project), 'image')} in {count(len(sizes), 'cluster')}",
        f"  sizes {min(sizes):,} to {max(sizes):,}, seed {seed}",
    ]
    odd = [f"{verdicts[verdict]:,} {verdict}" for verdict in ("blank", "noise", "dot", "scribble") if verdicts[verdict]]
    if odd:
        lines.append(f"  looks like no glyph: {', '.join(odd)} (in no cluster)")
    if project.truths is not None:
        different = len(set(project.truths))
        lines.append(f"  truths known ({different:,} different), not looked at")
    return "\n".join(lines)
