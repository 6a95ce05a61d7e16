"""``inkmeans serve``: options reach the server, and it says how to get what it lacks."""

import http.client
import inspect
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inkmeans import Project
from inkmeans.cli._serve import serve_command


def test_the_defaults_are_those_of_the_server() -> None:
    serve = pytest.importorskip("inkmeans.web").serve
    parameters = inspect.signature(serve).parameters
    defaults = {option.name: option.default for option in serve_command.params}
    assert (defaults["host"], defaults["port"]) == (parameters["host"].default, parameters["port"].default)


def test_options_reach_the_server(invoke, monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    import inkmeans.web

    here = {"projects": (Path(),), "class_place": None}  # the current folder's
    called = []
    monkeypatch.setattr(inkmeans.web, "serve", lambda *args, **options: called.append((args, options)), raising=False)
    assert invoke("serve").exit_code == 0
    assert invoke("serve", "--host", "::1", "--port", 0, "--no-token", "--no-browser", "-m", model).exit_code == 0
    reader = called[1][1].pop("reader")
    assert reader.classes_.tolist() == list(range(10))  # it was fitted on numbers
    assert called == [
        (("127.0.0.1", 8017), {"token": True, "open_browser": True, "reader": None, "title": "digits", **here}),
        (("::1", 0), {"token": False, "open_browser": False, "title": "small.safetensors", **here}),
    ]
    Project.create("logs.ink", np.zeros((2, 8, 8), dtype=np.uint8)).close()
    Path("more").mkdir()
    assert invoke("serve", "logs.ink", "more").exit_code == 0
    assert called[2][1]["projects"] == (Path("logs.ink"), Path("more"))


def test_a_class_has_a_place_of_its_own(invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("fastapi")
    import inkmeans.web
    from inkmeans.web import ClassPlace

    called = []
    monkeypatch.setattr(inkmeans.web, "serve", lambda *args, **options: called.append(options), raising=False)
    assert invoke("serve", "--class").exit_code == 0
    assert invoke("serve", "--class", "--class-host", "192.168.1.20", "--class-port", 0).exit_code == 0
    assert [options["class_place"] for options in called] == [ClassPlace(None, 8018), ClassPlace("192.168.1.20", 0)]
    for option, value in (("--class-host", "192.168.1.20"), ("--class-port", 8018)):
        done = invoke("serve", option, value)
        assert (done.exit_code, done.stdout) == (2, "")
        assert f"{option} says where phones are served, and needs --class." in done.stderr
    assert len(called) == 2


def test_what_cannot_be_is_told(invoke) -> None:
    pytest.importorskip("fastapi")
    done = invoke("serve", "--host", "0.0.0.0", "--no-token", "--no-browser")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: A server at 0.0.0.0 can be reached by others and needs its token; leave --no-token out.\n"
    )
    done = invoke("serve", "gone.ink", "--no-browser")
    assert done.stderr == "Error: gone.ink does not exist; give a project file, or a folder with some.\n"
    Path("notes.txt").write_text("no project")
    done = invoke("serve", "notes.txt", "--no-browser")
    assert (done.exit_code, done.stderr) == (1, "Error: notes.txt is no project; make one with: inkmeans cluster\n")
    assert invoke("serve", "-m", "none", "--no-browser").stderr.startswith("Error: none does not exist;")


def test_a_missing_extra_is_told(tmp_path: Path) -> None:
    code = "import sys; sys.modules['fastapi'] = None\nfrom inkmeans.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        "Error: The page of inkmeans needs packages that are not installed; run: pip install 'inkmeans[web]'\n",
    )


@pytest.mark.slow  # a server as a process of its own
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_it_serves_until_ctrl_c_and_tells_of_a_broken_project(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("fastapi")
    (tmp_path / "broken.ink").write_text("not what it should be")
    command = [sys.executable, "-m", "inkmeans", "serve", "--port", "0", "--no-browser", "-m", str(model)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    assert server.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=", server.stdout.readline())
        assert found
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=30)
    finally:
        server.kill()
        server.wait()
    first, told, *rest = err.splitlines()
    assert (server.returncode, first, rest) == (130, "Press Ctrl-C to stop.", ["", "Stopped."])
    assert told.startswith("Not offered: broken.ink ") and told.endswith(".")
