"""Every failure is a problem document (RFC 9457) that says in one sentence what was wrong."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inkmeans.errors import ModelFileError
from inkmeans.web import create_app

ADDRESS = "http://127.0.0.1:8017"


def check_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["detail"].endswith(".")
    return problem


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v2/read", "/assets/nothing.js", "/docs"])
def test_404(client: TestClient, path: str) -> None:
    problem = check_problem(client.get(path), 404)
    assert problem["title"] == "Not Found"
    assert problem["detail"] == f"There is nothing at {path}; the interface is described at /api/v1/openapi.json."
    assert problem["instance"] == path


def test_a_person_at_a_path_that_leads_nowhere_gets_a_page(client: TestClient) -> None:
    answer = client.get("/learning", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at /learning; the page begins at /" in answer.text
    check_problem(client.get("/api/v1/nothing", headers={"Accept": "text/html"}), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/read", "POST"),
        ("DELETE", "/api/v1/models", "GET"),
        ("POST", "/", "GET"),
        ("POST", "/assets/index-abc123.js", "GET"),
    ],
)
def test_405_names_what_is_allowed(client: TestClient, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)
    problem = check_problem(answer, 405)
    assert problem["detail"] == f"{method} is not possible at {path}."
    assert allowed in answer.headers["allow"]


def test_415_names_the_types_that_can_be_read(client: TestClient) -> None:
    answer = client.post("/api/v1/read", content=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    assert check_problem(answer, 415)["detail"] == (
        "The body must be multipart/form-data with a field 'image', or application/json with 'strokes'; "
        "got application/pdf."
    )


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/v1/drawings"), ("POST", "/api/v1/lesson/readings")])
def test_415_where_only_json_is_taken(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path, content=b"name=3", headers={"Content-Type": "text/plain"})
    assert check_problem(answer, 415)["detail"] == "The body must be application/json; got text/plain."
    answer = client.request(method, path, content=b"{}")
    assert check_problem(answer, 415)["detail"] == "The body must be application/json; got no Content-Type."


def test_422_points_at_each_mistake_and_repeats_no_input(client: TestClient) -> None:
    document = {"drawings": [{"strokes": "secret", "width": "wide", "height": 1, "pen": 1}]}
    problem = check_problem(client.post("/api/v1/drawings", json=document), 422)
    assert [error["pointer"] for error in problem["errors"]] == ["#/drawings/0/strokes", "#/drawings/0/width"]
    assert problem["detail"] == (
        "The request does not fit: #/drawings/0/strokes: Input should be a valid list, and 1 more; see errors."
    )
    assert "secret" not in str(problem)


def test_422_lists_the_first_20_mistakes_only(client: TestClient) -> None:
    document = {"drawings": [{"strokes": [[["a", "b"]] * 40], "width": 1, "height": 1, "pen": 1}]}
    assert len(check_problem(client.post("/api/v1/drawings", json=document), 422)["errors"]) == 20


def test_422_where_the_body_is_no_json(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    for path in ("/api/v1/drawings", "/api/v1/read"):
        check_problem(client.post(path, content=b'{"drawings": [', headers=headers), 422)
        for nonsense in (b"\xff\xfe", b"[" * 100_000):
            answer = client.post(path, content=nonsense, headers=headers)
            assert answer.status_code in {400, 422}  # whether the text or its shape is at fault: the parser's word
            check_problem(answer, answer.status_code)


def test_a_broken_multipart_body_is_told(client: TestClient) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    check_problem(client.post("/api/v1/read", content=b"--x\r\nnonsense", headers=headers), 422)
    check_problem(client.post("/api/v1/read", content=b"", headers={"Content-Type": "multipart/form-data"}), 400)


class Broken:
    """A reader that fails as no reader should."""

    centers: tuple[()] = ()

    @property
    def center_names(self) -> list[str]:
        raise RuntimeError("a secret of the inside")


def test_500_tells_nothing_of_the_inside(ways: Any, static: Path) -> None:
    app = create_app(reader=Broken(), ways=ways, static=static)  # type: ignore[arg-type]
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/models")
    problem = check_problem(answer, 500)
    assert problem["detail"] == "The server failed in a way that was not foreseen; its terminal shows where."
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


def test_503_says_why_there_is_no_model(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise ModelFileError("digits.safetensors: the header is cut short; install inkmeans again.")

    monkeypatch.setattr("inkmeans.web._models.load", fail)
    app = create_app(static=static)
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        problem = check_problem(client.get("/api/v1/models"), 503)
        assert problem["detail"] == "digits.safetensors: the header is cut short; install inkmeans again."
        problem = check_problem(client.get("/readyz"), 503)
        assert problem["detail"] == "digits.safetensors: the header is cut short; install inkmeans again."
