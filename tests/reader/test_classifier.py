"""A Reader is a scikit-learn classifier of images: parameters, tags, classes, priors, and what a model file keeps."""

import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone, is_classifier
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.utils import get_tags
from sklearn.utils.validation import check_is_fitted

import inkmeans
from inkmeans import Reader
from inkmeans.errors import InputError
from inkmeans.normalize import normalize

DIGITS = load_digits()
IMAGES, TARGET = DIGITS.images, DIGITS.target
BLANKS = [
    np.zeros((28, 28)),
    np.full((8, 8), 16.0),
    np.random.default_rng(0).integers(0, 256, (80, 80), dtype=np.uint8),
]


@pytest.fixture(scope="module")
def reader() -> Reader:
    """A reader of integers, of which the class 3 has the most."""
    chosen = np.r_[np.flatnonzero(TARGET == 3)[:80], :200]
    return Reader(features="pixels").fit(IMAGES[chosen], TARGET[chosen])


# --- parameters --------------------------------------------------------------------------------------------------


def test_a_clone_has_the_parameters_and_nothing_else(reader: Reader) -> None:
    settings = {"quality": "best", "features": "pixels", "centers_per_name": 3, "max_error": 0.1, "random_state": 5}
    one = Reader(**settings, n_jobs=2)  # type: ignore[arg-type]
    assert clone(one).get_params() == {**settings, "n_jobs": 2}
    assert not hasattr(clone(reader), "classes_")
    with pytest.raises(NotFittedError):
        check_is_fitted(clone(reader))
    check_is_fitted(reader)


def test_parameters_are_set_as_they_are_and_checked_in_fit() -> None:
    one = Reader().set_params(centers_per_name=-1, features="dreams")
    assert (clone(one).centers_per_name, clone(one).features) == (-1, "dreams")
    with pytest.raises(InputError, match=r"^features 'dreams' is unknown; choose 'patches' or 'pixels'\.$"):
        one.fit(IMAGES[:20], TARGET[:20])
    message = (
        "Reader has no parameter 'k'; it has quality, features, centers_per_name, max_error, random_state, n_jobs."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        one.set_params(k=3)


def test_scikit_learn_knows_it_as_a_classifier_of_images() -> None:
    assert is_classifier(Reader())
    tags = get_tags(Reader())
    assert tags.target_tags.required
    assert (tags.input_tags.two_d_array, tags.input_tags.three_d_array) == (False, True)


def test_before_fit_the_error_is_scikit_learns_and_ours() -> None:
    for call in (lambda one: one.predict(IMAGES[:1]), lambda one: one.score(IMAGES[:1], [1]), lambda one: one.classes_):
        for kind in (NotFittedError, InputError):
            with pytest.raises(kind, match=r"^this Reader has learned nothing yet; call fit, or load a model file\.$"):
                call(Reader())
    with pytest.raises(NotFittedError) as raised:
        Reader().predict(IMAGES[:1])
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)


# --- model selection ---------------------------------------------------------------------------------------------


@pytest.mark.slow  # many readers, in processes of their own too
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_cross_validation_and_grid_search_take_arrays_of_images(n_jobs: int) -> None:
    images, target = IMAGES[:240], TARGET[:240]
    scores = cross_val_score(Reader(features="pixels"), images, target, cv=3, n_jobs=n_jobs)
    assert scores.shape == (3,)
    assert scores.min() > 0.8
    search = GridSearchCV(Reader(features="pixels"), {"centers_per_name": [1, 6]}, cv=2, n_jobs=n_jobs)
    search.fit(images, target)
    assert search.best_params_ == {"centers_per_name": 6}
    assert search.predict(IMAGES[:5]).dtype == target.dtype
    assert search.score(IMAGES[240:400], TARGET[240:400]) > 0.85


def test_predictions_of_cross_validation_are_classes() -> None:
    found = cross_val_predict(Reader(features="pixels"), IMAGES[:150], TARGET[:150], cv=3)
    assert found.dtype == TARGET.dtype
    assert accuracy_score(TARGET[:150], found) > 0.8


def test_score_is_the_accuracy(reader: Reader) -> None:
    images, target = IMAGES[200:400], TARGET[200:400]
    right = reader.predict(images) == target
    assert reader.score(images, target) == pytest.approx(right.mean())
    assert reader.score(images, target.astype(str)) == pytest.approx(right.mean())
    weights = np.arange(1.0, 201.0)
    assert reader.score(images, target, weights) == pytest.approx((weights * right).sum() / weights.sum())
    digits = inkmeans.load("digits")
    assert digits.score(images, target) == np.mean(digits.predict(images) == target.astype(str)) > 0.95
    with pytest.raises(InputError, match=r"^truths must name each image: there are 200 images and 3 truths\.$"):
        reader.score(images, target[:3])


# --- classes -----------------------------------------------------------------------------------------------------

