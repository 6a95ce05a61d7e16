"""What a reader answers."""

import hashlib
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

import inkmeans
from inkmeans import Reader
from inkmeans.datasets import load_digits
from inkmeans.errors import InputError


@pytest.fixture(scope="module")
def digits():
    return load_digits()


@pytest.fixture(scope="module")
def reader(digits):
    return Reader().fit(digits.images[:900], digits.truths[:900])


def test_it_reads_what_it_has_not_seen(reader, digits):
    read = reader.predict(digits.images[900:], reject=False)
    assert (read == digits.truths[900:]).mean() > 0.95
    answered = reader.predict(digits.images[900:])
    accepted = answered != "?"
    assert accepted.mean() > 0.8
    assert (answered[accepted] == digits.truths[900:][accepted]).mean() > (read == digits.truths[900:]).mean()


def test_probabilities_belong_to_the_names(reader, digits):
    likely = reader.predict_proba(digits.images[900:950])
    assert likely.shape == (50, 10)
    np.testing.assert_allclose(likely.sum(axis=1), 1.0)
    best = reader.classes_[likely.argmax(axis=1)]
    assert best.tolist() == reader.predict(digits.images[900:950], reject=False).tolist()


def test_no_image_changes_the_reading_of_another(reader, digits):
    images = digits.images[900:1100]
    together = reader.predict_proba(images)
    alone = np.concatenate([reader.predict_proba(images[i : i + 1]) for i in range(0, 200, 17)])
    assert (together[::17] == alone).all()
    order = np.random.default_rng(0).permutation(200)
    assert (reader.predict_proba(images[order]) == together[order]).all()


@pytest.mark.parametrize("change", [lambda x: x / 16, lambda x: x * 7.63 / 16, lambda x: 16 - x, lambda x: x * 15.9])
def test_ink_scale_and_polarity_do_not_matter(reader, digits, change):
    images = digits.images[900:1100]
    same = reader.predict(change(images), reject=False) == reader.predict(images, reject=False)
    assert same.mean() > 0.985


def test_what_shows_no_character_is_rejected():
    reader = inkmeans.load("digits")
    random = np.random.default_rng(0)
    blank = np.full((60, 60), 255, dtype=np.uint8)
    dot = np.zeros((100, 100), dtype=np.uint8)
    dot[50:56, 50:56] = 255
    noise = random.integers(0, 256, size=(80, 80)).astype(np.uint8)
    scribble = np.zeros((200, 200), dtype=np.uint8)
    scribble[::8] = scribble[:, ::8] = 255
    for image in (blank, 255 - blank, dot, noise, scribble):
        reading = reader.read_glyphs([image], reject=False)[0]
        assert (reading.text, reading.confidence) == ("?", 0.0)


def test_an_explanation_shows_the_nearest_centers(reader, digits):
    why = reader.explain(digits.images[905], n=3)
    assert why.verdict == "glyph"
    assert why.glyph.shape == (28, 28)
    assert [near.distance for near in why.nearest] == sorted(near.distance for near in why.nearest)
    assert len(why.nearest) == 3
    assert why.nearest[0].name == reader.centers_.names[why.nearest[0].center]


def test_clusters_with_names_make_a_reader(digits):
    from inkmeans import KMeans
    from inkmeans.normalize import normalize

    glyphs = normalize(digits.images[:600]).glyphs
    labels = KMeans(20, random_state=0).fit(glyphs.reshape(600, -1)).labels_
    names = [
        max(sorted(set(digits.truths[:600][labels == j])), key=list(digits.truths[:600][labels == j]).count)
        for j in range(20)
    ]
    reader = Reader.from_clusters(glyphs, labels, [*names[:19], None], features="pixels")
    assert len(reader.centers_.names) == 19
    assert (reader.predict(digits.images[600:900], reject=False) == digits.truths[600:900]).mean() > 0.75
    other = reader.renamed(["x"] * 19)
    assert set(other.predict(digits.images[600:610], reject=False)) == {"x"}


def test_refusals_are_sentences(reader, digits):
    with pytest.raises(InputError, match="truths must name each image: there are 3 images and 2 truths"):
        Reader().fit(digits.images[:3], ["1", "2"])
    with pytest.raises(InputError, match="features 'pixel' is unknown; choose 'directions' or 'pixels'"):
        Reader(features="pixel")
    with pytest.raises(InputError, match="a reader needs at least one image that shows a character; got none"):
        Reader().fit(np.zeros((2, 8, 8)), ["1", "2"])
    with pytest.raises(InputError, match="this Reader has learned nothing yet"):
        Reader().predict(digits.images[:1])


def test_the_reader_that_ships_is_small_and_knows_only_what_it_may(data_folder):
    assert len((files("inkmeans.reader") / "digits.safetensors").read_bytes()) <= 3_000_000
    told = {source["sha256"] for source in inkmeans.load("digits").trained_on_["sources"]}

    def digest(name, array):
        return hashlib.sha256(np.load(data_folder / f"{name}.npz")[array].tobytes()).hexdigest()

    assert told == {digest("mnist", "train_images"), digest("optdigits", "train_images"), digest("numbers", "images")}
    assert told.isdisjoint({digest("mnist", "test_images"), digest("optdigits", "test_images")})


def test_reading_loads_neither_scikit_learn_nor_scikit_image():
    code = (
        "import sys, numpy as np, inkmeans; inkmeans.load('digits').predict(np.eye(20)); "
        "print(sorted(m for m in ('sklearn', 'skimage', 'pandas', 'matplotlib') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
