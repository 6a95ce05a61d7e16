"""Every field of the header, every array and every byte: a damaged model file says where it is damaged."""

import contextlib
import hashlib
import json
import re
import struct
import tempfile
import tracemalloc
import warnings
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits

import inkmeans
from inkmeans import Reader
from inkmeans.errors import FileError, ModelFileError
from inkmeans.features import Dictionary
from inkmeans.normalize import NORMALIZER, normalize
from inkmeans.reader._model_checks import DTYPES
from inkmeans.reader._points import PatchPoints, Projection

Outer = dict[str, Any]
DIGITS = load_digits()


def small_reader() -> Reader:
    """Return a reader of 12 centers on a dictionary of 2 filters, so that the file has every array and is small."""
    reader = Reader(centers_per_name=4).fit(DIGITS.images[:150], np.array(["a", "b", "ü"])[np.arange(150) % 3])
    random = np.random.default_rng(0)
    dictionary = Dictionary(
        random.normal(size=(2, 5, 5)).astype(np.float32), np.ones(2, np.float32), 2, ((0.0, 1.0), (7.0, 1.1))
    )
    matrix = random.normal(size=(8, 5)).astype(np.float16)
    points = PatchPoints(dictionary, Projection(matrix, random.normal(size=5).astype(np.float32)))
    values = random.integers(-127, 128, (len(reader.centers_.counts), 5), dtype=np.int8)
    centers = replace(reader.centers_, values=values, scale=0.01)
    classifier = replace(reader._model.classifier, centers=centers)
    reader._model = replace(reader._model, points=points, classifier=classifier)
    reader = reader.with_gallery(normalize(DIGITS.images[:9]).glyphs, ["a", "b", "ü"] * 3, n_per_name=2)
    reader.trained_on_ = {"sources": ["a test"], "n": 150}
    return reader


READER = small_reader()
with tempfile.TemporaryDirectory() as folder:
    READER.save(Path(folder) / "whole")
    WHOLE = (Path(folder) / "whole").read_bytes()
LENGTH = struct.unpack("<Q", WHOLE[:8])[0]
OUTER: Outer = json.loads(WHOLE[8 : 8 + LENGTH])
HEADER: dict[str, Any] = json.loads(OUTER["__metadata__"]["inkmeans"])
ARRAYS = WHOLE[8 + LENGTH :]
N_CENTERS = len(READER.centers_.counts)


def built(outer: Any = None, header: Any = None, arrays: bytes = ARRAYS) -> bytes:
    """Return a file with another outer header, our header within it, or arrays."""
    outer = dict(OUTER if outer is None else outer)
    if header is not None:
        text = header if isinstance(header, str) else json.dumps(header)
        outer["__metadata__"] = {"inkmeans": text}
    return framed(json.dumps(sealed(outer, arrays)).encode(), arrays)


def sealed(outer: Any, arrays: bytes) -> Any:
    """Return the outer header with the checksum that fits; where it cannot be made, with any."""
    text = outer["__metadata__"]["inkmeans"]
    data = text.encode("utf-8", "surrogatepass")
    for name in DTYPES:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            begin, end = outer[name]["data_offsets"]
            data += arrays[begin:end]
    return {**outer, "__metadata__": {"inkmeans": text, "sha256": hashlib.sha256(data).hexdigest()}}


def framed(text: bytes, arrays: bytes = ARRAYS) -> bytes:
    return struct.pack("<Q", len(text)) + text + arrays


def with_entry(name: str, **changes: Any) -> bytes:
    return built({**OUTER, name: {**OUTER[name], **changes}})


