"""What holds of every answer: rejection, names, tiny training sets, and that no image changes another's reading."""

import hashlib
import re
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits

import inkmeans
from inkmeans import KMeans, Project, Reader
from inkmeans.errors import InputError
from inkmeans.normalize import normalize

DIGITS = load_digits()
IMAGES = DIGITS.images
TRUTHS = DIGITS.target.astype(str)
KINDS = ("patches", "pixels")
SCRIBBLE = np.zeros((200, 200), dtype=np.uint8)
SCRIBBLE[::8] = SCRIBBLE[:, ::8] = 255


@cache
def trained(kind: Any) -> Reader:
    """Return a reader that has learned 700 digits; only to be asked."""
    return Reader(features=kind, centers_per_name=8).fit(IMAGES[:700], TRUTHS[:700])


def bar(height: int, width: int) -> NDArray[np.float64]:
    return np.pad(np.ones((height, width)), 9)


# --- one image alone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blas_threads", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.integers(700, 1796), min_size=1, max_size=70), st.integers(1, 9), st.sampled_from([1, 2, 3, 8]))
def test_the_reading_of_an_image_never_depends_on_the_others(
    kind: str, blas_threads: int, chosen: list[int], every: int, n_jobs: int
) -> None:
    reader = trained(kind)
    images: list[NDArray[Any]] = [*IMAGES[chosen], np.zeros((5, 5)), SCRIBBLE, IMAGES[chosen[0]] * 1e20]
    reader.n_jobs = n_jobs
    with threadpool_limits(blas_threads, user_api="blas"):
        together = reader.predict_proba(images)
        readings = reader.read_glyphs(images)
    reader.n_jobs = 1
    for i in range(0, len(images), every):
        alone = reader.read_glyphs(images[i])[0]
        assert alone == readings[i]  # to the last digit of the confidence
        assert reader.predict_proba(images[i]).tobytes() == together[i].tobytes()
    assert reader.read_glyphs(images[::-1]) == readings[::-1]


@pytest.mark.parametrize("kind", KINDS)
def test_ink_scale_and_polarity_leave_the_reading_as_it_is(kind: str) -> None:
    images = IMAGES[700:1000]
    expected = trained(kind).predict(images).tolist()
    for twin in (images.astype(np.uint8), images.astype(np.float32), 16 - images, images / 16, 1 - images / 16,
                 (16 - images).astype(np.int64), images * (7.63 / 16), images * 4095.9375, images * 1e-30):  # fmt: skip
        assert trained(kind).predict(twin).tolist() == expected
    # 255 is no multiple of 16: a level of 16 is moved by half a level of 255 at most.
    assert np.mean(trained(kind).predict((images * 15.9375).round().astype(np.uint8)) == expected) > 0.99


# --- confidence and rejection ------------------------------------------------------------------------------------


def test_confidence_is_the_probability_of_the_best_name_and_alternatives_come_best_first() -> None:
    likely = trained("patches").predict_proba(IMAGES[700:900])
    np.testing.assert_allclose(likely.sum(axis=1), 1.0, rtol=1e-12)
    assert (likely >= 0).all()
    best = trained("patches").classes_[likely.argmax(axis=1)]
    np.testing.assert_array_equal(trained("patches").predict(IMAGES[700:900]), best)
    for reading, row in zip(trained("patches").read_glyphs(IMAGES[700:900]), likely, strict=True):
        assert reading.box == (0, 0, 8, 8)
        names, probabilities = zip(*reading.alternatives, strict=True)
        assert len(names) == 3
        assert list(probabilities) == sorted(probabilities, reverse=True)
        assert probabilities[0] == row.max()
        assert names[0] == trained("patches").classes_[row.argmax()]
        assert reading.confidence in (0.0, row.max())
        assert reading.text in ("?", names[0])


