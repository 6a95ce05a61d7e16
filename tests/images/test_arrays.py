import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import FileError, ImageError
from inkmeans.images import read_arrays

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def npz(folder: Path, **arrays) -> Path:
    path = folder / "a.npz"
    np.savez_compressed(path, **arrays)
    return path


def npy(folder: Path, array, **options) -> Path:
    path = folder / "a.npy"
    np.save(path, array, **options)
    return path


def message(path: Path, selector: str | None = None) -> str:
    with pytest.raises(ImageError) as caught:
        read_arrays(path, selector)
    return str(caught.value).replace(str(path), path.name)


# what is read


def test_images_in_an_npy_file(tmp_path):
    images, truths, name = read_arrays(npy(tmp_path, IMAGES))
    assert images.dtype == np.uint8
    assert np.array_equal(images, IMAGES)
    assert (truths, name) == (None, "")


def test_images_and_truths_in_an_npz_file(tmp_path):
    images, truths, name = read_arrays(npz(tmp_path, images=IMAGES, labels=np.array([7, 3])))
    assert np.array_equal(images, IMAGES)
    assert (truths, name) == (["7", "3"], "images")


def test_rows_whose_length_is_a_square_become_images(tmp_path):
    rows = np.arange(2 * 64, dtype=np.float64).reshape(2, 64)
    images, truths, _ = read_arrays(npz(tmp_path, data=rows, target=np.array([1, 2]), target_names=np.arange(10)))
    assert images.shape == (2, 8, 8)
    assert images.dtype == np.float64
    assert images[1, 0, 1] == 65
    assert truths == ["1", "2"]


@pytest.mark.parametrize(
    ("stored", "dtype", "values"),
    [
        (np.array([[[0, 1]]], bool), np.uint8, [0, 255]),
        (np.array([[[-3, 300]]], np.int16), np.float32, [-3, 300]),
        (np.array([[[0, 16]]], ">i8"), np.float32, [0, 16]),
        (np.array([[[0, 65535]]], np.uint16), np.float32, [0, 65535]),
        (np.array([[[0, 0.5]]], np.float16), np.float32, [0, 0.5]),
        (np.array([[[0, 0.1]]], ">f8"), np.float64, [0, 0.1]),
        (np.array([[[0, 7]]], np.uint8), np.uint8, [0, 7]),
    ],
)
def test_kinds_of_numbers(tmp_path, stored, dtype, values):
    images, _, _ = read_arrays(npy(tmp_path, stored))
    assert images.dtype == dtype
    assert images.dtype.isnative
    assert images.ravel().tolist() == values


def test_the_order_of_fortran(tmp_path):
    images, _, _ = read_arrays(npy(tmp_path, np.asfortranarray(IMAGES)))
    assert np.array_equal(images, IMAGES)


@pytest.mark.parametrize(
    ("images_name", "truths_name"),
    [
        ("X", "y"),
        ("x_train", "y_train"),
        ("train_images", "train_labels"),
        ("pixels", "truths"),
        ("Images", "TARGETS"),
        ("glyphs", "label"),
        ("kannada_test_images", "kannada_test_labels"),
    ],
)
def test_usual_pairs_of_names(tmp_path, images_name, truths_name):
    path = npz(tmp_path, **{images_name: IMAGES, truths_name: np.array(["a", "b"]), "writers": np.array([1, 2])})
    images, truths, name = read_arrays(path)
    assert len(images) == 2
    assert (truths, name) == (["a", "b"], images_name)


def test_images_go_before_data_where_both_hold_the_same(tmp_path):
    path = npz(tmp_path, data=np.zeros((2, 64)), images=np.zeros((2, 8, 8)), target=np.array([1, 2]))
    assert read_arrays(path)[2] == "images"


def test_the_only_array_is_taken_whatever_its_name(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, IMAGES)
    images, truths, name = read_arrays(path)
    assert np.array_equal(images, IMAGES)
    assert (truths, name) == (None, "arr_0")


def test_truths_of_another_part_are_not_taken(tmp_path):
    assert read_arrays(npz(tmp_path, train_images=IMAGES, test_labels=np.array([1, 2])))[1] is None


@pytest.mark.parametrize(
    ("stored", "truths"),
    [
        (np.array([7.0, 3.0]), ["7", "3"]),
        (np.array([[7], [3]]), ["7", "3"]),
        (np.array(["ä", "ß"]), ["ä", "ß"]),
        (np.array([b"x", "ß".encode()]), ["x", "ß"]),
        (np.array([7, 3], np.uint8), ["7", "3"]),
    ],
)
def test_kinds_of_truths(tmp_path, stored, truths):
    assert read_arrays(npz(tmp_path, images=IMAGES, labels=stored))[1] == truths


