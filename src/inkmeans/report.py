"""What a report on a project shows: its figures, clusters and confusion, as the records that `pictures` draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkmeans.errors import InputError
from inkmeans.names import REJECTED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inkmeans.evaluate import Confusion
    from inkmeans.naming import Project
    from inkmeans.pictures import ClusterEntry, Figure, ReportData


def report_of(
    project: Project, title: str | None = None, *, truths: Sequence[str] | NDArray[np.str_] | None = None
) -> ReportData:
    """Return the data of a report on a project that has clusters.

    Parameters
    ----------
    project : Project
        Open.
    title : str, optional
        The file's name by default.
    truths : sequence of str, optional
        The true text of each image, where the project itself does not know it.

    Raises
    ------
    InputError
        The project has no clusters yet.
    """
    from inkmeans.pictures import ReportData

    clusters = project.clusters
    if not clusters:
        raise InputError(f"{project.path} has no clusters yet to report on; run: inkmeans cluster {project.path}")
    truths = project.truths if truths is None else truths
    named = sum(cluster.name is not None for cluster in clusters)
    confusion = _confusion(project, truths) if named and truths is not None else None
    return ReportData(
        title=title or Path(project.path).name,
        lead=f"{len(project):,} images in {len(clusters):,} clusters, {named:,} of which have a name.",
        figures=_figures(project, truths, confusion),
        clusters=_clusters(project, truths),
        confusion=confusion,
        made=_made(project),
    )


def _confusion(project: Project, truths: Sequence[str] | NDArray[np.str_]) -> Confusion:
    from inkmeans.evaluate import confusion_matrix

    return confusion_matrix(truths, [name if name is not None else REJECTED for name in project.names])


def _figures(
    project: Project, truths: Sequence[str] | NDArray[np.str_] | None, confusion: Confusion | None
) -> list[Figure]:
    from inkmeans import evaluate
    from inkmeans.pictures import Figure

    labels = project.labels
    figures = [Figure("images", f"{len(project):,}"), Figure("clusters", f"{len(project.clusters):,}")]
    if truths is None or labels is None:
        return figures
    figures += [
        Figure("clustering accuracy", _percent(evaluate.clustering_accuracy(truths, labels))),
        Figure("NMI", f"{evaluate.normalized_mutual_info(truths, labels):.3f}"),
        Figure("ARI", f"{evaluate.adjusted_rand(truths, labels):.3f}"),
    ]
    if confusion is not None:
        note = "The share of images whose cluster bears their truth."
        figures.append(Figure("named right", _percent(confusion.accuracy), note))
    return figures


def _clusters(project: Project, truths: Sequence[str] | NDArray[np.str_] | None) -> list[ClusterEntry]:
    from inkmeans.pictures import ClusterEntry

    glyphs, sources, centers = project.glyphs, project.sources, project.centers
    return [
        ClusterEntry(
            cluster.number,
            cluster.name,
            glyphs[cluster.members],
            sources=() if sources is None else [sources[i] for i in cluster.members],
            doubtful=cluster.doubtful,
            center=None if centers is None else centers[cluster.number],
            truths={} if truths is None else dict(sorted(Counter(str(truths[i]) for i in cluster.members).items())),
        )
        for cluster in project.clusters
    ]


def _made(project: Project) -> dict[str, Any]:
    step = next(step for step in reversed(project.history) if step.kind == "cluster" and step.status == "done")
    settings = project.settings
    return {
        "clusters": step.detail["n_clusters"],
        **({"seed": step.detail["random_state"]} if "random_state" in step.detail else {}),  # not of clusters set
        "clustered": step.at,
        "normalizer": settings["normalizer"],
        "made with": settings["created_with"],
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
