"""Clusters of sets for each number of them, and what follows from naming them."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans import GlyphClustering, KMeans, Project, choose_k
from inkmeans.datasets import load_digits
from inkmeans.errors import FileError
from inkmeans.evaluate import named_accuracy
from inkmeans.images import Drawing
from inkmeans.lesson import Abandoned, Clustering, Clusterings, Grouping, LearnSet, LearnSets, suggested_number

DIGITS = load_digits()
N = 120  # of them, where all would take long


@pytest.fixture
def some_digits(tmp_path: Path) -> LearnSets:
    """Return sets with a project of 120 digits, and a blank image."""
    images = [*DIGITS.images[:N].astype(np.uint8), np.zeros((8, 8), dtype=np.uint8)]
    truths = [*DIGITS.truths[:N].tolist(), "0"]
    Project.create(tmp_path / "some digits.ink", images, truths=truths).close()
    return LearnSets([tmp_path])


def named(clustering: Clustering) -> list[str]:
    """Name each cluster by the truth of its middle image."""
    truths = clustering.learn_set.truths()
    return [str(truths[middle]) for middle in clustering.grouping.middles]


@pytest.mark.usefixtures("few_patches")
def test_as_inkmeans_clusters_the_figures_are_those_of_choose_k(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    tried = list(Clusterings(some_digits).numbers(project, "inkmeans"))
    numbers = [each.grouping.n_clusters for each in tried]
    assert numbers == [2, 3, 5, 7, 10, 12, 15, 20, 30, 40, 50]
    expected = choose_k(DIGITS.images[:N].astype(np.uint8), numbers)
    assert [each.expected.accuracy for each in tried] == expected.accuracy.tolist()
    assert [each.expected.low for each in tried] == expected.low.tolist()
    assert [each.expected.high for each in tried] == expected.high.tolist()
    assert [each.grouping.inertia for each in tried] == expected.inertia.tolist()
    assert [each.grouping.silhouette for each in tried] == expected.silhouette.tolist()
    assert suggested_number(tried) == expected.suggested


@pytest.mark.usefixtures("few_patches")
def test_by_pixels_each_number_is_the_best_of_four_starts_of_kmeans(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    rows = some_digits.glyphs(project, "normalized").rows
    for tried in Clusterings(some_digits).numbers(project, "normalized"):
        grouping, expected = tried.grouping, tried.expected
        model = KMeans(grouping.n_clusters, n_init=4, random_state=0).fit(rows)
        assert grouping.inertia == model.inertia_
        np.testing.assert_array_equal(grouping.labels, model.labels_)
        distances = model.transform(rows)
        for cluster, middle in enumerate(grouping.middles):
            assert distances[middle, cluster] == distances[grouping.labels == cluster, cluster].min()
        assert 0 <= expected.low <= expected.accuracy <= expected.high <= 1


@pytest.mark.usefixtures("few_patches")
def test_the_true_accuracy_is_that_of_middles_named_by_their_truths(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    clusterings = Clusterings(some_digits)
    clustering = clusterings.make(project, "inkmeans", 12)
    grouping, truths = clustering.grouping, DIGITS.truths[:N]
    expected = named_accuracy(truths.tolist(), grouping.labels, grouping.middles)
    assert grouping.true_accuracy(truths) == expected
    count = clusterings.count(clustering, named(clustering), truths=True)
    assert (count.n_named, count.n_glyphs, count.n_right) == (12, N, round(expected * N))
    assert clusterings.count(clustering, named(clustering)).n_right is None


def test_a_cluster_whose_middle_has_no_truth_is_named_by_the_nearest_that_has_one() -> None:
    labels, distances = np.array([0, 0, 0, 1], dtype=np.int32), np.array([0.1, 0.2, 0.3, 0.0], dtype=np.float32)
    grouping = Grouping(labels, distances, np.array([0, 3]), 0.0, 0.0)
    assert grouping.true_accuracy(np.array(["", "a", "b", "b"])) == pytest.approx(2 / 3)
    assert grouping.true_accuracy(np.array(["", "", "", ""])) is None


@pytest.mark.usefixtures("few_patches")
def test_a_clustering_is_found_by_its_id_and_made_again_where_it_was_forgotten(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    clusterings = Clusterings(some_digits)
    made = clusterings.make(project, "inkmeans", 10)
    again = clusterings.find(made.id)
    assert again is not None and again.grouping is made.grouping
    clusterings.forget([project.set])
    again = clusterings.find(made.id)
    assert again is not None and again.grouping is not made.grouping
    np.testing.assert_array_equal(again.grouping.labels, made.grouping.labels)
    for wrong in (
        "",
        "digits",
        "digits.inkmeans",
        "digits.spectral.10",
        "digits.raw.ten",
        "digits.raw.10.1",
        "no.raw.9",
    ):
        assert clusterings.find(wrong) is None


@pytest.mark.usefixtures("few_patches")
def test_a_project_that_was_made_anew_has_other_ids(some_digits: LearnSets, tmp_path: Path) -> None:
    clusterings = Clusterings(some_digits)
    made = clusterings.make(some_digits.known()[1], "normalized", 5)
    Project.create(tmp_path / "some digits.ink", DIGITS.images[:60], overwrite=True).close()
    assert some_digits.known()[1].set == made.learn_set.set
    assert clusterings.find(made.id) is None


@pytest.mark.usefixtures("few_patches")
@pytest.mark.parametrize("by", ["inkmeans", "normalized"])
def test_named_clusters_become_a_project(some_digits: LearnSets, tmp_path: Path, by: str) -> None:
    project = some_digits.known()[1]
    clusterings = Clusterings(some_digits)
    clustering = clusterings.make(project, by, 10)  # type: ignore[arg-type]
    names: list[str | None] = [*named(clustering)[:9], None]
    first = clusterings.save(clustering, "Our class's, 5b!", names)
    second = clusterings.save(clustering, "our classs 5b", names)
    assert (first.name, second.name) == ("our-classs-5b.ink", "our-classs-5b-2.ink")
    assert {each.title for each in some_digits.known()} >= {"our-classs-5b", "our-classs-5b-2"}
    with Project.open(first) as made:
        np.testing.assert_array_equal(made.glyphs, some_digits.glyphs(project, "normalized").images)
        np.testing.assert_array_equal(made.labels, clustering.grouping.labels)
        assert [cluster.name for cluster in made.clusters] == names
        assert [made.middle(cluster) for cluster in range(10)] == clustering.grouping.middles.tolist()
        assert made.truths == DIGITS.truths[:N].tolist()
        np.testing.assert_array_equal(made.images[3], DIGITS.images[3])
        if by == "inkmeans":
            direct = GlyphClustering(10, random_state=0).fit_glyphs(made.glyphs)
            np.testing.assert_array_equal(made.labels, direct.labels_)


@pytest.mark.usefixtures("few_patches")
def test_drawings_become_a_project_with_the_drawings_themselves(tmp_path: Path) -> None:
    sets = LearnSets([tmp_path])
    lines = [Drawing((((x, 40.0), (x, 240.0)),), 280, 280, 18.0) for x in (90.0, 110.0, 130.0)]
    hooks = [Drawing((*line.strokes, ((60.0, 240.0), (220.0, 240.0))), 280, 280, 18.0) for line in lines]
    drawn = sets.add("ours", [*lines, Drawing((), 280, 280, 18.0), *hooks])
    clusterings = Clusterings(sets)
    path = clusterings.save(clusterings.make(drawn, "raw", 2), "ours", ["1", "L"])
    with Project.open(path) as made:
        np.testing.assert_array_equal(made.glyphs, sets.glyphs(drawn, "normalized").images)
        assert len(made) == 6 and made.images[0].shape == (280, 280)
        assert set(made.names) == {"1", "L"} and made.sources is not None and made.sources[5] == "drawings[5]"


@pytest.mark.usefixtures("few_patches")
def test_a_folder_that_is_gone_is_told(some_digits: LearnSets, tmp_path: Path) -> None:
    clustering = Clusterings(some_digits).make(some_digits.known()[1], "normalized", 2)
    elsewhere = Clusterings(LearnSets([tmp_path / "gone" / "logs.ink"]))
    with pytest.raises(FileError, match=r"ours\.ink cannot be written: there is no folder .*gone\.$"):
        elsewhere.save(clustering, "ours", ["a", None])


@pytest.mark.usefixtures("few_patches")
def test_a_reader_reads_by_the_names_that_were_given(some_digits: LearnSets) -> None:
    clusterings = Clusterings(some_digits)
    clustering = clusterings.make(some_digits.known()[1], "inkmeans", 15)
    names = named(clustering)
    reader = clusterings.reader(clustering, names)
    assert clusterings.reader(clustering, names) is reader
    others = slice(N, 2 * N)
    assert (reader.predict(DIGITS.images[others]) == DIGITS.truths[others]).mean() > 0.85
    one = clusterings.reader(clustering, [*names[:1], *[None] * 14])
    assert one.names_.tolist() == names[:1]
    with pytest.raises(ValueError, match="needs at least one cluster with a name"):
        clusterings.reader(clustering, [None] * 15)
    with pytest.raises(ValueError, match=r"names must be as many as the clusters, 15; got 1\."):
        clusterings.reader(clustering, ["1"])
    with pytest.raises(ValueError, match=r"names\[0\] must not be '\?'"):
        clusterings.reader(clustering, ["?", *[None] * 14])


@pytest.mark.usefixtures("few_patches")
def test_a_reader_proposes_names_from_the_middle_images(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    of_truths = Clusterings(some_digits)
    twenty = of_truths.make(project, "inkmeans", 20)
    reader = of_truths.reader(twenty, named(twenty))
    clusterings = Clusterings(some_digits, lambda: reader)
    twelve = clusterings.make(project, "inkmeans", 12)
    pairs = [pair for pair in zip(clusterings.likely_names(twelve), named(twelve), strict=True) if pair[0]]
    assert len(pairs) > 2 and all(likely == true for likely, true in pairs)
    assert of_truths.likely_names(twenty) == [None] * 20


@pytest.mark.usefixtures("few_patches")
def test_work_that_nobody_wants_any_more_ends_and_can_be_done_later(some_digits: LearnSets) -> None:
    project = some_digits.known()[1]
    clusterings = Clusterings(some_digits)
    told: list[tuple[str, float]] = []

    def is_wanted() -> bool:
        return len(told) < 3

    with pytest.raises(Abandoned):
        list(clusterings.numbers(project, "inkmeans", progress=lambda *what: told.append(what), is_wanted=is_wanted))
    assert len(told) == 3
    told = []
    groupings = clusterings.numbers(project, "inkmeans", progress=lambda *what: told.append(what))
    assert next(groupings).grouping.n_clusters == 2
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] < 1


def test_numbers_that_a_set_cannot_have_are_refused(some_digits: LearnSets) -> None:
    clusterings = Clusterings(some_digits)
    project = some_digits.known()[1]
    with pytest.raises(
        ValueError, match=r"k must be no more than the number of images, 120; got 130\.|most 100|to 100"
    ):
        clusterings.make(project, "inkmeans", 130)
    with pytest.raises(ValueError, match="pixels must be 'normalized' for the set 'some digits'; got 'raw'"):
        clusterings.make(project, "raw", 3)


def drawn(sets: LearnSets, *, equal: bool = False) -> LearnSet:
    """Add drawings of a line: four that are equal but for one, or some that differ."""
    places = (90.0, 90.0, 90.0, 140.0) if equal else (80.0, 90.0, 100.0, 110.0, 120.0, 130.0)
    return sets.add("ours", [Drawing((((x, 40.0), (240.0 - x, 240.0)),), 280, 280, 18.0) for x in places])


@pytest.mark.usefixtures("few_patches")
def test_empty_clusters_are_named_without_harm(tmp_path: Path) -> None:
    sets = LearnSets([tmp_path])
    told: list[tuple[str, Path]] = []
    clusterings = Clusterings(sets)
    clusterings.on_saved(lambda name, path: told.append((name, path)))
    ours = drawn(sets, equal=True)
    clustering = clusterings.make(ours, "raw", 3)  # no warning
    assert sorted(clustering.grouping.counts) == [0, 1, 3]
    path = clusterings.save(clustering, "ours", ["a", "b", "c"])
    with Project.open(path) as project:
        assert None not in project.names
    assert told == [(ours.set, path)]


@pytest.mark.usefixtures("few_patches")
def test_a_project_that_cannot_be_finished_is_not_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise FileError("The disk is full.")

    monkeypatch.setattr(Project, "name_many", fail)
    sets = LearnSets([tmp_path])
    clusterings = Clusterings(sets)
    with pytest.raises(FileError, match="full"):
        clusterings.save(clusterings.make(drawn(sets), "raw", 2), "ours", ["a", "b"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("few_patches")
def test_nothing_is_kept_of_a_set_that_is_forgotten_meanwhile(tmp_path: Path) -> None:
    sets = LearnSets([tmp_path])
    clusterings = Clusterings(sets)
    ours = drawn(sets)
    clustering = clusterings.make(ours, "normalized", 2)
    numbers = clusterings.numbers(ours, "inkmeans")
    next(numbers)
    sets.forget([ours.set])
    clusterings.forget([ours.set])
    for work in (
        lambda: next(numbers),
        lambda: clusterings.make(ours, "raw", 2),
        lambda: clusterings.reader(clustering, ["a", "b"]),
        lambda: clusterings.save(clustering, "ours", ["a", "b"]),
    ):
        with pytest.raises(ValueError, match="The drawings of 'ours' were deleted"):
            work()
    kept = (clusterings._embedded, clusterings._groupings, clusterings._tried, clusterings._readers)
    assert [len(each.values()) for each in kept] == [0, 0, 0, 0]
    assert list(tmp_path.iterdir()) == []