@pytest.mark.slow  # a thousand digits, ten times
def test_a_higher_demand_rejects_more_and_no_demand_nothing() -> None:
    images = IMAGES[700:]
    rejected = [
        (trained("patches").predict(images, reject=demand) == "?").mean() for demand in (0.0, 0.5, 0.9, 0.99, 1.0)
    ]
    assert rejected == sorted(rejected)
    assert rejected[-1] > rejected[0]
    assert not (trained("patches").predict(images) == "?").any()
    own = trained("patches").predict(images, reject=True)
    np.testing.assert_array_equal(
        own, trained("patches").predict(images, reject=trained("patches").calibration_.min_confidence)
    )
    np.testing.assert_array_equal(own, trained("patches").predict(images, reject=np.bool_(True)))  # type: ignore[arg-type]
    np.testing.assert_array_equal(
        trained("patches").predict(images), trained("patches").predict(images, reject=np.bool_(False))
    )  # type: ignore[arg-type]


@pytest.mark.slow  # two readers of 900 digits
def test_it_reads_what_it_has_not_seen_with_about_as_many_errors_as_asked_for() -> None:
    for max_error in (0.002, 0.02):
        reader = Reader(max_error=max_error).fit(IMAGES[:900], TRUTHS[:900])
        likeliest = reader.predict(IMAGES[900:])
        assert (likeliest == TRUTHS[900:]).mean() > 0.95
        answers = reader.predict(IMAGES[900:], reject=True)
        accepted = answers != "?"
        assert accepted.mean() > 0.7
        np.testing.assert_array_equal(answers[accepted], likeliest[accepted])
        # Other writers than those it learned from: three times as many may be wrong, and a handful more by chance.
        assert (answers[accepted] != TRUTHS[900:][accepted]).mean() <= 3 * max_error + 0.006


@pytest.mark.parametrize("reject", [True, False, 0.0, 0.5])
def test_what_shows_no_character_is_rejected_even_without_demand(reject: bool | float) -> None:
    dot = np.zeros((100, 100), dtype=np.uint8)
    dot[50:56, 50:56] = 255
    noise = np.random.default_rng(0).integers(0, 256, (80, 80), dtype=np.uint8)
    paper = np.random.default_rng(1).normal(230, 9, (28, 28)).clip(0, 255).astype(np.uint8)
    images = [np.zeros((28, 28)), np.full((8, 8), 16.0), np.ones((1, 1)), dot, noise, paper, SCRIBBLE]
    for reader in (*map(trained, KINDS), inkmeans.load("digits")):
        for reading in reader.read_glyphs(images, reject=reject):
            assert (reading.text, reading.confidence, reading.alternatives) == ("?", 0.0, ())


@pytest.mark.usefixtures("few_patches")
def test_a_shape_far_from_every_center_is_rejected_with_confidence_0() -> None:
    upright, lying = ([bar(*sides) for sides in shapes] for shapes in ([(30, 2), (30, 3), (30, 4)], [(2, 30), (3, 30)]))
    reader = Reader().fit(upright * 14 + lying * 20, ["1"] * 42 + ["-"] * 40)
    assert reader.predict([bar(40, 4), bar(4, 40)], reject=True).tolist() == ["1", "-"]
    cross = np.maximum(np.pad(np.ones((30, 2)), ((9, 9), (23, 23))), np.pad(np.ones((2, 30)), ((23, 23), (9, 9))))
    reading = reader.read_glyphs(cross)[0]
    assert (reading.text, reading.confidence) == ("?", 0.0)
    assert len(reading.alternatives) == 2  # what it looks most like is told all the same
    assert reader.predict(cross)[0] in ("1", "-")
    assert reader.predict(cross, reject=0.0).tolist() == ["?"]


@pytest.mark.parametrize("image", [None, 7, [[0, 1], [1, 0]]])
def test_what_is_no_picture_gets_one_sentence(image: Any) -> None:
    message = "image must be a path, the bytes of an image file, or an array of shape (height, width); got "
    with pytest.raises(InputError, match=f"^{re.escape(message)}{type(image).__name__}\\.$") as caught:
        inkmeans.read(image)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("reject", [-0.1, 1.1, np.nan, "yes", None, [0.5]])