def test_class_names_give_text_to_truths_that_are_numbers(tmp_path):
    names = np.array(["a", "b", "c"])
    assert read_arrays(npz(tmp_path, images=IMAGES, labels=[2, 0], class_names=names))[1] == ["c", "a"]
    assert read_arrays(npz(tmp_path, images=IMAGES, labels=[3, 0], class_names=names))[1] == ["3", "0"]


# the choice among several


def test_several_arrays_of_images_need_a_choice(tmp_path):
    path = npz(
        tmp_path, train_images=IMAGES, train_labels=np.array([1, 2]), test_images=IMAGES[:1], test_labels=np.array([3])
    )
    assert message(path) == ("a.npz holds 2 arrays of images; choose with a.npz#train_images or a.npz#test_images.")
    for selector in ("test", "test_images"):
        images, truths, name = read_arrays(path, selector)
        assert (len(images), truths, name) == (1, ["3"], "test_images")
    assert message(path, "tset") == "a.npz has no array 'tset'; choose with a.npz#train_images or a.npz#test_images."
    assert message(path, "test_labels") == (
        "a.npz: array 'test_labels' has the shape (1,), but images must be (n, height, width), "
        "or (n, d) where d is a square such as 64 or 784."
    )


def test_an_npy_file_has_nothing_to_choose(tmp_path):
    assert message(npy(tmp_path, IMAGES), "test") == (
        "a.npy holds one array, so '#test' cannot choose in it; leave it out."
    )


# what cannot be read


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_named_with_their_image(tmp_path, bad):
    images = np.zeros((5, 4, 4), np.float32)
    images[3, 1, 2] = bad
    assert message(npy(tmp_path, images)) == (
        "a.npy: image 3 holds NaN or infinity, but pixels must be finite numbers."
    )


def test_python_objects_are_never_loaded(tmp_path):
    text = "holds Python objects, which are never loaded because loading them may run code; save plain numbers or text."
    array = np.array([{"a": 1}, None], dtype=object)
    assert message(npy(tmp_path, array, allow_pickle=True)) == f"a.npy {text}"
    assert message(npz(tmp_path, images=array)) == f"a.npz: array 'images' {text}"


@pytest.mark.parametrize("shape", [(), (5,), (2, 63), (28, 28), (2, 0), (2, 0, 5), (2, 3, 4, 3)])
def test_shapes_that_are_not_images(tmp_path, shape):
    shown = {(): "", (5,): "5,"}.get(shape, ", ".join(map(str, shape)))
    assert message(npy(tmp_path, np.zeros(shape))) == (
        f"a.npy has the shape ({shown}), but images must be (n, height, width), "
        "or (n, d) where d is a square such as 64 or 784."
    )


def test_no_images_at_all(tmp_path):
    assert message(npy(tmp_path, np.zeros((0, 8, 8)))) == "a.npy holds no images: its shape is (0, 8, 8)."


@pytest.mark.parametrize("stored", [np.zeros((1, 2, 2), complex), np.full((1, 2, 2), "a")])
def test_numbers_that_are_no_pixels(tmp_path, stored):
    assert message(npy(tmp_path, stored)) == f"a.npy holds {stored.dtype}, but images must be numbers."


def test_an_npz_file_without_images_lists_what_it_has(tmp_path):
    assert message(npz(tmp_path, labels=np.zeros(3), codes=np.zeros((2, 5)))) == (
        "a.npz holds no array of images, which must be (n, height, width), or (n, d) where d is a square; "
        "it has 'labels' (3,), 'codes' (2, 5)."
    )
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert message(path).endswith("it has no arrays at all.")


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (np.zeros(3, int), "array 'labels' holds 3 truths, but 'images' holds 2 images."),
        (np.array([0.5, 1]), "array 'labels' holds float64, but truths must be text or whole numbers."),
        (np.array([True, False]), "array 'labels' holds bool, but truths must be text or whole numbers."),
        (
            np.eye(2),
            "array 'labels' has the shape (2, 2), but truths must be one for each image: (n,).",
        ),
        (np.array([b"\xff", b"a"]), "array 'labels' holds bytes that are not UTF-8; save the truths as text."),
    ],
)
def test_truths_that_do_not_fit(tmp_path, stored, text):
    assert message(npz(tmp_path, images=IMAGES, labels=stored)) == f"a.npz: {text}"