OTHERS: list[tuple[Any, str]] = [
    (TARGET.astype(np.int8), "int8"),
    (TARGET.astype(np.uint64), "uint64"),
    (TARGET - 5, "int64"),
    (TARGET > 4, "bool"),
    (TARGET.astype(np.float32), "float32"),
    (TARGET.astype(object), "int64"),
]


@pytest.mark.parametrize(("truths", "dtype"), OTHERS, ids=[dtype for _, dtype in OTHERS])
def test_classes_have_the_dtype_of_the_truths_also_after_a_model_file(
    truths: NDArray[Any], dtype: str, tmp_path: Path
) -> None:
    reader = Reader(features="pixels").fit(IMAGES[:150], truths[:150])
    assert reader.classes_.dtype == reader.predict(IMAGES[:3]).dtype == dtype
    np.testing.assert_array_equal(reader.classes_, np.unique(truths[:150]).astype(dtype))
    assert np.mean(reader.predict(IMAGES[150:300]) == truths[150:300]) > 0.8
    reader.save(tmp_path / "m.safetensors")
    again = inkmeans.load(tmp_path / "m.safetensors")
    assert again.classes_.dtype == dtype
    np.testing.assert_array_equal(again.predict(IMAGES[150:200]), reader.predict(IMAGES[150:200]))
    names = again.names_[np.searchsorted(again.classes_, again.predict(IMAGES[:3]))]
    assert [one.text for one in again.read_glyphs(IMAGES[:3], reject=False)] == names.tolist()


def test_numbers_are_read_as_text_and_rejected_as_text(reader: Reader) -> None:
    found = reader.predict([*IMAGES[:50], *BLANKS], reject=True)
    assert found.dtype.kind == "U"
    assert set(found) <= {"?", *map(str, range(10))}
    assert found[-3:].tolist() == ["?"] * 3
    assert [one.text for one in reader.read_glyphs([*IMAGES[:50], *BLANKS])] == found.tolist()


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_whole_floats_are_the_integers(dtype: type, tmp_path: Path) -> None:
    floats = TARGET.astype(dtype)
    one = Reader(features="pixels").fit(IMAGES[:150], floats[:150])
    one.with_gallery(normalize(IMAGES[:60]).glyphs, floats[:60], n_per_name=1).save(tmp_path / "m.safetensors")
    again = inkmeans.load(tmp_path / "m.safetensors")
    assert (again.classes_.dtype, again.names_.tolist()) == (dtype, list("0123456789"))
    images, target = IMAGES[150:250], TARGET[150:250]
    read = again.predict(images[:20], reject=0.0)
    assert read.tolist() == again.predict(images[:20]).astype(int).astype(str).tolist()
    told = again.explain(images[0])
    assert {*(near.name for near in told.nearest), *(alike.name for alike in told.alike)} <= set("0123456789")
    scores = {again.score(images, truths) for truths in (floats[150:250], target, target.astype(str))}
    assert len(scores) == 1 and scores.pop() > 0.8
    assert inkmeans.load("digits").score(images, floats[150:250]) > 0.9


def test_text_in_objects_is_text_and_pandas_is_taken(reader: Reader) -> None:
    one = Reader(features="pixels").fit(IMAGES[:60], TARGET[:60].astype(str).astype(object))
    assert one.classes_.dtype.kind == "U"
    more = Reader(features="pixels").fit(IMAGES[:60], TARGET[:60].tolist())
    assert more.classes_.dtype == TARGET.dtype