def with_array(name: str, array: np.ndarray) -> bytes:
    """Return a file with other values in one array, of the same dtype and shape."""
    begin, end = OUTER[name]["data_offsets"]
    data = array.tobytes()
    assert len(data) == end - begin
    return built(arrays=ARRAYS[:begin] + data + ARRAYS[end:])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def complaint(path: Path, data: bytes) -> str:
    """Return what load says of the data, less the file's name, which it must begin with."""
    path.write_bytes(data)
    with pytest.raises(ModelFileError) as raised:
        inkmeans.load(path)
    message = str(raised.value)
    assert message.startswith((f"{path} ", f"{path}: header ", f"{path}: array "))
    sentence = message.removeprefix(str(path)).removeprefix(":").removeprefix(" ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert ". " not in sentence
    assert len(sentence) < 250
    return sentence


def test_the_whole_file_is_a_reader(path: Path) -> None:
    for data in (WHOLE, built(), built(header=HEADER)):
        path.write_bytes(data)
        reader = inkmeans.load(path)
        np.testing.assert_array_equal(
            reader.predict_proba(DIGITS.images[:40]), READER.predict_proba(DIGITS.images[:40])
        )
        assert reader.centers_.classes.tolist() == READER.centers_.classes.tolist()
        assert reader.trained_on_ == READER.trained_on_
        assert reader._model.points.dictionary.views == READER._model.points.dictionary.views
        for part, name in (
            *(("classifier.centers", name) for name in ("values", "pictures", "counts", "classes")),
            ("classifier", "weights"),
            ("gallery", "glyphs"),
            ("gallery", "classes"),
            *(("points.dictionary", name) for name in ("filters", "offsets")),
            *(("points.projection", name) for name in ("matrix", "offset")),
        ):
            one, other = (attrgetter(f"{part}.{name}")(each._model) for each in (reader, READER))
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
    reader.save(path)
    assert path.read_bytes() == WHOLE


# --- our header --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", [field for field in HEADER if field != "format"])
def test_a_missing_field_is_named(path: Path, field: str) -> None:
    header = {key: value for key, value in HEADER.items() if key != field}
    assert complaint(path, built(header=header)) == f"header field '{field}' is missing; the file is damaged."


WRONG_TYPES = [
    (field, value)
    for field in HEADER
    for value in (None, True, 7, 0.5, "text", [], {}, [1], {"a": 1})
    if field != "format"
    and type(value) is not type(HEADER[field])
    and not (isinstance(HEADER[field], float) and type(value) in (int, float))
    and not (field == "version" and type(value) is int)
    and not (field == "centers_per_name" and value is None)
]


@pytest.mark.parametrize(("field", "value"), WRONG_TYPES)
def test_a_field_of_the_wrong_type_is_named(path: Path, field: str, value: Any) -> None:
    expected = f"header field '{field}' has the wrong type, {type(value).__name__}; the file is damaged."
    assert complaint(path, built(header={**HEADER, field: value})) == expected


OUT_OF_RANGE = {
    "scale": [0, -1.0, 1e300, 1e-300, float("nan"), float("inf")],
    "temperature": [0.0, -1.0, 1e300, 1e-300, float("nan"), float("-inf")],
    "min_confidence": [-0.01, 1.01, float("nan")],
    "max_distance": [0.0, -5, 1e39, float("nan"), float("inf")],
    "max_error": [-0.01, 1.01, float("nan")],
    "smoothing": [-0.01, 1.01, float("nan")],
    "bandwidth": [0, -1.0, 1e300, float("nan"), float("inf")],
}


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field in OUT_OF_RANGE for value in OUT_OF_RANGE[field]]
)
def test_a_number_out_of_its_range_is_named(path: Path, field: str, value: float) -> None:
    expected = f"header field '{field}' is {float(value)}, out of its range; the file is damaged."
    assert complaint(path, built(header={**HEADER, field: value})) == expected


