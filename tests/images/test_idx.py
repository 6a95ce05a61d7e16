import gzip
import hashlib
import math
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkmeans.errors import FileError, ImageError
from inkmeans.images import read_idx

TYPES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array: np.ndarray) -> bytes:
    kind = array.dtype.kind + str(array.dtype.itemsize)
    header = struct.pack(">BBBB", 0, 0, TYPES[kind], array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write(folder: Path, data: bytes, name: str = "a.idx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def message(path: Path) -> str:
    with pytest.raises(ImageError) as caught:
        read_idx(path)
    return str(caught.value).replace(str(path), "a.idx")


def test_four_bytes_by_hand(tmp_path):
    path = write(tmp_path, b"\0\0\x08\x02\0\0\0\x02\0\0\0\x02\x01\x02\x03\xff")
    array = read_idx(path)
    assert array.dtype == np.uint8
    assert array.tolist() == [[1, 2], [3, 255]]


@pytest.mark.parametrize(
    ("code", "data", "dtype", "values"),
    [
        (0x08, b"\xff\x01", np.uint8, [255, 1]),
        (0x09, b"\xff\x01", np.int8, [-1, 1]),
        (0x0B, b"\xff\xfe\x01\x00", np.int16, [-2, 256]),
        (0x0C, b"\xff\xff\xff\xfe\0\1\0\0", np.int32, [-2, 65536]),
        (0x0D, struct.pack(">2f", 0.5, -3), np.float32, [0.5, -3]),
        (0x0E, struct.pack(">2d", 0.1, -3), np.float64, [0.1, -3]),
    ],
)
def test_every_type_of_the_format_is_read(tmp_path, code, data, dtype, values):
    array = read_idx(write(tmp_path, bytes([0, 0, code, 1, 0, 0, 0, 2]) + data))
    assert array.dtype == dtype
    assert array.dtype.isnative
    assert array.tolist() == values


@settings(deadline=None)
@given(
    array=st.sampled_from(sorted(TYPES)).flatmap(
        lambda kind: hnp.arrays(np.dtype(kind), hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5))
    ),
    zipped=st.booleans(),
)
def test_what_is_written_is_read_again(tmp_path_factory, array, zipped):
    data = idx_bytes(array)
    path = write(tmp_path_factory.mktemp("idx"), gzip.compress(data) if zipped else data)
    again = read_idx(path)
    assert again.dtype == array.dtype
    assert again.shape == array.shape
    assert again.tobytes() == array.tobytes()  # bytes, so that NaN equals NaN


@settings(deadline=None)
@given(data=st.binary(max_size=60), zipped=st.booleans())
def test_any_bytes_give_an_array_or_a_sentence(tmp_path_factory, data, zipped):
    path = write(tmp_path_factory.mktemp("idx"), gzip.compress(data) if zipped else data)
    try:
        read_idx(path)
    except ImageError as error:
        assert str(error).endswith(".")


@settings(deadline=None)
@given(position=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_changed_byte_in_a_gzip_file_gives_an_array_or_a_sentence(tmp_path_factory, position, value):
    data = bytearray(gzip.compress(idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))))
    data[position % len(data)] = value
    try:
        read_idx(write(tmp_path_factory.mktemp("idx"), bytes(data)))
    except ImageError as error:
        assert str(error).endswith(".")


def test_an_empty_file(tmp_path):
    assert message(write(tmp_path, b"")) == (
        "a.idx is empty (0 bytes); an IDX file begins with a header of 8 bytes or more."
    )


@pytest.mark.parametrize(
    ("data", "begin"), [(b"\x89PNG", "89 50 4e 47"), (b"\0\1\x08\1", "00 01 08 01"), (b"\0\0", "00 00")]
)
def test_a_file_that_is_not_idx(tmp_path, data, begin):
    assert message(write(tmp_path, data)) == (
        "a.idx is not an IDX file: it must begin with two zero bytes, a type and a number of dimensions, "
        f"but begins with {begin}."
    )


def test_a_gzip_file_of_nothing(tmp_path):
    assert message(write(tmp_path, gzip.compress(b""))).endswith("but begins with nothing.")


def test_an_unknown_type(tmp_path):
    assert message(write(tmp_path, b"\0\0\x0a\1\0\0\0\0")) == (
        "a.idx: IDX type 0x0A is unknown; the format has 0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E."
    )


@pytest.mark.parametrize("n_dimensions", [0, 65, 255])
def test_a_number_of_dimensions_that_no_array_has(tmp_path, n_dimensions):
    assert message(write(tmp_path, bytes([0, 0, 8, n_dimensions]) + b"\0" * 2000)) == (
        f"a.idx: an IDX array has 1 to 64 dimensions; the header says {n_dimensions}."
    )


def test_a_header_cut_short(tmp_path):
    assert message(write(tmp_path, b"\0\0\x08\3\0\0\0\1\0\0")) == (
        "a.idx: the header needs 12 bytes for the lengths of 3 dimensions, the file has 6 left; "
        "it is probably truncated."
    )


