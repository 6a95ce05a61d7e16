"""Drawings read on the road from the lesson to a reader, each stage taken or left out."""

from pathlib import Path

import numpy as np
import pytest

from inkmeans.datasets import load_digits
from inkmeans.images import Drawing, rasterize, read_strokes
from inkmeans.kmeans import KMeans
from inkmeans.lesson import COPIED_NAMES, PAD_INK, STAGES, DrawingWays, Ways, pad_numbers
from inkmeans.normalize import normalize
from inkmeans.reader import Reader, load

DRAWINGS = read_strokes(Path(__file__).parents[2] / "examples" / "drawings.json")
DIGITS = load_digits()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load("digits")


@pytest.fixture(scope="module")
def ways(reader: Reader) -> Ways:
    return Ways(reader)


def reading(ways: Ways, read: DrawingWays, taken: set[str]) -> str:
    [one] = [
        one
        for one in read.inputs
        if (one.ink, one.preparation.place, one.preparation.slant)
        == tuple(s in taken for s in ("ink", "place", "slant"))
    ]
    if "reader" in taken:
        return one.explanation.reading.text
    k = 64 if "clusters" in taken else 10
    [model] = [model for model in ways.models if (model.preparation, model.k) == (one.preparation, k)]
    cluster = one.nearest[k][0][0]
    return (model.looks if "names" in taken else COPIED_NAMES)[cluster]


# --- the pad ------------------------------------------------------------------------------------------------------


def test_a_block_full_of_ink_is_7_63_and_half_full_is_half() -> None:
    bar = Drawing((((-20.0, 10.0), (100.0, 10.0)),), 80, 80, 20.0)  # covers rows 0 to 20
    numbers = pad_numbers(bar)
    assert numbers.shape == (8, 8)
    assert (numbers[:2] == 7.63).all()
    assert (numbers[2:] == 0).all()
    half = pad_numbers(Drawing((((-20.0, 0.0), (100.0, 0.0)),), 80, 80, 10.0))
    assert half[0] == pytest.approx(np.full(8, PAD_INK / 2), abs=0.02)


def test_the_pad_neither_centers_nor_scales() -> None:
    dot = pad_numbers(Drawing((((5.0, 75.0),),), 80, 80, 10.0))
    assert np.argwhere(dot > 0).tolist() == [[7, 0]]


def test_a_box_of_another_size_gives_the_same_numbers_and_the_pads_pen_replaces_its_own() -> None:
    drawing = DRAWINGS[3]
    large = Drawing(
        tuple(tuple((3.5 * x, 3.5 * y) for x, y in stroke) for stroke in drawing.strokes), 280, 280, 3.5 * drawing.pen
    )
    assert pad_numbers(large) == pytest.approx(pad_numbers(drawing), abs=0.1)
    thin = Drawing(large.strokes, 280, 280, 18.0)
    assert pad_numbers(thin).sum() < 0.7 * pad_numbers(large).sum()
    assert (pad_numbers(thin, pen=large.pen) == pad_numbers(large)).all()


# --- the clusters -------------------------------------------------------------------------------------------------


def test_the_lessons_ten_centers_are_those_of_k_means_on_the_raw_digits(ways: Ways) -> None:
    lesson = ways.models[0]
    assert (lesson.name, lesson.k, lesson.pictures.shape) == ("raw-10", 10, (10, 8, 8))
    expected = KMeans(n_clusters=10, random_state=42).fit(DIGITS.images.reshape(1797, 64))
    assert (lesson.kmeans.cluster_centers_ == expected.cluster_centers_).all()
    assert lesson.counts.sum() == 1797


def test_every_preparation_has_ten_and_more_centers(ways: Ways) -> None:
    assert [model.name for model in ways.models] == [
        f"{name}-{k}" for name in ("raw", "upright", "placed", "normalized") for k in (10, 64)
    ]
    assert {len(model.looks) for model in ways.models} == {10, 64}


def test_each_cluster_is_named_by_a_look_at_its_middle_image(ways: Ways) -> None:
    right = 0
    for model in ways.models:
        for cluster in range(model.k):
            members = DIGITS.truths[model.kmeans.labels_ == cluster]
            names, counts = np.unique(members, return_counts=True)
            right += model.looks[cluster] == names[counts.argmax()]
    assert right > 0.9 * sum(model.k for model in ways.models)


