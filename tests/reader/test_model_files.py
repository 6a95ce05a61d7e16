"""The model file: the same reader comes back, and a damaged file says where it is damaged."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans import Reader, load
from inkmeans.datasets import load_digits
from inkmeans.errors import FileError, ModelFileError


@pytest.fixture(scope="module")
def reader():
    digits = load_digits()
    return Reader(centers_per_name=3).fit(digits.images[:300], digits.truths[:300])


@pytest.fixture(scope="module")
def whole(reader, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "whole.safetensors"
    reader.save(path)
    return path.read_bytes()


def parts(data):
    """Return the safetensors header, our header within it, and the arrays' bytes."""
    length = struct.unpack("<Q", data[:8])[0]
    outer = json.loads(data[8 : 8 + length])
    return outer, json.loads(outer["__metadata__"]["inkmeans"]), data[8 + length :]


def joined(outer, header, arrays):
    outer = {**outer, "__metadata__": {"inkmeans": header if isinstance(header, str) else json.dumps(header)}}
    text = json.dumps(outer).encode()
    return struct.pack("<Q", len(text)) + text + arrays


def refusal(tmp_path, data):
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    with pytest.raises(ModelFileError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_the_same_reader_comes_back_and_saves_the_same_bytes(reader, whole, tmp_path):
    path = tmp_path / "again.safetensors"
    path.write_bytes(whole)
    again = load(path)
    images = load_digits().images[300:500]
    assert (again.predict_proba(images) == reader.predict_proba(images)).all()
    assert again.predict(images).tolist() == reader.predict(images).tolist()
    again.save(path)
    assert path.read_bytes() == whole


def test_every_header_field_is_missed(whole, tmp_path):
    outer, header, arrays = parts(whole)
    for field in header:
        lacking = {name: value for name, value in header.items() if name != field}
        assert f"'{field}'" in refusal(tmp_path, joined(outer, lacking, arrays))


@pytest.mark.parametrize("wrong", [None, True, [], {}, "x", -7, 1e308])
def test_every_header_field_of_the_wrong_kind_is_refused(whole, tmp_path, wrong):
    outer, header, arrays = parts(whole)
    for field, value in header.items():
        fits = (
            (field in ("trained_on",) and isinstance(wrong, dict))
            or (field == "inkmeans" and isinstance(wrong, str))
            or (field in ("temperature", "max_distance") and wrong == 1e308)
            or value == wrong
        )
        if not fits:
            assert refusal(tmp_path, joined(outer, {**header, field: wrong}, arrays))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("format", "other", "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
        (
            "version",
            2,
            "is a model file of version 2, and this inkmeans reads up to 1; install a newer inkmeans.",
        ),
        ("temperature", 0.0, "header field 'temperature' is 0.0, out of its range; the file is damaged."),
        ("step", float("nan"), "header field 'step' is nan, out of its range; the file is damaged."),
        ("names", [], "header field 'names' is empty; the file is damaged."),
        (
            "normalizer",
            {"version": 9},
            "was trained with another normalizer (version 9; this inkmeans has 1); train it again.",
        ),
    ],
)
def test_a_header_field_out_of_range_is_named(whole, tmp_path, field, value, message):
    outer, header, arrays = parts(whole)
    assert refusal(tmp_path, joined(outer, {**header, field: value}, arrays)) == message


@pytest.mark.parametrize("array", ["centers", "pictures", "counts", "center_names"])
def test_every_array_is_checked(whole, tmp_path, array):
    outer, header, arrays = parts(whole)
    lacking = {name: entry for name, entry in outer.items() if name != array}
    assert refusal(tmp_path, joined(lacking, header, arrays)) == f"array '{array}' is missing; the file is damaged."
    for change in ({"dtype": "F64"}, {"shape": [1, 2, 3, 4]}, {"shape": "x"}, {"data_offsets": [0, 1]}):
        message = refusal(tmp_path, joined({**outer, array: {**outer[array], **change}}, header, arrays))
        assert "array '" in message
    assert f"array '{array}'" in refusal(tmp_path, joined({**outer, array: 5}, header, arrays))


def test_a_truncated_file_says_so(whole, tmp_path):
    _, _, arrays = parts(whole)
    start = len(whole) - len(arrays)
    for length in range(0, start, 97):
        assert refusal(tmp_path, whole[:length])
    for missing in (1, 100, len(arrays) // 2, len(arrays)):
        assert refusal(tmp_path, whole[:-missing]).endswith("it is probably truncated.")
    assert refusal(tmp_path, whole + b"more") == "has 4 bytes after its last array; the file is damaged."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 16,
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"[1]\n",
        struct.pack("<Q", 60_000) + b"[" * 60_000,
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 100,
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, data):
    assert refusal(tmp_path, data)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_flipped_byte_gives_a_reader_or_a_sentence(whole, tmp_path_factory, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("flip") / "model.safetensors"
    path.write_bytes(bytes(flipped))
    try:
        reader = load(path)
    except ModelFileError as error:
        assert str(error).startswith(f"{path}: ")
    else:
        assert len(reader.predict(np.eye(12))) == 1


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(FileError, match="there is no such file; name a model file, or 'digits' for the reader that"):
        load(tmp_path / "none.safetensors")
    with pytest.raises(FileError, match="is a folder; name a model file"):
        load(tmp_path)


def test_a_failed_save_leaves_the_old_file_whole(reader, whole, tmp_path, monkeypatch):
    import os

    path = tmp_path / "model.safetensors"
    path.write_bytes(whole)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="what stood there is untouched"):
        reader.save(path)
    assert path.read_bytes() == whole
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]
