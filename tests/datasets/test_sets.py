import gzip
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pooch
import pytest
from sklearn.datasets import load_digits as sklearn_digits

import inkmeans.datasets
from inkmeans.datasets import cache_folder, list_datasets, load_digits, load_mnist
from inkmeans.errors import FileError, ImageError, InputError

SEED = 0


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


@pytest.fixture
def images() -> np.ndarray:
    return np.random.default_rng(SEED).integers(0, 256, (3, 28, 28), np.uint8)


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("INKMEANS_CACHE", str(folder))
    return folder


def write_mnist(folder: Path, images: np.ndarray, labels=(7, 0, 1), pattern="{stem}-{kind}-ubyte.gz") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pack = gzip.compress if pattern.endswith(".gz") else bytes
    for part in ("train", "t10k"):
        for what, kind, array in (("images", "idx3", images), ("labels", "idx1", np.array(labels))):
            (folder / pattern.format(stem=f"{part}-{what}", kind=kind)).write_bytes(pack(idx(array)))


# digits


def test_digits_are_those_of_scikit_learn():
    digits, theirs = load_digits(), sklearn_digits()
    assert digits.images.shape == (1797, 8, 8)
    assert digits.images.dtype == np.float64
    assert np.array_equal(digits.images, theirs.images)
    assert digits.images.max() == 16
    assert digits.truths.tolist() == [str(digit) for digit in theirs.target]
    assert digits.truths.dtype == np.dtype("<U1")
    assert len(digits) == 1797
    assert digits.name == "digits"
    assert "Optical recognition of handwritten digits" in digits.description
    assert digits.licence == "CC BY 4.0"


def test_digits_are_the_block_counts_of_optdigits(data_folder):
    with np.load(data_folder / "optdigits.npz", allow_pickle=False) as archive:
        bitmaps = archive["test_images"] > 0
    counts = bitmaps.reshape(-1, 8, 4, 8, 4).sum((2, 4))
    assert np.array_equal(load_digits().images, counts)


# MNIST


@pytest.mark.parametrize(
    "pattern",
    ["{stem}-{kind}-ubyte.gz", "{stem}-{kind}-ubyte", "{stem}.{kind}-ubyte", "{stem}.{kind}-ubyte.gz"],
)
@pytest.mark.parametrize("part", ["train", "test"])
def test_mnist_from_a_folder(tmp_path, images, pattern, part):
    write_mnist(tmp_path / "m", images, pattern=pattern)
    mnist = load_mnist(tmp_path / "m", part)
    assert np.array_equal(mnist.images, images)
    assert mnist.truths.tolist() == ["7", "0", "1"]
    assert mnist.truths.dtype == np.dtype("<U1")
    assert mnist.name == f"mnist {part}"


@pytest.mark.parametrize("names", ["{part}_images {part}_labels", "x_{part} y_{part}"])
def test_mnist_from_npz(tmp_path, images, names):
    arrays = {}
    for part, digit in (("train", 1), ("test", 2)):
        images_name, labels_name = names.format(part=part).split()
        arrays |= {images_name: images, labels_name: np.full(3, digit, np.uint8)}
    np.savez(tmp_path / "mnist.npz", **arrays)
    assert load_mnist(str(tmp_path / "mnist.npz")).truths.tolist() == ["1"] * 3
    assert load_mnist(tmp_path / "mnist.npz", "test").truths.tolist() == ["2"] * 3


def test_mnist_from_the_cache(empty_cache, images):
    write_mnist(empty_cache / "mnist", images)
    assert np.array_equal(load_mnist().images, images)


def test_mnist_that_was_not_fetched_says_how(empty_cache):
    with pytest.raises(FileError) as caught:
        load_mnist()
    assert str(caught.value) == (
        f"MNIST is not in {empty_cache}/mnist; run: inkmeans datasets fetch mnist, or give the path of its files."
    )


def test_a_folder_that_lacks_a_file(tmp_path, images):
    write_mnist(tmp_path / "m", images)
    (tmp_path / "m" / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileError) as caught:
        load_mnist(tmp_path / "m", "test")
    assert str(caught.value) == (
        f"{tmp_path}/m has no t10k-labels-idx1-ubyte.gz; run: inkmeans datasets fetch mnist, "
        "or give the path of its files."
    )


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(FileError) as caught:
        load_mnist(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path}/none does not exist; check the path."


def test_a_part_that_does_not_exist():
    with pytest.raises(InputError) as caught:
        load_mnist(part="valid")
    assert str(caught.value) == "part must be 'train' or 'test'; got 'valid'."


def test_files_of_two_sets(tmp_path, images):
    write_mnist(tmp_path / "m", images, labels=(1, 2))
    with pytest.raises(ImageError) as caught:
        load_mnist(tmp_path / "m")
    assert str(caught.value) == (
        f"{tmp_path}/m holds 3 train images but labels of shape (2,); files of two sets may be mixed."
    )


def test_images_that_are_not_those_of_mnist(tmp_path, images):
    write_mnist(tmp_path / "m", images[:, :27])
    with pytest.raises(ImageError) as caught:
        load_mnist(tmp_path / "m")
    assert str(caught.value) == (
        f"{tmp_path}/m is not MNIST: its images must be 28 x 28 of uint8; got 27 x 28 of uint8."
    )
    np.savez(tmp_path / "a.npz", train_images=images)
    with pytest.raises(ImageError) as caught:
        load_mnist(tmp_path / "a.npz")
    assert str(caught.value) == (
        f"{tmp_path}/a.npz has no truths for its train images; they must be called train_labels."
    )


def test_the_real_mnist(data_folder):
    mnist = load_mnist(data_folder / "mnist.npz", "test")
    assert mnist.images.shape == (10_000, 28, 28)
    assert "".join(mnist.truths[:10]) == "7210414959"


# the list and the cache


def test_the_list_says_what_is_here(empty_cache, images):
    digits, mnist = list_datasets()
    assert (digits.name, digits.is_here, digits.n_bytes) == ("digits", True, 0)
    assert (mnist.name, mnist.is_here, mnist.n_bytes) == ("mnist", False, 11_594_722)
    write_mnist(empty_cache / "mnist", images)
    assert mnist.is_here


def test_the_cache_is_the_folder_that_pooch_would_take(monkeypatch, tmp_path):
    monkeypatch.delenv("INKMEANS_CACHE")
    assert cache_folder() == Path(pooch.os_cache("inkmeans"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == Path(pooch.os_cache("inkmeans"))
    monkeypatch.setenv("INKMEANS_CACHE", "~/x")
    assert cache_folder() == Path.home() / "x"


@pytest.mark.parametrize(
    ("platform", "folder"),
    [("win32", "AppData/Local/inkmeans/inkmeans/Cache"), ("darwin", "Library/Caches/inkmeans")],
)
def test_the_cache_on_other_systems(monkeypatch, platform, folder):
    monkeypatch.delenv("INKMEANS_CACHE")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr("inkmeans.datasets._cache.sys.platform", platform)
    assert cache_folder() == Path.home() / folder


def test_importing_the_sets_loads_neither_scikit_learn_nor_pooch_nor_pillow():
    code = (
        "import sys, inkmeans.datasets; inkmeans.datasets.list_datasets();"
        "assert not {'sklearn', 'pooch', 'requests', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_all_there():
    assert all(hasattr(inkmeans.datasets, name) for name in inkmeans.datasets.__all__)
