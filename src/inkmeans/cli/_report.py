"""``inkmeans report``: a project as one HTML page that stands alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkmeans.cli._help import Command
from inkmeans.cli._messages import percent
from inkmeans.cli._options import force_option, output_option
from inkmeans.cli._outputs import check_output, write_output
from inkmeans.cli._sheets import doubtful
from inkmeans.errors import InputError

if TYPE_CHECKING:
    from inkmeans.naming import Project
    from inkmeans.pictures import ClusterEntry, Confusion, Figure, ReportData


@click.command(
    cls=Command,
    examples=(
        ("inkmeans report logs.ink -o report.html", "centers, clusters, names and figures"),
        ('inkmeans report logs.ink -o report.html --title "Log books 1899"', "under a title of your own"),
    ),
)
@click.argument("project", metavar="PROJECT", type=click.Path(path_type=Path))
@output_option("HTML", "The page to write.", required=True)
@click.option("--title", help="The page's title.  [default: the project's name]")
@force_option("Replace the page if it is there.")
def report_command(project: Path, output: Path, title: str | None, force: bool) -> None:
    """Write a project as one HTML page that stands alone.

    It shows the centers with their names, the images of each cluster with the middle one first and the doubtful last,
    and, where the truths are known, how well clusters and names agree with them.
    """
    check_output(output, force=force, inputs=[project])
    from inkmeans.naming import Project
    from inkmeans.pictures import report

    with Project.open(project) as opened:
        if not opened.clusters:
            raise InputError(f"{project} has no clusters yet to report on; run: inkmeans cluster {project}")
        page = report(_data(opened, title or project.name))
    write_output(output, page.encode(), force=force)
    click.echo(f"{output}: {len(page.encode()):,} bytes, stands alone")


def _data(project: Project, title: str) -> ReportData:
    from inkmeans.pictures import ReportData

    clusters = project.clusters
    named = sum(cluster.name is not None for cluster in clusters)
    return ReportData(
        title=title,
        lead=f"{len(project):,} images in {len(clusters):,} clusters, {named:,} of which have a name.",
        figures=_figures(project),
        clusters=_clusters(project),
        confusion=_confusion(project) if named else None,
        made=_made(project),
    )


def _figures(project: Project) -> list[Figure]:
    from inkmeans import evaluate
    from inkmeans.pictures import Figure

    truths, labels = project.truths, project.labels
    figures = [Figure("images", f"{len(project):,}"), Figure("clusters", f"{len(project.clusters):,}")]
    if truths is None or labels is None:
        return figures
    figures += [
        Figure("clustering accuracy", percent(evaluate.clustering_accuracy(truths, labels))),
        Figure("NMI", f"{evaluate.normalized_mutual_info(truths, labels):.3f}"),
        Figure("ARI", f"{evaluate.adjusted_rand(truths, labels):.3f}"),
    ]
    if any(cluster.name is not None for cluster in project.clusters):
        names = [name if name is not None else "?" for name in project.names]
        accuracy = evaluate.confusion_matrix(truths, names).accuracy
        figures.append(Figure("named right", percent(accuracy), "The share of images whose cluster bears their truth."))
    return figures


def _clusters(project: Project) -> list[ClusterEntry]:
    from inkmeans.pictures import ClusterEntry

    glyphs, truths, centers = project.glyphs, project.truths, project.centers
    return [
        ClusterEntry(
            cluster.number,
            cluster.name,
            glyphs[cluster.members],
            doubtful=doubtful(cluster),
            center=None if centers is None else centers[cluster.number],
            truths={} if truths is None else Counter(truths[i] for i in cluster.members),
        )
        for cluster in project.clusters
    ]


def _confusion(project: Project) -> Confusion | None:
    from inkmeans import evaluate
    from inkmeans.pictures import Confusion

    if project.truths is None:
        return None
    found = evaluate.confusion_matrix(project.truths, [name if name is not None else "?" for name in project.names])
    counts = [[*row, rejected] for row, rejected in zip(found.counts.tolist(), found.rejected.tolist(), strict=True)]
    return Confusion(found.names, (*found.names, "?"), counts)


def _made(project: Project) -> dict[str, Any]:
    step = next(step for step in reversed(project.history) if step.kind == "cluster" and step.status == "done")
    settings = project.settings
    return {
        "clusters": step.detail["n_clusters"],
        "seed": step.detail["random_state"],
        "clustered": step.at,
        "normalizer": settings["normalizer"],
        "made with": settings["created_with"],
    }