def test_a_truncated_file_says_how_much_is_missing(tmp_path):
    data = idx_bytes(np.zeros((60, 28, 28), np.uint8))[:-7]
    assert message(write(tmp_path, data)) == (
        "a.idx: uint8 array of 60 x 28 x 28 needs 47,040 bytes, the file has 47,033 left; it is probably truncated."
    )


def test_bytes_that_trail(tmp_path):
    assert message(write(tmp_path, idx_bytes(np.zeros((2, 3), np.int16)) + b"\0")) == (
        "a.idx: int16 array of 2 x 3 needs 12 bytes, but 13 follow the header; the file is damaged or not IDX."
    )


def test_an_absurd_size_is_seen_before_memory_is_taken(tmp_path):
    header = b"\0\0\x0e\3" + b"\0\x10\0\0" * 3  # 2^63 bytes
    assert message(write(tmp_path, header)) == (
        "a.idx: an array of 1,048,576 x 1,048,576 x 1,048,576 fits no computer; the header is damaged."
    )
    header = b"\0\0\x08\2" + b"\0\x10\0\0" * 2  # 2^40 bytes
    assert "needs 1,099,511,627,776 bytes, the file has 0 left" in message(write(tmp_path, header))


def test_lengths_that_numpy_refuses_though_the_array_is_empty(tmp_path):
    assert "fits no computer" in message(write(tmp_path, b"\0\0\x08\4" + b"\0" * 4 + b"\xff" * 12))


def test_an_absurd_size_in_a_gzip_file(tmp_path):
    assert message(write(tmp_path, gzip.compress(b"\0\0\x08\2" + b"\0\x10\0\0" * 2, mtime=0))) == (
        "a.idx: uint8 array of 1,048,576 x 1,048,576 needs 1,099,511,627,776 bytes, "
        "more than the limit of 4,294,967,296 for a gzipped file; unpack it first."
    )
    data = gzip.compress(b"\0\0\x08\2" + b"\0\0\x80\0" * 2, mtime=0)
    assert message(write(tmp_path, data)) == (
        "a.idx: uint8 array of 32,768 x 32,768 needs 1,073,741,824 bytes, "
        f"more than {len(data)} gzipped bytes can hold; its header is damaged."
    )


def test_a_gzip_file_whose_content_is_too_short_or_too_long(tmp_path):
    data = idx_bytes(np.zeros((5, 4), np.uint8))
    assert message(write(tmp_path, gzip.compress(data[:-1]))) == (
        "a.idx: uint8 array of 5 x 4 needs 20 bytes, the file has 19 left; it is probably truncated."
    )
    assert message(write(tmp_path, gzip.compress(data + b"x"))) == (
        "a.idx: uint8 array of 5 x 4 needs 20 bytes, but more follow the header; the file is damaged or not IDX."
    )


def test_a_gzip_file_cut_short(tmp_path):
    data = gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8)))
    for length in (3, 30, len(data) - 1):
        assert message(write(tmp_path, data[:length])) == (
            "a.idx: the gzip data end too early; the file is probably truncated."
        )


def test_a_gzip_file_with_a_wrong_checksum_or_damaged_inside(tmp_path):
    good = gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8)))
    wrong_checksum = good[:-8] + b"\0\0\0\0" + good[-4:]
    wrong_inside = good[:10] + b"\xff" * 8 + good[18:]
    for data in (wrong_checksum, wrong_inside):
        assert message(write(tmp_path, data)) == ("a.idx: the gzip data are damaged; copy or fetch the file again.")


def test_a_missing_file_and_a_folder(tmp_path):
    with pytest.raises(FileError) as caught:
        read_idx(tmp_path / "none.idx")
    assert str(caught.value) == f"{tmp_path / 'none.idx'} does not exist; check the path."
    with pytest.raises(FileError) as caught:
        read_idx(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is a folder, but a file is needed here; give the path of a file inside it."
    )


def test_reading_idx_does_not_load_pillow(tmp_path):
    path = write(tmp_path, idx_bytes(np.zeros((1, 2, 2), np.uint8)))
    code = (
        f"import sys; from inkmeans.images import read_images; read_images({str(path)!r});"
        "assert 'PIL' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow  # 70,000 images
def test_mnist_as_it_ships(data_folder, tmp_path):
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as archive:
        images = archive["train_images"]
    data = idx_bytes(images)
    # the known sum of the original file: our own writer of IDX is right, so the reader is judged by the true bytes
    assert hashlib.md5(data).hexdigest() == "6bbc9ace898e44ae57da46a324031adb"
    again = read_idx(write(tmp_path, gzip.compress(data, 1), "train-images-idx3-ubyte.gz"))
    assert np.array_equal(again, images)
    assert again.shape == (60_000, 28, 28)
    assert math.prod(again.shape) == len(data) - 16
