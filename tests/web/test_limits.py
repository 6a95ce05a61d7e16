"""A body that is too large is refused by its promised length, and by its real one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient

from inkmeans.web import create_app
from inkmeans.web._limits import MAX_BODY, BodyLimit

SENTENCE = "The request body must have at most 1,000 bytes; send a smaller {}."


@pytest.fixture
def small(reader: Any, ways: Any, static: Path) -> Iterator[TestClient]:
    app = create_app(reader=reader, ways=ways, static=static, max_body=1000)
    with TestClient(app, base_url="http://127.0.0.1:8017", raise_server_exceptions=False) as client:
        yield client


def chunks(many: int) -> Iterator[bytes]:
    for _ in range(many):
        yield b" " * 100


def test_the_limit_is_50_megabytes() -> None:
    assert MAX_BODY == 50_000_000


def test_a_document_may_have_4_megabytes(client: TestClient) -> None:
    for path in ("/api/v1/read", "/api/v1/drawings"):
        for media_type in ("application/json", "application/problem+JSON"):
            answer = client.post(path, content=b" " * 4_000_001, headers={"Content-Type": media_type})
            assert answer.status_code == 413
            assert answer.json()["detail"] == (
                "The request body must have at most 4,000,000 bytes; send a smaller document."
            )


@pytest.mark.parametrize("path", ["/api/v1/read", "/api/v1/drawings"])
@pytest.mark.parametrize("types", [["application/json", "multipart/form-data; boundary=x"], ["text/plain"], []])
def test_whatever_a_body_calls_itself_only_an_upload_may_have_more(
    client: TestClient, path: str, types: list[str]
) -> None:
    headers = [("Content-Type", media_type) for media_type in types]
    assert client.post(path, content=b" " * 4_000_001, headers=headers).status_code == 413


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("path", ["/api/v1/read", "/api/v1/drawings"])
def test_a_body_that_is_too_large_is_refused(small: TestClient, path: str, media_type: str) -> None:
    answer = small.post(path, content=b" " * 1001, headers={"Content-Type": media_type})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == SENTENCE.format("document" if "json" in media_type else "picture")
    assert answer.json()["instance"] == path


def test_not_one_byte_is_taken_of_a_body_that_promises_too_many() -> None:
    async def never(*_: Any) -> Any:
        raise AssertionError("the body was asked for")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-length", b"1001")]
    scope = {"type": "http", "method": "POST", "path": "/api/v1/read", "headers": headers}
    with start_blocking_portal() as portal:  # a thread of its own: a browser's tests may hold this one's event loop
        portal.call(BodyLimit(never, limit=1000), scope, never, send)
    assert sent[0]["status"] == 413


@pytest.mark.parametrize("path", ["/api/v1/read", "/api/v1/drawings"])
def test_bytes_are_counted_where_no_length_is_promised(small: TestClient, path: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = small.post(path, content=chunks(11), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["detail"] == SENTENCE.format("document")
    assert small.post(path, content=chunks(10), headers=headers).status_code == 422  # 1,000 bytes may pass


def test_bytes_of_an_upload_are_counted(small: TestClient) -> None:
    def upload() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        yield from chunks(20)
        yield b"\r\n--x--\r\n"

    answer = small.post("/api/v1/read", content=upload(), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    assert answer.json()["detail"] == SENTENCE.format("picture")


def test_the_answer_to_a_large_body_bears_the_security_headers(small: TestClient) -> None:
    answer = small.post("/api/v1/read", content=b" " * 1001, headers={"Content-Type": "application/json"})
    assert answer.headers["x-content-type-options"] == "nosniff"
