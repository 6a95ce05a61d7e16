"""How the built page is handed out, and what is said where there is none."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inkmeans.web import create_app

SENTENCE = (
    "This build of inkmeans has no page because Node was missing when it was built; "
    "install Node 20.19 or newer with npm, then build again with: pip install --force-reinstall --no-deps '.[web]'"
)


@pytest.fixture
def bare(reader: Any, ways: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server whose package was built without Node."""
    monkeypatch.setattr("inkmeans.web._app.find_static", lambda: None)
    app = create_app(reader=reader, ways=ways)
    with TestClient(app, base_url="http://127.0.0.1:8017", raise_server_exceptions=False) as client:
        yield client


def test_the_page_is_asked_for_anew_each_time(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert client.head("/").status_code == 200
    assert client.get("/favicon.svg").headers["content-type"].startswith("image/svg+xml")


def test_files_named_by_their_content_are_kept_for_good(client: TestClient) -> None:
    answer = client.get("/assets/index-abc123.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")


def test_the_pages_files_travel_compressed(client: TestClient, static: Path) -> None:
    script = "export const words = 1;" * 200
    (static / "assets" / "long-abc123.js").write_text(script)
    answer = client.get("/assets/long-abc123.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert int(answer.headers["content-length"]) < len(script) / 10
    assert answer.text == script
    plain = client.get("/assets/long-abc123.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("up", ["../..", "%2e%2e/%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e"])
def test_no_path_leads_out_of_the_pages_folder(client: TestClient, up: str) -> None:
    assert client.get(f"/assets/{up}/secret.txt").status_code == 404


def test_a_build_without_the_page_says_how_to_get_it(bare: TestClient) -> None:
    answer = bare.get("/")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == SENTENCE
    answer = bare.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "install Node 20.19 or newer with npm" in answer.text


def test_a_build_without_the_page_still_reads(bare: TestClient, strokes: dict[str, list[Any]]) -> None:
    drawing = {"strokes": strokes["7"], "width": 280, "height": 280, "pen": 18}
    assert bare.post("/api/v1/read", json=drawing).json()["text"] == "7"


def test_the_built_page_asks_no_other_host() -> None:
    from inkmeans.web._static import find_static

    static = find_static()
    if static is None:
        pytest.skip("this build has no page; build it with: npm --prefix frontend run build")
    for file in [static / "index.html", *Path(static / "assets").iterdir()]:
        if file.suffix == ".woff2":
            continue
        text = file.read_text(encoding="utf-8")
        addresses = set(re.findall(r"https?://[^\s\"'`)<]+", text))
        # Names of XML dialects, and Svelte's explanations of its own errors; nothing of them is ever loaded.
        assert {a for a in addresses if not a.startswith(("http://www.w3.org/", "https://svelte.dev/e/"))} == set()
        assert "<script>" not in text or file.suffix == ".js"
