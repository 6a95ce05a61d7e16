import json
import math

import pytest

from inkmeans.errors import FileError, ImageError
from inkmeans.images import Drawing, rasterize, read_strokes

SEVEN = {"strokes": [[[10, 10], [60, 10], [30, 70]]], "width": 80, "height": 80, "pen": 9.5, "truth": "7"}


def message(data) -> str:
    with pytest.raises(ImageError) as caught:
        read_strokes(data)
    return str(caught.value)


# reading


def test_one_drawing_from_a_file(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(SEVEN))
    assert read_strokes(path) == [
        Drawing((((10.0, 10.0), (60.0, 10.0), (30.0, 70.0)),), width=80, height=80, pen=9.5, truth="7")
    ]
    assert read_strokes(str(path)) == read_strokes(path)


def test_a_list_and_an_object_with_a_list():
    one = read_strokes(SEVEN)
    assert read_strokes([SEVEN, SEVEN]) == one * 2
    assert read_strokes({"drawings": [SEVEN], "note": "by hand"}) == one
    assert read_strokes([]) == []


def test_no_stroke_is_a_blank_drawing_and_the_truth_may_be_missing():
    (drawing,) = read_strokes({"strokes": [], "width": 8, "height": 4, "pen": 1})
    assert drawing == Drawing((), 8, 4, 1.0, None)
    assert rasterize(drawing).tolist() == [[0] * 8] * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_json(tmp_path, encoding):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(SEVEN), encoding)
    assert read_strokes(path) == read_strokes(SEVEN)


KEYS = "strokes, width, height, pen and, if known, truth"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"strokes": 3}, "strokes must be a list of strokes; got 3."),
        ({"strokes": [[]]}, "strokes[0] must be a list of one point or more; got []."),
        ({"strokes": [[[1, 2]], 5]}, "strokes[1] must be a list of one point or more; got 5."),
        ({"strokes": [[[1, 2], [3]]]}, "strokes[0][1] must be two numbers [x, y]; got [3]."),
        ({"strokes": [[[1, 2, 3]]]}, "strokes[0][0] must be two numbers [x, y]; got [1, 2, 3]."),
        ({"strokes": [[["1", 2]]]}, 'strokes[0][0] must be two numbers [x, y]; got ["1", 2].'),
        ({"strokes": [[[True, 2]]]}, "strokes[0][0] must be two numbers [x, y]; got [true, 2]."),
        ({"strokes": [[[None, 2]]]}, "strokes[0][0] must be two numbers [x, y]; got [null, 2]."),
        ({"strokes": [[{"x": 1}]]}, 'strokes[0][0] must be two numbers [x, y]; got {"x": 1}.'),
        (
            {"strokes": [[[math.nan, 2]]]},
            "strokes[0][0] must lie between -1,000,000 and 1,000,000; got [NaN, 2].",
        ),
        (
            {"strokes": [[[0, -math.inf]]]},
            "strokes[0][0] must lie between -1,000,000 and 1,000,000; got [0, -Infinity].",
        ),
        (
            {"strokes": [[[0, 10**400]]]},
            "strokes[0][0] must lie between -1,000,000 and 1,000,000; got [0, " + "1" + "0" * 32 + "....",
        ),
        ({"strokes": [[[0, 10**5000]]]}, "strokes[0][0] must lie between -1,000,000 and 1,000,000; got a list."),
        ({"width": 0}, "width must be a whole number of pixels, 1 to 4096; got 0."),
        ({"width": 4097}, "width must be a whole number of pixels, 1 to 4096; got 4097."),
        ({"height": 28.0}, "height must be a whole number of pixels, 1 to 4096; got 28.0."),
        ({"height": True}, "height must be a whole number of pixels, 1 to 4096; got true."),
        ({"pen": 0}, "pen must be a number above 0 and at most 4096; got 0."),
        ({"pen": "thick"}, 'pen must be a number above 0 and at most 4096; got "thick".'),
        ({"pen": math.nan}, "pen must be a number above 0 and at most 4096; got NaN."),
        ({"pen": 5000}, "pen must be a number above 0 and at most 4096; got 5000."),
        ({"truth": 7}, 'truth must be text, such as "7"; got 7.'),
        ({"truth": ""}, 'truth must be text, such as "7"; got "".'),
        ({"label": "7"}, f"label is unknown; a drawing has {KEYS}."),
        ({"strokes": [[[1, 1]] * 100_001]}, "strokes may hold 100,000 points; got 100,001."),
    ],
)
def test_a_wrong_value_is_named_with_its_place(change, text):
    assert message(SEVEN | change) == text
    assert message([SEVEN, SEVEN | change]) == f"drawings[1].{text}"
    assert message({"drawings": [SEVEN | change]}) == f"drawings[0].{text}"


@pytest.mark.parametrize("key", ["strokes", "width", "height", "pen"])
def test_a_missing_key_is_named(key):
    data = {name: value for name, value in SEVEN.items() if name != key}
    assert message(data) == f"{key} is missing; a drawing has {KEYS}."


def test_a_drawing_that_is_no_object():
    assert message([3]) == f"drawings[0] must be an object with {KEYS}; got 3."
    assert message({"drawings": 3}) == "drawings must be a list; got 3."


def test_messages_name_the_file(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([SEVEN, SEVEN | {"pen": -1}]))
    assert message(path) == f"{path}: drawings[1].pen must be a number above 0 and at most 4096; got -1."
    path.write_text("7")
    assert message(path) == f"{path}: a drawing must be an object with {KEYS}; got 7."


def test_files_that_are_not_json(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text('{"strokes": [[[1, 2]')
    assert message(path) == (
        f"{path} is not JSON: Expecting ',' delimiter at line 1, column 21; it may be cut short or edited wrongly."
    )
    for data in (b"\xff\xfe\xfd", b"[" * 200_000, b"[" + b"1" * 5000 + b"]"):
        path.write_bytes(data)
        assert message(path) == f"{path} is not JSON that holds pen strokes; save it again."
    path.write_bytes(b"[]" + b" " * 1000)
    monkeypatch.setattr("inkmeans.images._strokes._MAX_JSON_BYTES", 1000)
    assert message(path) == f"{path} is larger than the limit of 1,000 bytes; split it into smaller files."
    path.write_bytes(b"")
    assert message(path) == f"{path} is empty (0 bytes); pen strokes must be JSON."
    with pytest.raises(FileError, match=r"none\.json does not exist; check the path\.$"):
        read_strokes(tmp_path / "none.json")
