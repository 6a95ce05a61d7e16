"""What a report on a project holds."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans.datasets import load_digits
from inkmeans.errors import InputError
from inkmeans.naming import Project
from inkmeans.report import report_of

N = 80


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of 80 digits in 8 clusters, four of which are named by their middle image."""
    digits = load_digits()
    path = tmp_path_factory.mktemp("report") / "digits.ink"
    sources = [f"scans/{i}.png" for i in range(N)]
    with Project.create(path, digits.images[:N], sources=sources, truths=digits.truths[:N]) as project:
        project.cluster(8)
        project.name_many({i: digits.truths[project.middle(i)] for i in range(4)})
    return path


def test_each_image_of_a_cluster_can_be_traced_to_its_file(file: Path) -> None:
    with Project.open(file) as project:
        data = report_of(project)
        for entry, cluster in zip(data.clusters, project.clusters, strict=True):
            assert list(entry.sources) == [f"scans/{i}.png" for i in cluster.members]
            assert entry.doubtful == cluster.doubtful
            np.testing.assert_array_equal(entry.images, project.glyphs[cluster.members])


def test_it_counts_what_is_named_right(file: Path) -> None:
    with Project.open(file) as project:
        data = report_of(project, "Mine")
        names, truths = project.names, project.truths
    assert truths is not None
    right = np.mean([name == truth for name, truth in zip(names, truths, strict=True)])
    assert data.title == "Mine"
    assert data.lead == "80 images in 8 clusters, 4 of which have a name."
    assert data.confusion is not None
    assert data.confusion.accuracy == pytest.approx(right)
    assert {figure.label: figure.value for figure in data.figures}["named right"] == f"{100 * right:.1f} %"
    assert sum(sum(entry.truths.values()) for entry in data.clusters) == N
    assert (data.made["clusters"], data.made["seed"]) == (8, 0)


def test_truths_may_be_brought_along_and_without_them_nothing_is_counted(tmp_path: Path) -> None:
    digits = load_digits()
    with Project.create(tmp_path / "a.ink", digits.images[:N]) as project:
        with pytest.raises(
            InputError, match=r"a\.ink has no clusters yet to report on; run: inkmeans cluster .*a\.ink$"
        ):
            report_of(project)
        project.cluster(8)
        plain, with_truths = report_of(project), report_of(project, truths=digits.truths[:N])
        project.name(0, "7")
        assert report_of(project, truths=digits.truths[:N]).confusion is not None
    assert plain.title == "a.ink"
    assert [figure.label for figure in plain.figures] == ["images", "clusters"]
    assert not any(entry.truths or entry.sources for entry in plain.clusters)
    assert with_truths.confusion is None  # nothing has a name
    assert with_truths.clusters[0].purity is not None
