"""The pictures of a project that are looked at while naming: its centers, and a contact sheet for each cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inkmeans.cli._outputs import check_folder, check_output, make_folder, write_picture

if TYPE_CHECKING:
    from inkmeans.naming import Cluster, Project

_CENTERS = "centers.png"


def sheet_path(folder: Path, cluster: Cluster) -> Path:
    """Return where a cluster's contact sheet is."""
    return _path(folder, cluster.number)


def _path(folder: Path, number: int) -> Path:
    return folder / f"cluster-{number:02d}.png"


def check_sheets(folder: Path, n_clusters: int, *, force: bool) -> None:
    """Raise FileError if any of the pictures must not be written; asked before there are clusters."""
    check_folder(folder)
    if folder.is_dir():
        for path in (folder / _CENTERS, *(_path(folder, number) for number in range(n_clusters))):
            check_output(path, force=force)


def write_sheets(project: Project, folder: Path, *, centers: bool, force: bool) -> list[Path]:
    """Write a contact sheet for each cluster that is not empty, and the picture of the centers; return the files."""
    from inkmeans.pictures import centers_picture, contact_sheet

    make_folder(folder)
    clusters, glyphs, source = project.clusters, project.glyphs, Path(project.path).name
    written = []
    for cluster in clusters:
        if not cluster.size:
            continue
        # Without its name, so that naming does not change the file.
        sheet = contact_sheet(
            glyphs[cluster.members], title=f"Cluster {cluster.number}", doubtful=cluster.doubtful, source=source
        )
        written.append(sheet_path(folder, cluster))
        write_picture(written[-1], sheet, force=force)
    found = project.centers
    if centers and found is not None:
        names = [cluster.name for cluster in clusters]
        sizes = [cluster.size for cluster in clusters]
        picture = centers_picture(
            found,
            names=names if any(names) else None,
            counts=sizes,
            doubtful=[cluster.doubtful for cluster in clusters],
            title=f"{len(clusters):,} clusters of {sum(sizes):,} images" if len(clusters) > 1 else "",
            source=source,
        )
        written.append(folder / _CENTERS)
        write_picture(written[-1], picture, force=force)
    return written