@pytest.mark.parametrize("field", OUT_OF_RANGE)
@pytest.mark.parametrize("digits", [20, 400, 5000])
def test_a_number_of_many_digits_is_damage(path: Path, field: str, digits: int) -> None:
    text = json.dumps({**HEADER, field: 0}).replace(f'"{field}": 0', f'"{field}": 1{"0" * digits}')
    assert complaint(path, built(header=text)) == (
        "header 'inkmeans' is not JSON; the file is damaged."
        if digits > 4300
        else f"header field '{field}' has the wrong type, int; the file is damaged."
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format": "other"}, "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
        ({"format": 1}, "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
        ({"version": 0}, "header field 'version' must be 2 or 3; got 0."),
        ({"version": -3}, "header field 'version' must be 2 or 3; got -3."),
        ({"version": 4},
         "is a model file of version 4, and this inkmeans reads up to 3; install a newer inkmeans."),
        ({"version": 4, "temperature": "as the future has it"},
         "is a model file of version 4, and this inkmeans reads up to 3; install a newer inkmeans."),
        ({"normalizer": {}},
         "was trained with another normalizer (version None; this inkmeans has 1); train it again."),
        ({"normalizer": {**NORMALIZER, "version": 2}},
         "was trained with another normalizer (version 2; this inkmeans has 1); train it again."),
        ({"normalizer": {**NORMALIZER, "box": 18.0}},
         "was trained with another normalizer (version 1; this inkmeans has 1); train it again."),
        ({"features": "dreams"}, "header field 'features' is 'dreams'; it must be patches or pixels."),
        ({"classes": ["a", "a", "ü"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["b", "a", "ü"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["a", "b", 3]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["", "a", "b"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["?", "a", "b"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["a", "a\0", "b"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": ["a", "b", "\ud800"]}, "header field 'classes' must list different texts in order; the file is damaged."),
        ({"classes": []}, "header field 'classes' is empty; the file is damaged."),
        ({"classes": ["a", "b"]}, "array 'weights' has the shape [12, 3], but [12, 2] fits the others; the file is damaged."),
        ({"classes": ["a", "b", "c", "d"]}, "array 'weights' has the shape [12, 3], but [12, 4] fits the others; the file is damaged."),
        *(({"classes": classes, "classes_dtype": dtype},
           "header field 'classes' must list different whole numbers in order; the file is damaged.")
          for dtype, classes in (("int64", ["a", "b", "c"]), ("int64", [1, 3, 2]), ("int64", [1, 1, 2]), ("int8", [1, 2, 128]),
                                 ("uint8", [-1, 2, 3]), ("int64", [1.0, 2.0, 3.0]), ("int64", [False, True, 2]), ("bool", [0, 1]),
                                 ("float64", [1, 2, 3]), ("float64", [1.0, 1.5, 2.0]), ("float64", [1.0, float("nan"), 3.0]), ("float16", [1.0, 2.0, 1e9]),
                                 ("float32", [1.0, 2.0, 1e300]), ("float16", [1.0, 2.0, 2049.0]))),
        ({"classes_dtype": "object"}, "header field 'classes_dtype' is 'object'; it must be one of str, bool, int8, int16, "
         "int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64."),
        ({"quality": "worst"}, "header field 'quality' is 'worst'; it must be fast or best."),
        ({"centers_per_name": 0}, "header field 'centers_per_name' must be null or at least 1; got 0; the file is damaged."),
        ({"random_state": -1}, "header field 'random_state' must be from 0 to 2^32 - 1; got -1; the file is damaged."),
        ({"random_state": 2**32}, "header field 'random_state' must be from 0 to 2^32 - 1; got 4294967296; the file is damaged."),
        ({"features": "pixels"}, "array 'filter_offsets' does not belong in a reader; the file is damaged."),
        ({"n_cells": 0}, "header field 'n_cells' must be from 1 to 14; got 0; the file is damaged."),
        ({"n_cells": 15}, "header field 'n_cells' must be from 1 to 14; got 15; the file is damaged."),
        ({"n_cells": 3}, "array 'projection' has the shape [8, 5], but [18, 5] fits the others; the file is damaged."),
        *(({"views": views}, f"header field 'views' must list pairs of degrees and stretch; got {views}; the file is damaged.")
          for views in ([], [[0.0]], [[0.0, 1.0, 2.0]], [["0", 1.0]], [[0.0, True]], [[400.0, 1.0]], [[0.0, 0.0]],
                        [[0.0, 11.0]], [{}], [[0.0, 1.0], None])),
    ],
)  # fmt: skip
def test_a_field_with_a_wrong_value_is_named(path: Path, changes: dict[str, Any], expected: str) -> None:
    assert complaint(path, built(header={**HEADER, **changes})) == expected


def test_long_values_are_not_repeated_in_full(path: Path) -> None:
    for changes in ({"features": "x" * 10_000}, {"version": 10**4000}, {"normalizer": {"version": "v" * 9999}}):
        assert "..." in complaint(path, built(header={**HEADER, **changes}))
    assert "..." in complaint(path, built({**OUTER, "y" * 10_000: OUTER["counts"]}))
    assert "..." in complaint(path, with_entry("counts", shape=[-1] * 5000))
    assert "..." in complaint(path, with_entry("counts", dtype="z" * 5000))
    assert "\\n" in complaint(path, built({**OUTER, "two\nlines": OUTER["counts"]}))


# --- the header of the file --------------------------------------------------------------------------------------

NO_LENGTH = "is no model file (its first 8 bytes do not give the length of a header)."
NO_JSON = "is no model file (its header is not JSON), or is damaged there."
NO_METADATA = "is no model file of inkmeans (its header has no '__metadata__')."
FOREIGN = "is a safetensors file, but no model file of inkmeans (no 'inkmeans' in its header)."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty; name a model file (.safetensors)."),
        (b"\x10", NO_LENGTH),
        (bytes(8), NO_LENGTH),
        (bytes(800), NO_LENGTH),
        (struct.pack("<Q", 1) + b"{", NO_LENGTH),
        (struct.pack("<Q", 2**63) + b"{}", NO_LENGTH),
        (struct.pack("<Q", 2**64 - 1) + WHOLE[8:], NO_LENGTH),
        (struct.pack("<Q", len(WHOLE) - 7) + WHOLE[8:], NO_LENGTH),
        (b"\x89PNG\r\n\x1a\n" + bytes(999), NO_LENGTH),
        (b"PK\x03\x04" + bytes(999), NO_LENGTH),
        (b"#!/bin/sh\necho hello\n", NO_LENGTH),
        (WHOLE[:8] + b"\xff" * LENGTH + ARRAYS, NO_JSON),
        (framed(b"hello, this is no JSON"), NO_JSON),
        (framed(b"{" * 1000), NO_JSON),
        (framed(b"[" * 100_000), NO_JSON),
        (framed(b'{"a":' * 100_000), NO_JSON),
        (framed(b'{"a": 1' + b"0" * 5000 + b"}"), NO_JSON),
        (framed(b"[1, 2]"), NO_METADATA),
        (framed(b"17"), NO_METADATA),
        (framed(b'"__metadata__"'), NO_METADATA),
        (framed(b"{}"), NO_METADATA),
        (framed(b'{"__metadata__": 3}'), NO_METADATA),
        (framed(b'{"__metadata__": {}}'), FOREIGN),
        (framed(b'{"__metadata__": {"inkmeans": 3}}'), FOREIGN),
        (safetensors.numpy.save({"weight": np.zeros(3)}), NO_METADATA),
        (safetensors.numpy.save({"weight": np.zeros(3)}, metadata={"format": "pt"}), FOREIGN),
        (built(header="{"), "header 'inkmeans' is not JSON; the file is damaged."),
        (built(header="[" * 100_000), "header 'inkmeans' is not JSON; the file is damaged."),
        (built(header="[]"), "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
        (built(header="null"), "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
        (built(header="{}"), "header field 'format' must be 'inkmeans reader'; this is another kind of file."),
    ],
    ids=range(31),
)  # fmt: skip
def test_what_is_no_model_file_is_told_so(path: Path, data: bytes, expected: str) -> None:
    assert complaint(path, data) == expected


# --- the arrays --------------------------------------------------------------------------------------------------

ARRAY_NAMES = sorted(name for name in OUTER if name != "__metadata__")


def test_the_file_has_every_array() -> None:
    assert sorted(DTYPES) == ARRAY_NAMES


@pytest.mark.parametrize("name", ARRAY_NAMES)
def test_a_missing_array_is_named(path: Path, name: str) -> None:
    outer = {key: value for key, value in OUTER.items() if key != name}
    expected = f"array '{name}' is missing; the file is damaged."
    assert complaint(path, built(outer)) == expected


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize(
    "entry", [None, 3, [], {}, "x", {"dtype": "U8"}, {"dtype": "U8", "shape": [1], "data_offsets": [0, 1], "more": 1}]
)
def test_an_array_that_is_not_described_is_named(path: Path, name: str, entry: Any) -> None:
    expected = f"array '{name}' is not described by dtype, shape and data_offsets; the file is damaged."
    assert complaint(path, built({**OUTER, name: entry})) == expected


def test_an_array_that_does_not_belong_is_named(path: Path) -> None:
    outer = {**OUTER, "extra": {"dtype": "U8", "shape": [4], "data_offsets": [len(ARRAYS), len(ARRAYS) + 4]}}
    assert (
        complaint(path, built(outer, arrays=ARRAYS + b"abcd"))
        == "array 'extra' does not belong in a reader; the file is damaged."
    )


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("dtype", ["F64", "I16", "u8", "", None, 8, ["U8"]])
def test_an_array_of_the_wrong_dtype_is_named(path: Path, name: str, dtype: Any) -> None:
    expected = f"array '{name}' must have the dtype {OUTER[name]['dtype']}; got {dtype}."
    assert complaint(path, with_entry(name, dtype=dtype)) == expected


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("shape", [None, 5, "5", {}, [-1], [1.0], [True], ["5"], [[5]], [2**40], [10**30]])
def test_an_impossible_shape_is_named(path: Path, name: str, shape: Any) -> None:
    expected = f"array '{name}' has the impossible shape {shape}; the file is damaged."
    assert complaint(path, with_entry(name, shape=shape)) == expected


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("change", ["longer", "shorter", "flat", "deeper", "none", "empty", "huge"])
def test_a_shape_that_does_not_fit_is_complained_of(path: Path, name: str, change: str) -> None:
    first, *rest = OUTER[name]["shape"]
    shape = {
        "longer": [first + 1, *rest], "shorter": [first - 1, *rest], "flat": [int(np.prod([first, *rest]))] + [1] * len(rest),
        "deeper": [first, *rest, 1], "none": [], "empty": [0, *rest], "huge": [2**29, *rest],
    }[change]  # fmt: skip
    if shape == OUTER[name]["shape"]:
        pytest.skip("flat is what it is")
    assert re.match(
        r"array '\w+' has the shape|has 0 centers; a reader has between|array 'projection' is empty|array 'filters' has",
        complaint(path, with_entry(name, shape=shape)),
    )


def test_no_centers_and_no_dimensions_are_refused(path: Path) -> None:
    outer = json.loads(json.dumps(OUTER))
    for name in ("center_classes", "centers", "counts", "pictures", "weights"):
        outer[name]["shape"][0] = 0
    assert complaint(path, built(outer)) == "has 0 centers; a reader has between 1 and 1,000,000."
    outer = json.loads(json.dumps(OUTER))
    outer["projection"]["shape"][1] = outer["centers"]["shape"][1] = outer["projection_offset"]["shape"][0] = 0
    assert complaint(path, built(outer)) == "array 'projection' is empty; the file is damaged."
    for shape in ([0, 5, 5], [2, 0, 0], [2, 17, 17]):
        outer = json.loads(json.dumps(OUTER))
        outer["filters"]["shape"], outer["filter_offsets"]["shape"] = shape, shape[:1]
        outer["projection"]["shape"][0] = 4 * shape[0]
        assert complaint(path, built(outer)) == (
            f"array 'filters' has the shape {shape}; there must be at least one, of 1 to 16 pixels a side; the file is "
            "damaged."
        )
    outer = json.loads(json.dumps(OUTER))
    outer["filters"]["shape"], outer["projection"]["shape"][0] = [2, 16, 16], 14 * 14 * 2
    assert complaint(path, built(outer, {**HEADER, "n_cells": 14})) == (
        "header field 'n_cells' is 14, too many for filters of 16 pixels; the file is damaged."
    )


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("offsets", [None, 5, [], [0], [0, 1, 2], [0.0, 4.0], ["0", "4"], [-4, 0], [True, 4], {}])
def test_impossible_offsets_are_named(path: Path, name: str, offsets: Any) -> None:
    expected = f"array '{name}' has the impossible data_offsets {offsets}; the file is damaged."
    assert complaint(path, with_entry(name, data_offsets=offsets)) == expected


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("move", [(1, 1), (-1, -1), (0, 1), (0, -1), (1, 0), (10**12, 10**12), (8, 8)])
def test_arrays_that_overlap_or_leave_a_gap_are_refused(path: Path, name: str, move: tuple[int, int]) -> None:
    begin, end = OUTER[name]["data_offsets"]
    offsets = [begin + move[0], end + move[1]]
    if min(offsets) < 0:
        pytest.skip("no number for an offset")
    assert re.fullmatch(
        r"array '\w+' does not follow the one before it; the file is damaged\.",
        complaint(path, with_entry(name, data_offsets=offsets)),
    )


def test_two_arrays_on_the_same_bytes_are_refused(path: Path) -> None:
    outer = {**OUTER, "counts": {**OUTER["counts"], "data_offsets": OUTER["center_classes"]["data_offsets"]}}
    assert "does not follow the one before it" in complaint(path, built(outer))


def test_a_file_cut_anywhere_says_that_it_is_truncated(path: Path) -> None:
    boundaries = {entry["data_offsets"][0] for name, entry in OUTER.items() if name != "__metadata__"}
    lengths = {0, 1, 7, 8, 9, 8 + LENGTH - 1, 8 + LENGTH, 8 + LENGTH + 1, len(WHOLE) - 1} | {
        8 + LENGTH + begin + off for begin in boundaries for off in (-1, 0, 1)
    } | set(range(10, len(WHOLE), 997))  # fmt: skip
    for length in sorted(length for length in lengths if length >= 0):
        sentence = complaint(path, WHOLE[:length])
        if length >= 8 + LENGTH:
            needed, left = re.fullmatch(
                r"array '\w+' needs ([\d,]+) bytes, the file has ([\d,]+) left; it is probably truncated\.", sentence
            ).groups()  # type: ignore[union-attr]
            assert int(left.replace(",", "")) < int(needed.replace(",", ""))
        else:
            assert sentence in (NO_LENGTH, NO_JSON) or not length


def test_more_bytes_than_arrays_are_refused(path: Path) -> None:
    assert complaint(path, WHOLE + b"\0") == "has 1 bytes after its last array; the file is damaged."
    assert complaint(path, WHOLE + WHOLE) == f"has {len(WHOLE):,} bytes after its last array; the file is damaged."


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("center_classes", -1, "array 'center_classes' points outside the 3 classes; the file is damaged."),
        ("center_classes", 3, "array 'center_classes' points outside the 3 classes; the file is damaged."),
        ("center_classes", 2**31 - 1, "array 'center_classes' points outside the 3 classes; the file is damaged."),
        ("gallery_classes", -1, "array 'gallery_classes' points outside the 3 classes; the file is damaged."),
        ("gallery_classes", 3, "array 'gallery_classes' points outside the 3 classes; the file is damaged."),
        ("counts", 0, "array 'counts' holds a number below 1; the file is damaged."),
        ("counts", -(2**63), "array 'counts' holds a number below 1; the file is damaged."),
        ("weights", np.nan, "array 'weights' holds NaN or a number out of range; the file is damaged."),
        ("filters", 1e38, "array 'filters' holds NaN or a number out of range; the file is damaged."),
        ("filter_offsets", np.inf, "array 'filter_offsets' holds NaN or a number out of range; the file is damaged."),
        (
            "projection_offset",
            np.nan,
            "array 'projection_offset' holds NaN or a number out of range; the file is damaged.",
        ),
        ("projection", np.nan, "array 'projection' holds NaN or a number out of range; the file is damaged."),
        ("projection", -np.inf, "array 'projection' holds NaN or a number out of range; the file is damaged."),
    ],
)
def test_impossible_values_in_an_array_are_named(path: Path, name: str, value: float, expected: str) -> None:
    begin, end = OUTER[name]["data_offsets"]
    dtype = {"center_classes": np.int32, "gallery_classes": np.int32, "counts": np.int64, "projection": np.float16}.get(
        name, np.float32
    )
    array = np.frombuffer(ARRAYS[begin:end], dtype=dtype).copy()
    array[-1] = value
    assert complaint(path, with_array(name, array)) == expected


def test_a_file_that_claims_much_allocates_little(path: Path) -> None:
    claims = [
        struct.pack("<Q", 2**62) + b"{}",
        struct.pack("<Q", 3_999_999) + b"{}",
        built(json.loads(json.dumps(OUTER).replace(f'"shape": [{N_CENTERS}', '"shape": [1000000'))),
        with_entry("pictures", shape=[2**30, 28, 14]),
    ]
    tracemalloc.start()
    try:
        for data in claims:
            complaint(path, data)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


# --- the checksum ------------------------------------------------------------------------------------------------

CHANGED = (
    "fails its checksum, so something in it has changed since it was saved; restore it from a copy, or train it again."
)


@pytest.mark.parametrize("name", ARRAY_NAMES)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_bit_in_an_array_is_noticed(path: Path, name: str, place: str) -> None:
    begin, end = OUTER[name]["data_offsets"]
    data = bytearray(WHOLE)
    data[8 + LENGTH + {"first": begin, "middle": (begin + end) // 2, "last": end - 1}[place]] ^= 1
    sentence = complaint(path, bytes(data))
    if name not in ("center_classes", "gallery_classes", "counts"):  # there the sentence may say more
        assert sentence == CHANGED


@pytest.mark.parametrize(
    ("old", "new"), [(b"a test", b"a tesu"), (b'\\"n\\": 150', b'\\"n\\": 151'), ("ü".encode(), "ý".encode())]
)
def test_one_character_in_a_text_of_the_header_is_noticed(path: Path, old: bytes, new: bytes) -> None:
    assert WHOLE.count(old) == 1
    assert complaint(path, WHOLE.replace(old, new)) == CHANGED


def test_a_file_without_its_checksum_is_refused(path: Path) -> None:
    outer = {**OUTER, "__metadata__": {"inkmeans": OUTER["__metadata__"]["inkmeans"]}}
    assert complaint(path, framed(json.dumps(outer).encode())) == (
        "has no checksum ('sha256' in its header); train it again."
    )


# --- any byte ----------------------------------------------------------------------------------------------------


def loads_or_complains(data: bytes) -> None:
    """Check that the data load as a reader that works, or are refused with a sentence that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"
        path.write_bytes(data)
        try:
            reader = inkmeans.load(path)
        except (ModelFileError, FileError) as error:
            assert str(error).startswith((f"{path} ", f"{path}: header ", f"{path}: array "))
            return
        assert reader.centers_.values.shape == READER.centers_.values.shape
        assert reader.centers_.pictures.shape == READER.centers_.pictures.shape
        assert len(reader.classes_) == 3
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            likely = reader.predict_proba(DIGITS.images[:3])
        np.testing.assert_allclose(likely.sum(axis=1), 1.0)
        reader.save(path)
        inkmeans.load(path)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 8 + LENGTH), st.integers(1, 255)), min_size=1, max_size=3))
def test_flipped_bytes_in_the_header(flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, mask in flips:
        data[place] ^= mask
    loads_or_complains(bytes(data))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), min_size=1, max_size=9))
def test_flipped_bytes_anywhere(flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, mask in flips:
        data[place] ^= mask
    loads_or_complains(bytes(data))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=40))
def test_bytes_taken_out_or_put_in(place: int, removed: int, added: bytes) -> None:
    loads_or_complains(WHOLE[:place] + added + WHOLE[place + removed :])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from([*HEADER, "more"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
)
def test_any_json_in_any_field(field: str, value: Any) -> None:
    loads_or_complains(built(header={**HEADER, field: value}))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_at_all(data: bytes) -> None:
    loads_or_complains(data)
    loads_or_complains(framed(data, b""))