def test_an_impossible_demand_gets_one_sentence(reject: Any) -> None:
    message = f"reject must be True, False, or the least confidence from 0 to 1; got {reject!r}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        trained("patches").predict(IMAGES[:1], reject=reject)


# --- learning ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("few_patches")
def test_it_learns_from_one_image_of_each_name_and_from_equal_images(kind: Any, seed: int, tmp_path: Path) -> None:
    shapes = [bar(30, 4), bar(4, 30), bar(20, 18)]
    for images, truths in (
        (shapes, ["a", "b", "c"]),
        (shapes[:2], ["a", "b"]),
        (shapes[:1], ["a"]),
        (shapes * 20, ["a", "b", "c"] * 20),
        ([*shapes, *[bar(30, 4)] * 50], ["a", "b", "c"] + ["a"] * 50),
    ):
        reader = Reader(features=kind, random_state=seed).fit(images, truths)
        assert reader.predict(images, reject=True).tolist() == truths
        reader.save(tmp_path / "model.safetensors")
        again = Reader.load(tmp_path / "model.safetensors")
        np.testing.assert_array_equal(again.predict_proba(images), reader.predict_proba(images))
        again.save(tmp_path / "again.safetensors")
        assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "model.safetensors").read_bytes()


@pytest.mark.slow  # three readers of 300 digits
@pytest.mark.usefixtures("few_patches")
def test_the_seed_decides_alone_and_a_second_fit_starts_anew() -> None:
    one, two = (Reader(n_jobs=n_jobs).fit(IMAGES[:300], TRUTHS[:300]) for n_jobs in (1, 3))
    assert one.centers_.values.tobytes() == two.centers_.values.tobytes()
    assert one.calibration_ == two.calibration_
    two.trained_on_ = {"sources": []}
    two.fit(IMAGES[:300], np.where(TRUTHS[:300] == "1", "one", "other"))
    assert two.classes_.tolist() == ["one", "other"]
    assert two.trained_on_ == {}


@pytest.mark.slow  # five readers
@pytest.mark.usefixtures("few_patches")
def test_truths_become_names() -> None:
    images = [bar(30, 4), bar(4, 30)] * 3
    decomposed, composed = "u\u0308", "\u00fc"
    assert Reader().fit(images, [decomposed, composed] * 3).classes_.tolist() == [composed]
    assert Reader().fit(images, [" a ", "b b"] * 3).classes_.tolist() == ["a", "b b"]
    longest = "x" * 64
    assert Reader().fit(images, ["a", longest] * 3).predict(images, reject=True).tolist() == ["a", longest] * 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "A name must not be empty."),
        ("  ", "A name must not be empty."),
        ("?", "A name must not be '?', which means that the reader rejects; leave the cluster unnamed instead."),
        ("a\nb", "A name must not hold control characters; got U+000A."),
        ("\ud800", "A name must not hold control characters; got U+D800."),
        ("x" * 65, "A name must have at most 64 characters; got 65."),
    ],
)
@pytest.mark.usefixtures("few_patches")
def test_what_cannot_be_a_name_is_refused_before_it_is_learned(name: str, message: str) -> None:
    images = [bar(30, 4), bar(4, 30)]
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Reader().fit(images, ["a", name])
    glyphs = normalize(images).glyphs
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Reader.from_clusters(glyphs, np.array([0, 1]), ["a", name])
    if name:
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            Reader(features="pixels").fit(images, ["a", "b"]).renamed(["a", name])


@pytest.mark.usefixtures("few_patches")
def test_images_without_a_character_are_left_out_of_learning() -> None:
    images = [bar(30, 4), bar(4, 30), np.zeros((8, 8)), SCRIBBLE] * 4
    reader = Reader().fit(images, ["1", "-", "blank", "scribble"] * 4)
    assert reader.classes_.tolist() == ["-", "1"]
    assert reader.centers_.counts.sum() == 8


