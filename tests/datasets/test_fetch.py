import hashlib
import http.server
import io
import logging
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pooch
import pytest

from inkmeans.datasets import DatasetInfo, RemoteFile, fetch
from inkmeans.datasets._registry import REGISTRY
from inkmeans.errors import FileError, InputError, MissingExtraError

CONTENT = {"a.gz": b"first file " * 20_000, "b.gz": b"second file"}


@dataclass
class Server:
    """A server that the test starts: what it gives, and what it was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=lambda: dict(CONTENT))
    asked: list[str] = field(default_factory=list)
    breaks_off: set[str] = field(default_factory=set)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    state = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.removeprefix("/sets/")
            state.asked.append(name)
            if name not in state.files:
                self.send_error(404)
                return
            data = state.files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if name in state.breaks_off else data)

        def log_message(self, *_args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        state.url = f"http://127.0.0.1:{running.server_port}/sets/"
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield state
        running.shutdown()
        thread.join()


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def tiny_set(server, monkeypatch) -> DatasetInfo:
    files = tuple(RemoteFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENT.items())
    info = DatasetInfo("tiny", "two small files", "this test", "CC0", (server.url,), files)
    monkeypatch.setitem(REGISTRY, "tiny", info)
    return info


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("INKMEANS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def left(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def message(**options) -> str:
    with pytest.raises(FileError) as caught:
        fetch("tiny", **options)
    return str(caught.value)


def test_a_good_download(server, cache, tiny_set):
    assert not tiny_set.is_here
    folder = fetch("tiny")
    assert folder == cache / "tiny"
    assert left(folder) == CONTENT
    assert server.asked == ["a.gz", "b.gz"]
    assert tiny_set.is_here


def test_a_folder_and_an_address_of_ones_own(server, tmp_path, monkeypatch, tiny_set, closed_port):
    monkeypatch.setitem(REGISTRY, "tiny", replace(tiny_set, mirrors=(f"http://127.0.0.1:{closed_port}",)))
    folder = fetch("tiny", base_url=server.url.rstrip("/"), folder=str(tmp_path / "deep" / "own"))
    assert folder == tmp_path / "deep" / "own"
    assert left(folder) == CONTENT


def test_a_second_call_sends_no_request(server):
    folder = fetch("tiny")
    server.asked.clear()
    assert fetch("tiny") == folder
    assert server.asked == []


def test_a_call_after_an_interrupted_one_fetches_the_rest(server, cache):
    (cache / "tiny").mkdir(parents=True)
    (cache / "tiny" / "a.gz").write_bytes(CONTENT["a.gz"])
    fetch("tiny")
    assert server.asked == ["b.gz"]


def test_a_damaged_file_in_the_cache_is_fetched_again(server, cache):
    fetch("tiny")
    server.asked.clear()
    (cache / "tiny" / "a.gz").write_bytes(b"damaged")
    assert left(fetch("tiny")) == CONTENT
    assert server.asked == ["a.gz"]


def test_a_wrong_hash(server, cache):
    server.files["b.gz"] = b"something else"
    assert message() == (
        f"tiny cannot be fetched: {server.url}b.gz gives a file with a wrong hash, which was thrown away; "
        "try again later, or name another mirror."
    )
    assert left(cache / "tiny") == {"a.gz": CONTENT["a.gz"]}


def test_a_file_that_the_server_does_not_have(server, cache):
    del server.files["a.gz"]
    assert message() == (
        f"tiny cannot be fetched: {server.url}a.gz answers 404; try again later, or name another mirror."
    )
    assert left(cache / "tiny") == {}


def test_a_server_that_breaks_off(server, cache):
    server.breaks_off.add("a.gz")
    assert message() == (
        f"tiny cannot be fetched: {server.url}a.gz broke off in the middle; try again later, or name another mirror."
    )
    assert left(cache / "tiny") == {}


def test_a_server_that_is_not_there(closed_port):
    url = f"http://127.0.0.1:{closed_port}"
    assert message(base_url=url) == (
        f"tiny cannot be fetched: {url}/a.gz cannot be reached; try again later, or name another mirror."
    )


@pytest.mark.parametrize("url", ["http://[", "ftp://host/", "not an address", "http://", ""])
def test_an_address_that_is_none(url):
    with pytest.raises(InputError) as caught:
        fetch("tiny", base_url=url)
    assert str(caught.value) == f"base_url must be an address such as https://host/folder/; got {url!r}."


def test_the_next_mirror_is_tried(server, cache, monkeypatch, tiny_set, closed_port):
    dead = f"http://127.0.0.1:{closed_port}/"
    monkeypatch.setitem(REGISTRY, "tiny", replace(tiny_set, mirrors=(dead, server.url)))
    assert left(fetch("tiny")) == CONTENT
    del server.files["a.gz"]
    (cache / "tiny" / "a.gz").unlink()
    assert message() == (
        f"tiny cannot be fetched: {dead}a.gz cannot be reached, and {server.url}a.gz answers 404; "
        "try again later, or name another mirror."
    )


def test_progress_rises_to_the_whole(server):
    calls = []
    fetch("tiny", progress=lambda *call: calls.append(call))
    shares = [share for _, share in calls]
    assert len(shares) > 3
    assert shares == sorted(set(shares))
    whole = [
        ("0.2 of 0.2 MB, a.gz", len(CONTENT["a.gz"]) / sum(map(len, CONTENT.values()))),
        ("0.0 of 0.0 MB, b.gz", 1.0),
    ]
    assert calls[-2:] == whole
    calls.clear()
    fetch("tiny", progress=lambda *call: calls.append(call))
    assert calls == whole


def test_an_interrupt_leaves_no_half_file(server, cache):
    def interrupt(*_call):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("tiny", progress=interrupt)
    assert left(cache / "tiny") == {}
    assert left(fetch("tiny")) == CONTENT


def test_nothing_is_printed(capfd):
    logger = pooch.get_logger()
    level, lines = logger.level, io.StringIO()
    handler = logging.StreamHandler(lines)
    logger.addHandler(handler)
    try:
        fetch("tiny")
    finally:
        logger.removeHandler(handler)
    assert lines.getvalue() == ""
    assert capfd.readouterr() == ("", "")
    assert logger.level == level


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    assert message(folder=tmp_path / "file" / "x") == (
        f"{tmp_path}/file/x cannot be made (Not a directory); give another folder."
    )


def test_an_unknown_name_and_one_that_needs_no_fetching():
    with pytest.raises(InputError) as caught:
        fetch("minst")
    assert str(caught.value) == "data set 'minst' is unknown; choose 'digits' or 'mnist' or 'tiny'."
    with pytest.raises(InputError) as caught:
        fetch("digits")
    assert str(caught.value) == "'digits' is installed with inkmeans; there is nothing to fetch."


def test_without_pooch_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(MissingExtraError) as caught:
        fetch("tiny")
    assert str(caught.value) == (
        "Fetching data sets needs packages that are not installed; run: pip install 'inkmeans[data]'"
    )


def test_the_registry_of_mnist_is_whole():
    files = REGISTRY["mnist"].files
    assert [file.name for file in files] == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in files)
    assert all(mirror.startswith("https://") and mirror.endswith("/") for mirror in REGISTRY["mnist"].mirrors)
