"""Reading pictures and drawings through the JSON interface."""

import asyncio
import base64
import io
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from inkmeans import images
from inkmeans.images import rasterize, read_strokes
from inkmeans.web import _routes_read


def draw(strokes: list[Any]) -> dict[str, Any]:
    return {"strokes": strokes, "width": 280, "height": 280, "pen": 18}


def png(strokes: list[Any]) -> bytes:
    """Return a drawing as dark ink on white paper."""
    file = io.BytesIO()
    Image.fromarray(255 - rasterize(read_strokes(draw(strokes))[0])).save(file, "PNG")
    return file.getvalue()


def test_each_drawing_is_read(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    answer = client.post("/api/v1/drawings", json={"drawings": [draw(strokes[name]) for name in "017"]})
    assert answer.status_code == 200
    read = answer.json()["drawings"]
    assert [item["reading"]["text"] for item in read] == ["0", "1", "7"]
    assert [item["reading"]["cluster"] for item in read] == [0, 1, 2]
    assert [item["verdict"] for item in read] == ["glyph"] * 3


def test_a_drawing_tells_what_the_model_sees_and_the_nearest_centers(
    client: TestClient, strokes: dict[str, list[Any]]
) -> None:
    [item] = client.post("/api/v1/drawings", json={"drawings": [draw(strokes["7"])]}).json()["drawings"]
    glyph = np.frombuffer(base64.b64decode(item["glyph"]), dtype=np.uint8)
    assert glyph.shape == (784,)
    assert glyph.max() == 255
    reading = item["reading"]
    assert set(reading) == {"text", "confidence", "rejected", "alternatives", "cluster", "nearest"}
    assert not reading["rejected"]
    assert reading["alternatives"][0][0] == "7"
    assert len(reading["nearest"]) == 3
    distances = [near["distance"] for near in reading["nearest"]]
    assert distances == sorted(distances)
    assert reading["nearest"][0]["cluster"] == reading["cluster"] == 2
    assert len(base64.b64decode(reading["nearest"][0]["picture"])) == 784


def test_a_blank_drawing_is_rejected_and_falls_into_no_cluster(client: TestClient) -> None:
    [item] = client.post("/api/v1/drawings", json={"drawings": [draw([])]}).json()["drawings"]
    assert item["verdict"] == "blank"
    reading = item["reading"]
    assert reading["text"] == "?"
    assert reading["rejected"]
    assert reading["confidence"] == 0
    assert reading["cluster"] is None
    assert reading["nearest"] == []


def test_the_reading_of_a_drawing_does_not_depend_on_the_others(
    client: TestClient, strokes: dict[str, list[Any]]
) -> None:
    alone = client.post("/api/v1/drawings", json={"drawings": [draw(strokes["7"])]}).json()["drawings"]
    among = client.post("/api/v1/drawings", json={"drawings": [draw(strokes[name]) for name in ["", "0", "7"]]}).json()
    assert among["drawings"][2] == alone[0]


@pytest.mark.parametrize("name", ["0", "1", "7"])
def test_an_uploaded_picture_is_read(client: TestClient, strokes: dict[str, list[Any]], name: str) -> None:
    answer = client.post("/api/v1/read", files={"image": ("digit.png", png(strokes[name]), "image/png")})
    assert answer.status_code == 200
    reading = answer.json()
    assert set(reading) == {"text", "confidence", "rejected", "box", "glyphs", "alternatives"}
    assert reading["text"] == name
    assert len(reading["glyphs"]) == 1


def test_strokes_are_read_as_a_picture(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    reading = client.post("/api/v1/read", json=draw(strokes["0"])).json()
    assert reading["text"] == "0"
    assert not reading["rejected"]


def test_the_kind_of_a_picture_is_told_by_its_bytes(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    answer = client.post("/api/v1/read", files={"image": ("digit.txt", png(strokes["1"]), "text/plain")})
    assert answer.json()["text"] == "1"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the picture is empty (0 bytes); a picture must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM."),
        (
            b"hello, this is text",
            "the picture is of no kind that can be read; it must be PNG, JPEG, TIFF, WebP, BMP, GIF or PPM.",
        ),
    ],
)
def test_what_is_no_picture_is_told_in_a_sentence(client: TestClient, content: bytes, sentence: str) -> None:
    answer = client.post("/api/v1/read", files={"image": ("digit.png", content, "image/png")})
    assert answer.status_code == 422
    assert answer.json()["detail"] == sentence


def test_a_truncated_picture_is_told_in_a_sentence(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    answer = client.post("/api/v1/read", files={"image": ("digit.png", png(strokes["1"])[:120], "image/png")})
    assert answer.status_code == 422
    assert "damaged or cut short" in answer.json()["detail"]


def test_an_upload_without_a_picture_names_the_field(client: TestClient) -> None:
    for request in ({"files": {"photo": ("a.png", b"x")}}, {"data": {"image": "text"}, "files": {"a": ("a", b"x")}}):
        answer = client.post("/api/v1/read", **request)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"pointer": "#/image", "detail": "A file is required"}]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"width": 0}, "#/drawings/0/width"),
        ({"width": 5000}, "#/drawings/0/width"),
        ({"height": 2.5}, "#/drawings/0/height"),
        ({"pen": 0}, "#/drawings/0/pen"),
        ({"pen": None}, "#/drawings/0/pen"),
        ({"strokes": [[]]}, "#/drawings/0/strokes/0"),
        ({"strokes": [[[1, 2, 3]]]}, "#/drawings/0/strokes/0/0"),
        ({"strokes": [[["a", 2]]]}, "#/drawings/0/strokes/0/0/0"),
        ({"strokes": [[[1e9, 2]]]}, "#/drawings/0/strokes/0/0/0"),
        ({"strokes": [[[1, 2]]] * 257}, "#/drawings/0/strokes"),
        ({"color": "red"}, "#/drawings/0/color"),
    ],
)
def test_a_drawing_that_does_not_fit_is_told_where(client: TestClient, change: dict[str, Any], pointer: str) -> None:
    answer = client.post("/api/v1/drawings", json={"drawings": [draw([[[1, 2]]]) | change]})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(client: TestClient, number: str) -> None:
    body = '{"drawings": [{"strokes": [[[1, %s]]], "width": 9, "height": 9, "pen": 1}]}' % number  # noqa: UP031
    answer = client.post("/api/v1/drawings", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/drawings/0/strokes/0/0/1"


@pytest.mark.parametrize("many", [0, 17])
def test_a_request_holds_1_to_16_drawings(client: TestClient, many: int) -> None:
    answer = client.post("/api/v1/drawings", json={"drawings": [draw([])] * many})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/drawings"


def zigzag(many: int, height: int) -> list[Any]:
    """Return one stroke of as many segments, each of which crosses `height` rows of pixels."""
    return [[[x % height, x % 2 * (height - 1)] for x in range(many + 1)]]


BLANK = {"strokes": [], "width": 4096, "height": 4096, "pen": 1}
DOTS = {**BLANK, "width": 280, "height": 280, "strokes": [[[9, 9]] * 10_000] * 3}
SMALL = {**BLANK, "width": 256, "height": 256, "strokes": zigzag(62, 256)}  # 8 fine rows in a row of pixels
TALL = {**BLANK, "width": 2048, "height": 2048, "strokes": zigzag(250, 2048)}  # 1


@pytest.mark.parametrize(
    ("drawings", "told"),
    [
        ([BLANK, BLANK], "16,777,216 pixels in all, and this one has 33,554,432; send fewer drawings, or smaller"),
        ([DOTS] * 4, "100,000 points in all, and this one has 120,000; send fewer drawings, or fewer points"),
        (
            [SMALL] * 16,
            "2,000,000 rows of fine pixels crossed by strokes in all, and this one has 2,031,616; send fewer drawings, "
            "or fewer points of each stroke.",
        ),
        ([TALL] * 4, "2,000,000 rows of fine pixels crossed by strokes in all, and this one has 2,048,000; send fewer"),
    ],
    ids=["pixels", "points", "rows of small boxes", "rows of large boxes"],
)
def test_drawings_that_would_take_too_long_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, drawings: list[Any], told: str
) -> None:
    monkeypatch.setattr(images, "rasterize", None)  # refused before anything is painted
    answer = client.post("/api/v1/drawings", json={"drawings": drawings})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(f"A request may have at most {told}")


def test_one_drawing_that_would_take_too_long_is_refused(client: TestClient) -> None:
    for many in (500, 5000):
        assert client.post("/api/v1/read", json={**BLANK, "strokes": zigzag(many, 4096)}).status_code == 413


@pytest.mark.slow  # as much as may be
def test_as_much_as_a_request_may_have_is_read(client: TestClient) -> None:
    answer = client.post("/api/v1/drawings", json={"drawings": [{**BLANK, "strokes": zigzag(488, 4096)}]})
    assert answer.status_code == 200


def test_a_document_is_parsed_beside_the_event_loop(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = _routes_read.parse_body

    def parse_elsewhere(model: Any, body: bytes) -> Any:
        with pytest.raises(RuntimeError, match="no running event loop"):
            asyncio.get_running_loop()
        return parse(model, body)

    monkeypatch.setattr(_routes_read, "parse_body", parse_elsewhere)
    assert client.post("/api/v1/read", json=draw([[[1, 2]]])).status_code == 200


def test_json_strokes_that_do_not_fit_are_told_where(client: TestClient) -> None:
    answer = client.post("/api/v1/read", json={"strokes": [], "width": 10, "height": 10})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "#/pen", "detail": "Field required"}]
