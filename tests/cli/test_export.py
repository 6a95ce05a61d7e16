"""``inkmeans export lesson``: the page with recorded runs in it, which are what the server would tell."""

import base64
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from inkmeans.web import create_app, find_static

TEMPLATE = '<!doctype html><title>Learn</title><script type="text/plain" id="lesson-data"></script><p>after</p>'
MISSING = (
    "Error: This build of inkmeans has no page to fill, because Node was missing when it was built; install Node "
    "20.19 or newer with npm, then build again with: pip install --force-reinstall --no-deps .\n"
)


def recorded(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="text/plain" id="lesson-data">([A-Za-z0-9+/=]+)</script>', page)
    assert found
    document: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return document


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    monkeypatch.setattr("inkmeans.web._static.find_static", lambda: folder)
    (folder / "assets").mkdir()
    (folder / "lesson.html").write_text(TEMPLATE)
    return folder


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Record few runs."""
    monkeypatch.setattr("inkmeans.lesson._recording.RECORDED_K", (3, 10))


def test_the_page_holds_what_the_server_would_tell(invoke, static: Path, few: None) -> None:
    client = pytest.importorskip("fastapi.testclient").TestClient(create_app(), base_url="http://127.0.0.1:8017")
    done = invoke("export", "lesson", "-o", "lesson.html")
    assert (done.exit_code, done.stderr) == (0, "")
    page = Path("lesson.html").read_text()
    assert done.stdout == f"lesson.html: {len(page.encode()):,} bytes, self-contained\n"
    assert page.startswith(TEMPLATE.partition("</script>")[0]) and page.endswith("<p>after</p>")
    found = recorded(page)
    api = "/api/v1/learn/sets"
    assert found["sets"] == [
        {
            **client.get(api).json()["sets"][0],
            "glyphs": [client.get(f"{api}/digits?pixels={pixels}").json() for pixels in ("raw", "normalized")],
        }
    ]
    assert found["truths"] == [client.get(f"{api}/digits/truths").json()]
    assert len(found["traces"]) == 2 * 2 * 10
    assert {trace["start"] for trace in found["traces"]} == {"k-means++", "random", "bad"}
    for trace in found["traces"][::3]:
        wanted = {key: trace[key] for key in ("set", "pixels", "k", "start", "seed")}
        told = client.post("/api/v1/learn/traces", json=wanted).json()
        assert trace == {**told, "centers": "", "positions": ""}


def test_the_extra_of_the_server_is_not_needed(static: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['fastapi'] = sys.modules['pydantic'] = None\n"
        "from inkmeans.web import _static; import pathlib; _static.find_static = lambda: pathlib.Path('static')\n"
        "from inkmeans.lesson import _recording; _recording.RECORDED_K = (3,)\n"
        "from inkmeans.cli import main; main(['export', 'lesson', '-o', 'lesson.html'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(recorded((tmp_path / "lesson.html").read_text())["traces"]) == 2 * 10


def test_a_page_that_is_there_is_replaced_only_by_force(invoke, static: Path, few: None) -> None:
    Path("lesson.html").write_text("mine")
    done = invoke("export", "lesson", "-o", "lesson.html")
    assert (done.exit_code, Path("lesson.html").read_text()) == (1, "mine")
    assert done.stderr == "Error: lesson.html already exists; choose another name, or replace it with --force.\n"
    assert invoke("export", "lesson", "-o", "lesson.html", "--force").exit_code == 0
    assert recorded(Path("lesson.html").read_text())["traces"]


def test_a_build_without_the_page_says_how_to_get_it(invoke, static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (static / "lesson.html").unlink()
    done = invoke("export", "lesson", "-o", "lesson.html")
    assert (done.exit_code, done.stderr) == (1, MISSING)
    monkeypatch.setattr("inkmeans.web._static.find_static", lambda: None)
    assert invoke("export", "lesson", "-o", "lesson.html").stderr == MISSING
    assert not Path("lesson.html").exists()


def test_a_page_without_its_place_is_told(invoke, static: Path) -> None:
    (static / "lesson.html").write_text("<p>no place</p>")
    done = invoke("export", "lesson", "-o", "lesson.html")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: The page must have one place for the recording, <script type=")


def test_export_alone_shows_what_can_be_exported(invoke) -> None:
    done = invoke("export")
    assert done.exit_code == 0
    assert "inkmeans export lesson -o lesson.html" in done.stdout
    assert invoke("export", "lesson").stderr.startswith("Error: Missing option '-o'")


@pytest.mark.slow  # records all runs
def test_the_whole_page_stays_within_four_megabytes(invoke) -> None:
    static = find_static()
    if static is None or not (static / "lesson.html").is_file():
        pytest.skip("this build has no page; build it with: npm --prefix frontend run build")
    assert invoke("export", "lesson", "-o", "lesson.html").exit_code == 0
    assert Path("lesson.html").stat().st_size <= 4_000_000
    assert len(recorded(Path("lesson.html").read_text())["traces"]) == 200
