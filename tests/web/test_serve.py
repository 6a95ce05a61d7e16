"""``serve``: the port, the printed address, the end by Ctrl-C, and a package without the extra."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from inkmeans.errors import InputError
from inkmeans.web import _serve, serve

START = """
from inkmeans.web import serve
try:
    serve(port=0, token={token})
except KeyboardInterrupt:
    raise SystemExit(130)
"""


BROWSER = """
import http.client, pathlib, sys
from urllib.parse import urlsplit
address = urlsplit(sys.argv[1])
lines = [sys.argv[1]]
for _ in range(2):
    connection = http.client.HTTPConnection(address.netloc, timeout=50)
    connection.request("GET", f"{address.path}?{address.query}")
    answer = connection.getresponse()
    lines.append(f"{answer.status} {answer.getheader('set-cookie')}")
part = pathlib.Path(sys.argv[2] + ".part")
part.write_text("\\n".join(lines))
part.rename(sys.argv[2])
"""


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_is_told_in_one_sentence(taken_port: int) -> None:
    with pytest.raises(InputError) as caught:
        serve(port=taken_port)
    assert str(caught.value) == (
        f"port must be free, but {taken_port} at 127.0.0.1 is used by another program; "
        "choose another with --port, or --port 0 for any."
    )


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_cannot_be_is_refused(port: int) -> None:
    with pytest.raises(InputError, match=re.escape(f"port must be from 0 to 65535; got {port}.")):
        serve(port=port)


def test_a_host_that_is_not_this_machine_is_told() -> None:
    with pytest.raises(InputError, match=r"^inkmeans cannot listen at 192\.0\.2\.1, port 8017: .+\.$"):
        serve("192.0.2.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_a_server_that_others_can_reach_needs_its_token(host: str) -> None:
    with pytest.raises(InputError) as caught:
        serve(host, token=False)
    assert (
        str(caught.value) == f"A server at {host} can be reached by others and needs its token; leave --no-token out."
    )


@pytest.mark.slow  # a server as a process of its own
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("token", [True, False])
def test_a_server_prints_its_address_and_ends_cleanly_on_ctrl_c(token: bool) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", START.format(token=token)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        found = re.fullmatch(r"inkmeans serves at http://127\.0\.0\.1:(\d+)(/(?:\?token=([\w-]{32}))?)\n", line)
        assert found, line + (server.stderr.read() if server.poll() is not None and server.stderr else "")
        assert bool(found[3]) is token
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=20)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.getheader("server") is None
        answer.read()
        server.send_signal(signal.SIGINT)  # while the connection is still open
        out, err = server.communicate(timeout=20)
        connection.close()
    finally:
        server.kill()
        server.wait()
    assert server.returncode == 130, err
    assert out == ""
    if found[3]:
        assert found[3] not in err


def test_the_browser_is_opened_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: Queue[str] = Queue()
    codes: list[dict[str, Any]] = []
    monkeypatch.setattr(_serve.webbrowser, "open", opened.put)
    monkeypatch.setattr(_serve, "create_app", lambda **settings: codes.append(settings))
    monkeypatch.setattr(_serve.uvicorn.Server, "run", lambda *_, **__: None)
    serve(port=0, open_browser=True)
    with_token = opened.get(timeout=20)
    serve(port=0, open_browser=True, token=False)
    printed = re.match(r"inkmeans serves at (http\S+/)\?token=(\S+)\n", capsys.readouterr().out)
    assert printed
    address, token = printed.groups()
    assert with_token == f"{address}?code={codes[0]['code'].text}"
    assert token == codes[0]["token"] and token not in with_token
    assert opened.get(timeout=20).endswith("/") and (codes[1]["token"], codes[1]["code"]) == (None, None)


@pytest.mark.skipif(sys.platform == "win32", reason="the browser of this test is a shell's command")
def test_a_browser_that_waits_is_answered_and_its_code_works_once(tmp_path: Path) -> None:
    browser, seen = tmp_path / "browser.py", tmp_path / "seen"
    browser.write_text(BROWSER)
    command = [sys.executable, "-c", "from inkmeans.web import serve; serve(port=0, open_browser=True)"]
    environment = os.environ | {"BROWSER": f"{sys.executable} {browser} %s {seen}"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        token = server.stdout.readline().rpartition("=")[2].strip()
        until = time.monotonic() + 60
        while not seen.exists() and time.monotonic() < until:
            time.sleep(0.05)
        server.kill()
    address, first, again = seen.read_text().splitlines()
    assert token not in address
    assert (first.split()[0], again) == ("303", "401 None")
    assert f"={token};" in first


@pytest.mark.parametrize("module", ["fastapi", "uvicorn", "python_multipart"])
def test_a_package_without_the_extra_says_how_to_get_it(module: str) -> None:
    code = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from inkmeans.errors import MissingExtraError\n"
        "try:\n    from inkmeans.web import serve\n"
        "except MissingExtraError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == (
        "The page of inkmeans needs packages that are not installed; run: pip install 'inkmeans[web]'\n"
    ), done.stderr


def test_importing_the_package_loads_no_web_framework() -> None:
    code = "import sys, inkmeans.web; print({'fastapi', 'uvicorn', 'starlette'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
