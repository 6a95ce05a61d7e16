"""The sets that k-means can be watched on, and the traces of its runs, as documents."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient

from inkmeans import KMeans, Project
from inkmeans.datasets import load_digits
from inkmeans.lesson import Abandoned, LearnSets
from inkmeans.normalize import normalize
from inkmeans.web import create_app


def numbers(text: str, dtype: str, *shape: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype=dtype).reshape(shape)


def run(client: TestClient, **request: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/learn/traces", json={"set": "digits", "pixels": "raw", "k": 10, **request})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_the_digits_are_there(client: TestClient) -> None:
    sets = client.get("/api/v1/learn/sets").json()["sets"]
    assert sets[0] == {
        "set": "digits",
        "title": "scikit-learn's digits",
        "kind": "builtin",
        "n_glyphs": 1797,
        "pixels": ["raw", "normalized"],
        "has_truths": True,
    }


def test_a_set_shows_its_images_where_they_lie_in_the_plane(client: TestClient) -> None:
    digits = load_digits().images.astype(np.uint8)
    for pixels, images, ink_max in (("raw", digits, 16), ("normalized", normalize(digits).glyphs, 255)):
        shown = client.get(f"/api/v1/learn/sets/digits?pixels={pixels}").json()
        assert (shown["n_glyphs"], shown["n_marks"], shown["ink_max"]) == (1797, 1797, ink_max)
        np.testing.assert_array_equal(numbers(shown["rows"], "<i4", 1797), np.arange(1797))
        np.testing.assert_array_equal(numbers(shown["pictures"], "u1", 1797, shown["height"], shown["width"]), images)
        X = images.reshape(1797, -1) - images.reshape(1797, -1).mean(axis=0)
        _, spread, axes = np.linalg.svd(X, full_matrices=False)
        positions = numbers(shown["positions"], "<f4", 1797, 2)
        for i in range(2):
            along = X @ axes[i]
            assert min(abs(positions[:, i] - along).max(), abs(positions[:, i] + along).max()) < 1e-3 * spread[0]
        assert shown["explained"] == pytest.approx((spread[:2] ** 2 / (spread**2).sum()).tolist(), rel=1e-4)


def test_truths_are_told_apart(client: TestClient) -> None:
    truths = client.get("/api/v1/learn/sets/digits/truths").json()
    assert truths == {"set": "digits", "truths": load_digits().truths.tolist()}
    assert "truths" not in client.get("/api/v1/learn/sets/digits?pixels=raw").json()


def test_a_trace_ends_in_what_kmeans_finds(client: TestClient) -> None:
    found = run(client, seed=5)
    X = load_digits().images.reshape(1797, -1)
    model = KMeans(10, random_state=5).fit(X)
    last = found["steps"][-1]
    assert (last["half"], last["inertia"], found["n_iter"]) == ("assignment", model.inertia_, model.n_iter_)
    n_labelings = 1 + max(step["labeling"] for step in found["steps"][1:])
    n_centerings = 1 + max(step["centering"] for step in found["steps"])
    labels = numbers(found["labels"], "u1", n_labelings, 1797)
    np.testing.assert_array_equal(labels[last["labeling"]], model.labels_)
    centers = numbers(found["centers"], "<u2", n_centerings, 10, 64) * found["centers_scale"]
    np.testing.assert_allclose(centers[last["centering"]], model.cluster_centers_, atol=found["centers_scale"])
    assert numbers(found["positions"], "<f4", n_centerings, 10, 2).shape == (n_centerings, 10, 2)
    assert found["steps"][0]["inertia"] is None
    assert sum(last["counts"]) == 1797


def test_a_start_by_hand_takes_the_rows_that_were_picked(client: TestClient) -> None:
    found = run(client, k=3, start="hand", rows=[3, 17, 99])
    assert found["initial_rows"] == [3, 17, 99]
    model = KMeans(3, init=load_digits().images.reshape(1797, -1)[[3, 17, 99]]).fit(
        load_digits().images.reshape(1797, -1)
    )
    assert found["steps"][-1]["inertia"] == model.inertia_


@pytest.mark.parametrize("start", ["random", "bad"])
def test_the_other_starts_are_drawn_by_the_seed(client: TestClient, start: str) -> None:
    one, two, other = (run(client, start=start, seed=seed)["initial_rows"] for seed in (1, 1, 2))
    assert one == two != other


@pytest.mark.parametrize("path", ["", "/truths"])
def test_a_set_that_is_not_there_is_404(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/v1/learn/sets/letters{path}?pixels=raw")
    assert answer.status_code == 404
    detail = "There is no set 'letters'; GET /api/v1/learn/sets lists those that there are."
    assert answer.json()["detail"] == detail
    answer = client.get(f"/api/v1/learn/sets/drawings-12{path}?pixels=normalized")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "This server no longer has these drawings; send them again."


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"k": 1}, "The request does not fit: #/k: Input should be greater than or equal to 2."),
        ({"k": 101}, "The request does not fit: #/k: Input should be less than or equal to 100."),
        ({"k": 2, "start": "hand", "rows": [1]}, "The start 'hand' needs as many rows as clusters, 2; got 1."),
        (
            {"k": 2, "start": "hand", "rows": [1, 1797]},
            "Each row must be from 0 to 1796, the number of an image; got 1797.",
        ),
        (
            {"k": 2, "start": "hand", "rows": [1, 2**70]},
            "Each row must be from 0 to 1796, the number of an image; got 1180591620717411303424.",
        ),
        ({"rows": [1]}, "rows are picked for the start 'hand' only, and this start is 'k-means++'; leave them out."),
        (
            {"pixels": "round"},
            "The request does not fit: #/pixels: Input should be 'raw' or 'normalized'.",
        ),
    ],
)
def test_a_trace_that_cannot_be_run_is_422(client: TestClient, request_: dict[str, Any], sentence: str) -> None:
    answer = client.post("/api/v1/learn/traces", json={"set": "digits", "pixels": "raw", "k": 10, **request_})
    assert answer.status_code == 422
    assert answer.json()["detail"] == sentence


@pytest.mark.parametrize("view", ["/", "/draw", "/read", "/name", "/learn"])
def test_each_view_has_an_address(client: TestClient, view: str) -> None:
    answer = client.get(f"{view}?set=digits&k=10")
    assert answer.status_code == 200
    assert "the page" in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_own_drawings_become_a_set(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawings = [
        {"strokes": strokes[name], "width": 280, "height": 280, "pen": pen, "truth": name}
        for name in "017"
        for pen in (16, 18, 20)
    ]
    answer = client.post("/api/v1/learn/sets", json={"title": "mine", "drawings": drawings})
    assert answer.status_code == 200
    made = answer.json()
    assert (made["title"], made["kind"], made["n_glyphs"], made["has_truths"]) == ("mine", "drawings", 9, True)
    assert made["pixels"] == ["raw", "normalized"]
    assert made in client.get("/api/v1/learn/sets").json()["sets"]
    assert client.post("/api/v1/learn/sets", json={"title": "mine", "drawings": drawings}).json() == made
    shown = client.get(f"/api/v1/learn/sets/{made['set']}?pixels=raw").json()
    assert (shown["n_marks"], shown["height"], shown["width"], shown["ink_max"]) == (9, 8, 8, 255)
    assert client.get(f"/api/v1/learn/sets/{made['set']}/truths").json()["truths"] == list("000111777")
    found = run(client, set=made["set"], pixels="normalized", k=3)
    assert sorted(found["steps"][-1]["counts"]) == [3, 3, 3]
    answer = client.post("/api/v1/learn/traces", json={"set": made["set"], "pixels": "normalized", "k": 10})
    assert answer.status_code == 422
    assert answer.json()["detail"] == "k must be no more than the number of images, 9; got 10."


@pytest.mark.slow  # hundreds of drawings are painted
def test_hundreds_of_drawings_can_be_a_set(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawing = {"strokes": strokes["7"], "width": 280, "height": 280, "pen": 18}
    made = client.post("/api/v1/learn/sets", json={"title": "sevens", "drawings": [drawing] * 400}).json()
    assert made["n_glyphs"] == 400


def test_drawings_of_unknown_truth_have_no_truths(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawing = {"strokes": strokes["7"], "width": 280, "height": 280, "pen": 18}
    made = client.post("/api/v1/learn/sets", json={"title": "sevens", "drawings": [drawing] * 3}).json()
    assert made["has_truths"] is False
    answer = client.get(f"/api/v1/learn/sets/{made['set']}/truths")
    assert (answer.status_code, answer.json()["detail"]) == (404, "The set 'sevens' has no truths.")


def test_drawings_that_cannot_be_a_set_are_refused(client: TestClient, strokes: dict[str, list[Any]]) -> None:
    blank = {"strokes": [], "width": 280, "height": 280, "pen": 18}

    def post(*drawings: dict[str, Any]) -> tuple[int, str]:
        answer = client.post("/api/v1/learn/sets", json={"title": "mine", "drawings": drawings})
        return answer.status_code, answer.json()["detail"]

    sentence = "None of the drawings shows a character; draw some larger, with more ink."
    assert post(blank) == (422, sentence)
    large = {**blank, "width": 4096, "height": 4096}
    assert post(*[large] * 5)[0] == 413
    assert post() == (
        422,
        "The request does not fit: #/drawings: List should have at least 1 item after validation, not 0.",
    )
    assert post(*[blank] * 1001)[0] == 422


def test_drawings_that_are_much_enlarged_count_as_large(client: TestClient) -> None:
    zigzag = {"strokes": [[[0.5, 0], [0.5, 1]] * 4000], "width": 1, "height": 1, "pen": 0.5}
    answer = client.post("/api/v1/learn/sets", json={"title": "mine", "drawings": [zigzag] * 4})
    assert answer.status_code == 413
    assert "rows of fine pixels" in answer.json()["detail"]


def test_traces_that_wait_for_their_turn_hold_up_nothing_else(
    reader: Any, ways: Any, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets, go_on, running = LearnSets(), Event(), []
    monkeypatch.setattr("inkmeans.web._waiting._ASKED_EVERY", 0.01)

    def slow(*_: Any, **__: Any) -> None:
        running.append(1)
        assert go_on.wait(30)
        raise Abandoned

    monkeypatch.setattr(sets, "trace", slow)
    app = create_app(reader=reader, ways=ways, static=static, sets=sets)
    url, wanted = "http://127.0.0.1:8017/api/v1/learn", {"set": "digits", "pixels": "raw", "k": 10}

    async def ask() -> None:
        async with AsyncClient(transport=ASGITransport(app)) as client:
            traces = [asyncio.create_task(client.post(f"{url}/traces", json=wanted)) for _ in range(50)]
            while not running:
                await asyncio.sleep(0.01)
            try:
                listed = await asyncio.wait_for(client.get(f"{url}/sets"), 10)
                assert (listed.status_code, len(running)) == (200, 1)
            finally:
                go_on.set()
                await asyncio.gather(*traces)

    asyncio.run(ask())


def test_projects_are_sets_and_one_that_cannot_be_used_is_told(
    tmp_path: Path, reader: Any, ways: Any, static: Path
) -> None:
    digits = load_digits()
    images = digits.images[:30].astype(np.uint8)
    Project.create(tmp_path / "logs.ink", images, truths=digits.truths[:30].tolist(), ink="bright").close()
    (tmp_path / "broken.ink").write_bytes(b"SQLite format 3\0 and no more")
    app = create_app(reader=reader, ways=ways, static=static, sets=LearnSets([tmp_path]))
    with TestClient(app, base_url="http://127.0.0.1:8017", raise_server_exceptions=False) as client:
        listed = client.get("/api/v1/learn/sets").json()
        _, project = listed["sets"]
        assert (project["title"], project["kind"], project["n_glyphs"]) == ("logs", "project", 30)
        assert len(listed["problems"]) == 1 and "broken.ink" in listed["problems"][0]
        assert run(client, set=project["set"], pixels="normalized", k=5)["k"] == 5
        answer = client.get(f"/api/v1/learn/sets/{project['set']}?pixels=raw")
        assert answer.status_code == 422
        assert answer.json()["detail"] == "pixels must be 'normalized' for the set 'logs'; got 'raw'."
        (tmp_path / "logs.ink").write_bytes((tmp_path / "broken.ink").read_bytes())
        answer = client.get(f"/api/v1/learn/sets/{project['set']}?pixels=normalized")
        assert answer.status_code == 422
        assert "logs.ink" in answer.json()["detail"]


@pytest.mark.parametrize("ending", ["who asked for it is gone", "the server ends"])
def test_a_run_ends_when_nobody_will_get_it(
    ending: str, reader: Any, ways: Any, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkmeans.web._waiting._ASKED_EVERY", 0.01)
    sets = LearnSets()
    app = create_app(reader=reader, ways=ways, static=static, sets=sets)
    was_told: list[bool] = []
    running = Event()

    def endless(*_: Any, is_wanted: Callable[[], bool], **__: Any) -> None:
        running.set()
        for _ in range(1000):
            if not is_wanted():
                was_told.append(True)
                raise Abandoned
            time.sleep(0.01)

    monkeypatch.setattr(sets, "trace", endless)
    body = json.dumps({"set": "digits", "pixels": "raw", "k": 10}).encode()
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if ending == "the server ends" and running.is_set():
            await asyncio.sleep(30)
        return next(messages, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8017"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/learn/traces", "raw_path": b"/api/v1/learn/traces",
             "query_string": b"", "headers": headers, "scheme": "http", "server": ("127.0.0.1", 8017),
             "client": ("127.0.0.1", 1), "http_version": "1.1", "asgi": {"version": "3.0"}, "root_path": ""}  # fmt: skip

    async def ask() -> None:
        task = asyncio.create_task(app(scope, receive, send))
        if ending == "the server ends":
            assert await asyncio.to_thread(running.wait, 10)
            task.cancel()
        await task
        while not was_told:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(ask(), 30))
    assert sent[0]["status"] == 503
    assert json.loads(sent[1]["body"])["detail"] == f"This was not finished, because {ending}."