def test_numbers_have_the_order_of_numbers() -> None:
    truths = np.where(TARGET == 1, 10, np.where(TARGET == 0, -3, TARGET))[:200]
    reader = Reader(features="pixels").fit(IMAGES[:200], truths)
    assert reader.classes_.tolist() == [-3, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    glyphs = normalize(IMAGES[:60]).glyphs
    shown = reader.with_gallery(glyphs, truths[:60], n_per_name=1)
    assert shown._model.gallery is not None
    assert shown.classes_[shown._model.gallery.classes].tolist() == reader.classes_.tolist()
    near = [shown.explain(IMAGES[i], n=1).alike[0].name == str(truths[i]) for i in range(60)]
    assert np.mean(near) > 0.8
    other = reader.recalibrated(normalize(IMAGES[200:300]).glyphs, TARGET[200:300], max_error=0.1)
    assert other.classes_.tolist() == reader.classes_.tolist()


@pytest.mark.parametrize(
    ("truths", "message"),
    [
        ([0.5, 1.0], "truths must be classes: text or whole numbers; got 0.5."),
        ([np.nan, 1.0], "truths must be classes: text or whole numbers; got nan."),
        ([["a"], ["b"]], "truths must be one-dimensional, one for each image; got the shape (2, 1)."),
        ("ab", "truths must be one-dimensional, one for each image; got the shape ()."),
        ([None, "a"], "A truth must be text; got NoneType."),
    ],
)
def test_what_is_no_class_gets_one_sentence(truths: Any, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Reader().fit(IMAGES[:2], truths)


# --- images without a character ----------------------------------------------------------------------------------


def test_an_image_without_a_character_gets_the_likeliest_class(reader: Reader) -> None:
    assert reader.predict(BLANKS).tolist() == [3, 3, 3]
    chosen = TARGET[np.r_[np.flatnonzero(TARGET == 3)[:80], :200]]
    likely = reader.predict_proba(BLANKS)
    np.testing.assert_allclose(likely, np.tile(np.bincount(chosen) / len(chosen), (3, 1)))
    together = reader.predict([BLANKS[0], IMAGES[7], BLANKS[1]])
    assert together.tolist() == [3, reader.predict(IMAGES[7])[0], 3]


# --- the model file keeps the settings ---------------------------------------------------------------------------


def test_a_loaded_reader_has_the_settings_it_was_trained_with(tmp_path: Path) -> None:
    for settings in (
        {"quality": "best", "features": "patches", "centers_per_name": 2, "max_error": 0.03, "random_state": 7},
        {
            "quality": "fast",
            "features": "pixels",
            "centers_per_name": None,
            "max_error": 0.2,
            "random_state": 2**32 - 1,
        },
    ):
        reader = Reader(**settings, n_jobs=1).fit(IMAGES[:80], TARGET[:80])  # type: ignore[arg-type]
        reader.save(tmp_path / "m.safetensors")
        again = inkmeans.load(tmp_path / "m.safetensors")
        assert again.get_params() == {**settings, "n_jobs": None}
        again.fit(IMAGES[:80], TARGET[:80])
        np.testing.assert_array_equal(again.predict_proba(IMAGES[:9]), reader.predict_proba(IMAGES[:9]))
    assert inkmeans.load("digits").max_error == 0.01
    assert inkmeans.load("digits").classes_.tolist() == list("0123456789")


def test_settings_may_be_numbers_of_numpy(tmp_path: Path) -> None:
    grid = {"random_state": np.arange(2), "centers_per_name": np.array([2]), "max_error": np.array([0.25], np.float32)}
    search = GridSearchCV(Reader(features="pixels"), grid, cv=2).fit(IMAGES[:60], TARGET[:60])
    search.best_estimator_.save(tmp_path / "m.safetensors")
    again = inkmeans.load(tmp_path / "m.safetensors")
    assert (again.centers_per_name, again.max_error) == (2, 0.25)
    assert again.random_state == search.best_params_["random_state"]


def test_a_recalibrated_reader_keeps_its_max_error(reader: Reader, tmp_path: Path) -> None:
    glyphs, truths = normalize(IMAGES[200:300]).glyphs, TARGET[200:300]
    other = reader.recalibrated(glyphs, truths, max_error=np.float32(0.25))
    other.save(tmp_path / "m.safetensors")
    assert other.max_error == inkmeans.load(tmp_path / "m.safetensors").max_error == 0.25
    assert reader.max_error == reader._model.settings.max_error == 0.005
    assert reader.recalibrated(glyphs, truths, max_error=1).calibration_.min_confidence == 0.0
    for wrong in (0, -0.1, 1.01, float("nan"), "0.1", True):
        message = f"max_error must be a number above 0 and at most 1; got {wrong!r}."
        with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
            reader.recalibrated(glyphs, truths, max_error=wrong)  # type: ignore[arg-type]


def test_a_renamed_reader_keeps_where_it_comes_from(reader: Reader) -> None:
    reader.trained_on_ = {"sources": ["a test"]}
    other = reader.renamed(["x"] * len(reader.centers_.counts))
    assert other.trained_on_ == {"sources": ["a test"]}
    assert other.classes_.tolist() == ["x"]


@pytest.mark.parametrize("settings", [{"features": "pixels"}, {}, {"quality": "best"}])
def test_progress_tells_what_is_being_done_and_rises_from_0(settings: dict[str, Any]) -> None:
    told: list[tuple[str, float]] = []
    one = Reader(centers_per_name=2, **settings)
    one.fit(IMAGES[:60], TARGET[:60], progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] < 1.0
    assert len({what for what, _ in told}) >= 2


def test_a_classifier_is_used_without_loading_scikit_learn(tmp_path: Path) -> None:
    program = (
        "import sys, numpy as np, inkmeans\n"
        "reader = inkmeans.load('digits')\n"
        "image = np.zeros((30, 30)); image[4:26, 14:17] = 1\n"
        "print(reader.predict(image)[0], reader.score([image, image], [1, '1']), reader.get_params()['quality'])\n"
        "reader.set_params(n_jobs=1)\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'sklearn', 'skimage', 'pandas'}))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "1 1.0 fast\n[]\n"
