"""The sets that k-means can be watched on, and the traces of its runs, as documents."""

import base64
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from inkmeans import KMeans
from inkmeans.datasets import load_digits
from inkmeans.normalize import normalize


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