def test_a_digit_of_the_data_is_nearest_to_its_own_cluster(ways: Ways) -> None:
    model = ways.models[0]
    nearest = model.nearest(DIGITS.images[:50], 3)
    assert [near[0][0] for near in nearest] == model.kmeans.labels_[:50].tolist()
    for near in nearest:
        assert [distance for _, distance in near] == sorted(distance for _, distance in near)


# --- a drawing in all ways ----------------------------------------------------------------------------------------


def test_there_is_an_input_for_each_way_to_prepare_a_drawing(ways: Ways) -> None:
    read = ways.read(DRAWINGS[0])
    prepared = [(one.ink, one.preparation.place, one.preparation.slant) for one in read.inputs]
    assert len(set(prepared)) == len(prepared) == 8
    for one in read.inputs:
        assert one.image.shape == ((28, 28) if one.preparation.place else (8, 8))
        assert {k: len(near) for k, near in one.nearest.items()} == {10: 5, 64: 5}


def test_the_first_input_is_the_pads_and_ink_raises_it_to_16(ways: Ways) -> None:
    drawing = DRAWINGS[5]
    read = ways.read(drawing)
    assert (read.numbers == pad_numbers(drawing)).all()
    assert (read.inputs[0].image == read.numbers).all()
    assert read.inputs[4].image == pytest.approx(read.numbers * 16 / 7.63)
    assert read.inputs[3].image.max() == pytest.approx(255 * 7.63 / 16)
    assert read.inputs[7].image.max() == 255


def test_with_all_stages_it_is_the_readers_own_reading(ways: Ways, reader: Reader) -> None:
    for drawing in DRAWINGS[:10]:
        expected = reader.explain(rasterize(drawing), ink="bright", ink_max=255.0)
        found = ways.read(drawing).inputs[-1].explanation
        assert found.reading.text == expected.reading.text
        assert found.reading.confidence == pytest.approx(expected.reading.confidence)
        assert (found.glyph == expected.glyph).all()
        assert [near.center for near in found.nearest] == [near.center for near in expected.nearest]


def test_where_slant_is_left_a_slanted_stroke_stays_slanted(ways: Ways) -> None:
    stroke = Drawing((((55.0, 10.0), (25.0, 70.0)),), 80, 80, 12.0)
    read = ways.read(stroke)

    def spread(image: np.ndarray) -> int:
        return int((image > image.max() / 3).any(axis=0).sum())

    for kept, removed in ((0, 1), (2, 3)):  # as drawn; in its place
        assert spread(read.inputs[removed].image) < 0.7 * spread(read.inputs[kept].image)
        assert spread(read.inputs[removed].explanation.glyph) < 0.7 * spread(read.inputs[kept].explanation.glyph)


def test_where_place_is_left_a_digit_drawn_elsewhere_is_another_input(ways: Ways) -> None:
    drawing = DRAWINGS[1]
    moved = Drawing(tuple(tuple((x + 20, y) for x, y in stroke) for stroke in drawing.strokes), 80, 80, drawing.pen)
    here, there = ways.read(drawing), ways.read(moved)
    assert here.inputs[0].nearest[10] != there.inputs[0].nearest[10]
    assert here.inputs[3].image == pytest.approx(there.inputs[3].image, abs=30)
    assert here.inputs[-1].explanation.reading.text == there.inputs[-1].explanation.reading.text == "1"


def test_nothing_drawn_is_blank_and_no_failure(ways: Ways) -> None:
    read = ways.read(Drawing((), 80, 80, 14.0))
    assert read.verdict == "blank"
    assert all(one.explanation.reading.text == "?" for one in read.inputs)
    assert all(np.isfinite([distance for _, distance in one.nearest[10]]).all() for one in read.inputs)


def test_most_drawings_are_read_wrong_as_the_lesson_does_it_and_right_in_the_end(ways: Ways) -> None:
    drawings = DRAWINGS[:20]  # two of each digit
    read = [ways.read(drawing) for drawing in drawings]
    right = [
        sum(reading(ways, one, set(STAGES[:n])) == drawing.truth for one, drawing in zip(read, drawings, strict=True))
        for n in range(len(STAGES) + 1)
    ]
    assert right[0] <= 8
    assert right[-1] >= 19


# --- the normalizer without one of its steps ----------------------------------------------------------------------


def test_the_normalizer_can_leave_the_slant(reader: Reader) -> None:
    upright = Drawing((((40.0, 10.0), (40.0, 70.0)),), 80, 80, 12.0)
    picture = rasterize(upright)
    assert (normalize(picture, slant="kept").glyphs == normalize(picture).glyphs).all()