def test_a_file_that_is_neither(tmp_path):
    path = tmp_path / "a.npz"
    for data in (b"", b"not a zip", b"PK\x03\x04 cut"):
        path.write_bytes(data)
        assert message(path) == "a.npz is not an .npz file (.npy arrays in a zip), or it is cut short."
    with pytest.raises(FileError, match=r"none\.npz does not exist; check the path\.$"):
        read_arrays(tmp_path / "none.npz")


def test_an_npy_file_cut_short_or_too_long(tmp_path):
    path = npy(tmp_path, np.zeros((100, 8, 8), np.uint8))
    good = path.read_bytes()
    path.write_bytes(good[:-400])
    assert message(path) == (
        "a.npy: uint8 of 100 x 8 x 8 needs 6,400 bytes, the file has 6,000; it is probably truncated."
    )
    path.write_bytes(good + b"more")
    assert message(path) == "a.npy: uint8 of 100 x 8 x 8 needs 6,400 bytes, the file has 6,404; it is damaged."
    path.write_bytes(good[:40])
    assert message(path) == "a.npy does not begin with an .npy header that can be read; save it again."


def test_an_absurd_header_takes_no_memory(tmp_path):
    path = tmp_path / "a.npy"
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 1 << 10, 1 << 10)}
    )
    path.write_bytes(file.getvalue())
    assert message(path) == (
        "a.npy: float64 of 1,099,511,627,776 x 1,024 x 1,024 needs 9,223,372,036,854,775,808 bytes, "
        "the file has 0; it is probably truncated."
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("images.npy", file.getvalue())
    assert message(tmp_path / "a.npz") == (
        "a.npz: array 'images': float64 of 1,099,511,627,776 x 1,024 x 1,024 needs 9,223,372,036,854,775,808 bytes, "
        "the file has 0; it is probably truncated."
    )


def test_a_header_of_negative_lengths(tmp_path):
    path = npy(tmp_path, np.zeros((10, 8, 8), np.uint8))
    path.write_bytes(path.read_bytes().replace(b"(10, 8, 8)", b"(-1, 8,-8)"))
    message(path)


def test_a_damaged_member_of_an_npz_file(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, images=np.zeros((10, 8, 8), np.uint8))
    data = bytearray(path.read_bytes())
    data[400] ^= 1
    path.write_bytes(data)
    assert message(path) == "a.npz: array 'images' cannot be unpacked; the file is damaged or encrypted."


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("n", [1, 2000])
def test_a_wrong_checksum(tmp_path, save, n):
    path = tmp_path / "a.npz"
    save(path, images=np.zeros((n, 8, 8), np.uint8))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 16] ^= 1
    path.write_bytes(data)
    assert message(path) == "a.npz: array 'images' cannot be unpacked; the file is damaged or encrypted."


def test_an_unknown_version_of_zip(tmp_path):
    path = npz(tmp_path, images=np.zeros((1, 8, 8), np.uint8))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 6] = 64
    path.write_bytes(data)
    assert message(path) == "a.npz is not an .npz file (.npy arrays in a zip), or it is cut short."


def test_a_member_that_unfolds_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("inkmeans.images._npy.MAX_UNPACKED", 10_000)
    assert message(npz(tmp_path, images=np.zeros((1000, 8, 8), np.uint8))) == (
        "a.npz: array 'images' has 64,128 bytes, more than the limit of 10,000 for an .npz file; save it as .npy."
    )


@settings(deadline=None)
@given(data=st.data(), compressed=st.booleans())
def test_changed_bytes_give_images_or_a_sentence(tmp_path_factory, data, compressed):
    path = tmp_path_factory.mktemp("npz") / "a.npz"
    (np.savez_compressed if compressed else np.savez)(path, images=IMAGES, labels=np.array([1, 2]))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        read_arrays(path)
    except ImageError as error:
        assert str(error).endswith(".")


def test_the_public_sets(data_folder):
    images, truths, _ = read_arrays(data_folder / "mnist.npz", "test")
    assert images.shape == (10_000, 28, 28)
    assert truths is not None
    assert truths[:5] == ["7", "2", "1", "0", "4"]
    images, truths, _ = read_arrays(data_folder / "letters.npz")
    assert truths is not None
    assert sorted(set(truths)) == list("abcdefghijklmnopqrstuvwxyz")
