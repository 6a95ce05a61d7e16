"""``inkmeans datasets``: listing, and fetching from a server of the test's own."""

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from inkmeans.datasets import DatasetInfo, RemoteFile, _registry


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "part.gz").write_bytes(b"some bytes")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}/"
        http.shutdown()
        thread.join()


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"some bytes").hexdigest()
    info = DatasetInfo("tiny", "a tiny set", "nobody", "CC0", (), (RemoteFile("part.gz", 10, digest),))
    monkeypatch.setitem(_registry.REGISTRY, "tiny", info)


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, invoke) -> Path:
    monkeypatch.setenv("INKMEANS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_list_says_what_is_here(invoke, cache: Path) -> None:
    done = invoke("datasets", "list")
    lines = done.stdout.splitlines()
    assert lines[0].split()[:2] == ["digits", "here"]
    assert lines[1].startswith("mnist   11.6 MB to fetch  70,000 digits")
    found = json.loads(invoke("datasets", "list", "--json").stdout)["datasets"]
    assert [(each["name"], each["here"], each["bytes"]) for each in found] == [
        ("digits", True, 0),
        ("mnist", False, 11_594_722),
    ]


def test_a_set_is_fetched_once_and_its_folder_printed(invoke, tiny: None, cache: Path, server: str) -> None:
    pytest.importorskip("pooch")
    done = invoke("datasets", "fetch", "tiny", "--url", server)
    assert (done.exit_code, done.stdout, done.stderr) == (0, f"{cache / 'tiny'}\n", "")
    assert (cache / "tiny" / "part.gz").read_bytes() == b"some bytes"
    assert invoke("datasets", "fetch", "tiny", "--url", "http://127.0.0.1:9/").exit_code == 0  # nothing is asked


def test_a_set_may_go_to_a_folder(invoke, tiny: None, server: str) -> None:
    pytest.importorskip("pooch")
    done = invoke("datasets", "fetch", "tiny", "--url", server, "--folder", "here")
    assert done.stdout == "here\n"
    assert Path("here/part.gz").is_file()


def test_what_cannot_be_fetched_is_told(invoke, tiny: None, cache: Path, server: str) -> None:
    pytest.importorskip("pooch")
    done = invoke("datasets", "fetch", "minst")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: data set 'minst' is unknown; choose 'digits' or 'mnist'")
    done = invoke("datasets", "fetch", "digits")
    assert done.stderr == "Error: 'digits' is installed with inkmeans; there is nothing to fetch.\n"
    done = invoke("datasets", "fetch", "tiny", "--url", f"{server}none/")
    assert done.stderr.startswith(f"Error: tiny cannot be fetched: {server}none/part.gz answers 404")
    assert done.stderr.count("\n") == 1


def test_a_mistyped_word_is_told(invoke) -> None:
    done = invoke("datasets", "fetsch")
    told = "Error: There is no command 'fetsch'. Did you mean 'fetch'?\nHelp: inkmeans datasets --help\n"
    assert (done.exit_code, done.stderr) == (2, told)