def test_what_cannot_be_learned_gets_one_sentence() -> None:
    for images, truths, message in (
        (IMAGES[:3], ["1", "2"], "truths must name each image: there are 3 images and 2 truths."),
        (
            np.zeros((3, 64)),
            ["1", "2", "3"],
            "images of shape (3, 64) is one image, but there are 3 truths; many images are an array of shape "
            "(n_images, height, width).",
        ),
        (IMAGES[:1], ["1", "2"], "truths must name each image: there is 1 image and 2 truths."),
        ([], [], "a reader needs at least one image that shows a character; got none."),
        ([np.zeros((8, 8))], ["0"], "a reader needs at least one image that shows a character; got none."),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            Reader().fit(images, truths)
    for options, message in (
        ({"features": "dreams"}, "features 'dreams' is unknown; choose 'patches' or 'pixels'."),
        ({"centers_per_name": 0}, "centers_per_name must be a whole number of at least 1, or None; got 0."),
        ({"centers_per_name": 2.5}, "centers_per_name must be a whole number of at least 1, or None; got 2.5."),
        ({"random_state": None}, "random_state must be a whole number from 0 to 4294967295; got None."),
        ({"quality": ["fast"]}, "quality '['fast']' is unknown; choose 'fast' or 'best'."),
        ({"max_error": 0.0}, "max_error must be a number above 0 and at most 1; got 0.0."),
        ({"max_error": 2}, "max_error must be a number above 0 and at most 1; got 2."),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            Reader(**options).fit(IMAGES[:20], TRUTHS[:20])  # type: ignore[arg-type]


def test_before_it_has_learned_it_says_so() -> None:
    message = "this Reader has learned nothing yet; call fit, or load a model file."
    for call in (
        lambda reader: reader.predict(IMAGES[:1]),
        lambda reader: reader.predict_proba(IMAGES[:1]),
        lambda reader: reader.read_glyphs(IMAGES[:1]),
        lambda reader: reader.explain(IMAGES[0]),
        lambda reader: reader.save("nowhere.safetensors"),
        lambda reader: reader.renamed(["a"]),
        lambda reader: inkmeans.read(IMAGES[0], reader=reader),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            call(Reader())
    assert not Path("nowhere.safetensors").exists()


def test_no_images_have_no_readings() -> None:
    for nothing in ([], np.empty((0, 28, 28))):
        assert trained("patches").predict(nothing).tolist() == []
        assert trained("patches").predict_proba(nothing).shape == (0, 10)
        assert trained("patches").read_glyphs(nothing) == []


# --- clusters with names -----------------------------------------------------------------------------------------


def test_named_clusters_are_the_centers() -> None:
    glyphs = normalize([bar(30, 4), bar(30, 5), bar(4, 30), bar(20, 18), bar(30, 6)]).glyphs
    labels = np.array([3, 3, 0, 1, -1])
    reader = Reader.from_clusters(glyphs, labels, ["-", None, "never", "1"])
    assert reader.classes_[reader.centers_.classes].tolist() == [
        "-",
        "1",
    ]  # those named and with glyphs, in order of their number
    assert reader.centers_.counts.tolist() == [1, 2]
    # In 16 levels.
    np.testing.assert_allclose(reader.centers_.pictures[0], glyphs[2], atol=8.6)
    np.testing.assert_allclose(reader.centers_.pictures[1], glyphs[:2].mean(axis=0), atol=8.6)
    assert reader.predict([bar(33, 4), bar(4, 28)]).tolist() == ["1", "-"]
    assert Reader.from_clusters(glyphs, labels.tolist(), ["-", None, "x", "1"]).classes_.tolist() == ["-", "1"]  # type: ignore[arg-type]


def test_clusters_that_make_no_reader_get_one_sentence() -> None:
    glyphs = normalize([bar(30, 4), bar(4, 30)]).glyphs
    none = "a reader needs at least one cluster with a name; got none."
    for labels, names, message in (
        ([0, 1], [None, None], none),
        ([0, 0], [None, "a"], none),
        ([-1, -1], ["a", "b"], none),
        ([0], ["a"], "labels must give each glyph's cluster: there are 2 glyphs and 1 labels."),
    ):
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            Reader.from_clusters(glyphs, np.array(labels), names)


def test_names_can_be_changed_and_nothing_else() -> None:
    reader = trained("pixels")
    other = reader.renamed(
        ["even" if int(name) % 2 == 0 else "odd" for name in reader.classes_[reader.centers_.classes]]
    )
    assert other.classes_.tolist() == ["even", "odd"]
    assert reader.classes_.tolist() == list("0123456789")
    likely = reader.predict_proba(IMAGES[700:720])
    np.testing.assert_allclose(other.predict_proba(IMAGES[700:720])[:, 0], likely[:, ::2].sum(axis=1), atol=1e-6)
    message = f"names must hold a name for each of the {len(reader.centers_.counts)} centers."
    for names in (["a"], ["a"] * 99, [""] * len(reader.centers_.counts)):
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            reader.renamed(names)


@pytest.mark.slow  # a project of 400 digits
def test_a_project_makes_a_reader(tmp_path: Path) -> None:
    with Project.create(tmp_path / "digits.ink", IMAGES[:400]) as project:
        path = re.escape(project.path)
        told = f"^{path} has no clusters yet; group its images and name the clusters first: inkmeans cluster {path}$"
        with pytest.raises(InputError, match=told):
            Reader.from_project(project)
        project.cluster(30, random_state=0)
        with pytest.raises(
            InputError, match=f"^No cluster of {path} has a name yet; name them first: inkmeans name {path}$"
        ):
            Reader.from_project(project)
        looks = {cluster.number: TRUTHS[cluster.members[0]] for cluster in project.clusters}
        project.name_many({number: str(name) for number, name in looks.items() if number != 7})
        reader = Reader.from_project(project)
        sizes = {cluster.number: cluster.size for cluster in project.clusters}
    assert set(reader.classes_) <= set(looks.values())
    assert reader.centers_.counts.sum() == sum(size for number, size in sizes.items() if number != 7)
    assert reader.trained_on_ == {"project": {"n_glyphs": 400 - sizes[7], "n_clusters": 30}}
    assert (reader.predict(IMAGES[400:900]) == TRUTHS[400:900]).mean() > 0.8
    reader.save(tmp_path / "digits.safetensors")
    assert Reader.load(tmp_path / "digits.safetensors").trained_on_ == reader.trained_on_


# --- explaining --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_explanation_is_about_the_reading(kind: str) -> None:
    reader = trained(kind)
    for image in IMAGES[700:720]:
        why = reader.explain(image, n=4)
        assert why.reading == reader.read_glyphs(image)[0]
        assert why.verdict == "glyph"
        np.testing.assert_array_equal(why.glyph, normalize(image).glyphs[0])
        distances = [near.distance for near in why.nearest]
        assert len(distances) == 4
        assert distances == sorted(distances)
        for near in why.nearest:
            assert near.name == reader.classes_[reader.centers_.classes[near.center]]
            np.testing.assert_array_equal(near.picture, reader.centers_.pictures[near.center])
    assert len(repr(why)) < 1000 and "reading=GlyphReading(" in repr(why)  # to be read, so without pictures
    assert len(reader.explain(IMAGES[0], n=10_000).nearest) == len(reader.centers_.counts)
    assert reader.explain(IMAGES[0], n=0).nearest == ()
    blank = reader.explain(np.zeros((20, 30)))
    assert (blank.verdict, blank.nearest, blank.reading.text, blank.reading.box) == ("blank", (), "?", (0, 0, 30, 20))


@pytest.mark.parametrize("image", [IMAGES[:2], np.zeros(8), 3.0])
def test_only_one_image_is_explained(image: Any) -> None:
    message = f"image must be one 2-D array of pixels; it has the shape {np.shape(image)}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        trained("patches").explain(image)


# --- a whole picture ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((4, 4, 3)), "image must have the shape (height, width); got (4, 4, 3)."),
        (np.zeros(4), "image must have the shape (height, width); got (4,)."),
        (np.full((4, 4), np.nan), "image holds NaN or infinity; every pixel must be a number."),
        (np.zeros((4, 4), complex), "image must hold numbers; it has the dtype complex128."),
        (np.full((4, 4), "x"), "image must hold numbers; it has the dtype <U1."),
    ],
)
def test_an_array_that_is_no_picture_gets_one_sentence(image: NDArray[Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        inkmeans.read(image)


@pytest.mark.parametrize("scale", [1.0, 16.0, 255.0, 1e-200, 1e308, -1.0])
def test_a_picture_is_read_on_any_scale(scale: float) -> None:
    picture = np.zeros((40, 90))
    picture[8:32, 20:23] = picture[8:32, 60:63] = 1.0
    reading = inkmeans.read(picture * scale)
    assert reading.text == "11"
    assert [glyph.box[0] for glyph in reading.glyphs] == pytest.approx([20, 60], abs=1)
    both = np.where(picture > 0, 1e308, -1e308)
    assert inkmeans.read(both).text == "11"


def test_an_empty_picture_has_no_text() -> None:
    for picture in (np.zeros((40, 40)), np.full((40, 40), 255, np.uint8), np.ones((1, 1))):
        reading = inkmeans.read(picture)
        assert (reading.text, reading.rejected, reading.confidence, reading.glyphs) == ("", True, 0.0, ())


# --- the reader that ships ---------------------------------------------------------------------------------------


def test_the_reader_that_ships_reads_scikit_learns_digits() -> None:
    reader = inkmeans.load("digits")
    assert reader.classes_.tolist() == list("0123456789")
    assert (reader.predict(IMAGES) == TRUTHS).mean() > 0.97
    answers = reader.predict(IMAGES, reject=True)
    assert (answers != "?").mean() > 0.9
    assert (answers[answers != "?"] != TRUTHS[answers != "?"]).mean() < 0.01


def test_it_is_small_and_knows_only_what_it_may(data_folder: Path) -> None:
    assert len((files("inkmeans.reader") / "digits.safetensors").read_bytes()) <= 3_000_000
    told = {source["sha256"] for source in inkmeans.load("digits").trained_on_["sources"]}

    def digest(name: str, array: str) -> str:
        return hashlib.sha256(np.load(data_folder / f"{name}.npz")[array].tobytes()).hexdigest()

    assert told == {digest("mnist", "train_images"), digest("optdigits", "train_images"), digest("numbers", "images")}
    assert told.isdisjoint({digest("mnist", "test_images"), digest("optdigits", "test_images")})


def test_it_guesses_at_no_more_than_a_few_scribbles_and_at_no_noise() -> None:
    reader = inkmeans.load("digits")
    random = np.random.default_rng(2)
    paper = [random.normal(200, 12, (size, size)).clip(0, 255).astype(np.uint8) for size in (16, 28, 40, 64) * 25]
    assert (reader.predict(paper, reject=True) != "?").mean() <= 0.02


def test_loading_and_reading_need_neither_scikit_learn_nor_scikit_image(tmp_path: Path) -> None:
    picture = tmp_path / "one.png"
    from PIL import Image

    image = np.full((60, 40), 255, np.uint8)
    image[10:50, 18:22] = 0
    Image.fromarray(image).save(picture)
    program = (
        "import sys, inkmeans\n"
        "assert 'numpy' not in sys.modules\n"
        "reader = inkmeans.load('digits')\n"
        "assert 'PIL' not in sys.modules\n"
        f"print(inkmeans.read({str(picture)!r}).text)\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded & {'sklearn', 'skimage', 'pandas', 'matplotlib', 'fastapi', 'sqlite3', 'rich', 'pooch'}))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "1\n[]\n"


def test_images_that_were_clustered_read_as_they_were_named() -> None:
    glyphs = normalize(IMAGES[:600]).glyphs
    labels = KMeans(40, random_state=0).fit(glyphs.reshape(600, -1)).labels_
    names = [max(sorted(set(TRUTHS[:600][labels == j])), key=list(TRUTHS[:600][labels == j]).count) for j in range(40)]
    reader = Reader.from_clusters(glyphs, labels, names)
    assert (reader.predict(IMAGES[600:]) == TRUTHS[600:]).mean() > 0.85
