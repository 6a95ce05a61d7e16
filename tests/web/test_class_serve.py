"""``serve --class``: two ports, what is printed, the end of both; and what strangers may do to the phones' port."""

import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import pytest

from inkmeans.errors import InputError
from inkmeans.lesson import ClassRoom
from inkmeans.web import ClassPlace, _class_serve, _phone_protocol, serve
from inkmeans.web._class import SchoolClass, qr_rows
from inkmeans.web._class_serve import other_addresses, own_address, phones_served, qr_text, reach
from inkmeans.web._listen import listen

CODE = "k7m4q2"
DIGIT = json.loads((Path(__file__).parents[2] / "examples" / "drawings.json").read_text())["drawings"][1]
DIGIT.pop("truth")
REACH = (
    "For the phones, this machine listens at 127.0.0.1, port {port}, in the room's network, unencrypted: everyone in that "
    "network who knows the code can add drawings; whoever listens in can see the drawings that are sent; nothing else of "
    "this machine can be reached there. The drawings are deleted at the end unless you keep them."
)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("port", [0, -1])
def test_a_port_in_use_is_told_before_anything_is_printed(
    taken_port: int, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError) as caught:
        serve(port=0, class_place=ClassPlace("127.0.0.1", port or taken_port))
    assert str(caught.value) == (
        "class-port must be from 0 to 65535; got -1."
        if port
        else f"class-port must be free, but {taken_port} at 127.0.0.1 is used by another program; "
        "choose another with --class-port, or --class-port 0 for any."
    )
    assert capsys.readouterr() == ("", "")


def test_an_address_that_is_not_this_machines_is_told() -> None:
    remedy = "give an address of this machine with --class-host"
    with pytest.raises(InputError, match=rf"^inkmeans cannot listen at 198\.51\.100\.7, port 0: .+; {remedy}\.$"):
        serve(port=0, class_place=ClassPlace("198.51.100.7", 0))


class NoWay(socket.socket):
    """A socket of a machine in no network."""

    def connect(self, address: Any) -> None:
        raise OSError(101, "Network is unreachable")


def test_a_machine_in_no_network_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(_class_serve.socket, "socket", NoWay)
    with pytest.raises(InputError) as caught:
        own_address()
    assert str(caught.value) == (
        "The phones' server needs the address of the room's network, and this machine seems to be in none; "
        "connect it, or name its address with --class-host."
    )


def test_the_likely_address_is_found_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Way(socket.socket):
        def connect(self, address: Any) -> None:
            asked.append((self.type, address))

        def getsockname(self) -> Any:
            return ("127.0.0.1" if len(asked) == 1 else "192.168.1.20", 40000)

    monkeypatch.setattr(_class_serve.socket, "socket", Way)
    assert own_address() == "192.168.1.20"  # the first way leads nowhere but to the machine itself
    assert [kind for kind, _ in asked] == [socket.SOCK_DGRAM] * 2  # of which connect sends nothing
    assert "192.168.1.20" not in other_addresses("192.168.1.20")


def test_the_qr_code_is_black_on_white_whatever_the_terminals_colors() -> None:
    text = "http://192.168.1.20:8018/k7m4q2"
    lines = qr_text(text).splitlines()
    assert all(line.startswith("\x1b[30;107m") and line.endswith("\x1b[0m") for line in lines)
    rows: list[str] = []
    for line in lines:
        blocks = line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m")
        rows += ["".join("1" if block in "▀█" else "0" for block in blocks)]
        rows += ["".join("1" if block in "▄█" else "0" for block in blocks)]
    expected = qr_rows(text)
    assert [row[4:-4] for row in rows[4 : 4 + len(expected)]] == expected
    border = [*rows[:4], *rows[4 + len(expected) :], *(row[:4] + row[-4:] for row in rows)]
    assert "1" not in "".join(border) and len(rows) >= len(expected) + 8


@pytest.mark.parametrize("is_terminal", [False, True])
def test_what_is_printed(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from inkmeans.web import _serve

    opened: list[str] = []
    monkeypatch.setattr(_serve.webbrowser, "open", opened.append)
    monkeypatch.setattr(_serve, "create_app", lambda **_: None)
    monkeypatch.setattr(_serve.uvicorn.Server, "run", lambda *_, **__: None)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)
    serve(port=0, open_browser=True, projects=[tmp_path], class_place=ClassPlace("127.0.0.1", 0))
    first, second, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("inkmeans serves at http://127.0.0.1:")
    found = re.fullmatch(r"Phones open http://127\.0\.0\.1:(\d+)/(\w{6})", second)
    assert found
    assert rest[-1] == REACH.format(port=found[1])
    assert rest[:-1] == (qr_text(second.removeprefix("Phones open ")).splitlines() if is_terminal else [])
    until = time.monotonic() + 10
    while not opened and time.monotonic() < until:
        time.sleep(0.01)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/class\?code=\S+", opened[0])


def test_all_networks_are_said_to_be_all() -> None:
    assert reach("in all its networks", 8018).startswith(
        "For the phones, this machine listens in all its networks, port 8018, in the room's network, unencrypted:"
    )


# --- real sockets -----------------------------------------------------------------------------------------------------


@pytest.fixture
def served(sets: Any) -> Iterator[tuple[SchoolClass, int]]:
    """The phones' server as `serve` runs it, at a port of this machine."""
    with closing(listen("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        school_class = SchoolClass(ClassRoom(sets), f"http://127.0.0.1:{port}", CODE, "Who can reach what.")
        with phones_served(school_class, listener, "127.0.0.1"):
            yield school_class, port


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What the phones' server writes into the terminal."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    log = logging.getLogger("inkmeans.phones")
    log.addHandler(handler)
    yield records
    log.removeHandler(handler)


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    data = None if body is None else json.dumps(body)
    connection.request(method, path, data, {"Content-Type": "application/json", **headers} if data else headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def read_to_end(connection: socket.socket, seconds: float = 10) -> bytes:
    """Return what comes until the server closes; "still open" where it does not."""
    connection.settimeout(seconds)
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except TimeoutError:
        return received + b"still open"
    except ConnectionError:
        pass
    return received


def test_phones_draw_over_a_connection_that_is_kept(served: tuple[SchoolClass, int]) -> None:
    school_class, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", f"/{CODE}/ask")
        answer = connection.getresponse()
        answer.read()
        assert answer.getheader("server") is None
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        for _ in range(3):
            headers = {"Cookie": cookie, "Content-Type": "application/json"}
            connection.request("POST", f"/{CODE}/drawings", json.dumps(DIGIT), headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 201
    assert [one.phone for one in school_class.room.news().drawings] == [1, 1, 1]


HALVES = [
    b"",
    b"GET /k7m4",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: a",
    b"POST /k7m4q2/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    b"POST /k7m4q2/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
]


@pytest.mark.slow  # waits for deadlines
@pytest.mark.parametrize("half", HALVES, ids=range(len(HALVES)))
def test_a_request_that_dawdles_is_given_up(
    served: tuple[SchoolClass, int], half: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_protocol, "SECONDS", 0.6)
    _, port = served
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(half)
        until = time.monotonic() + 8
        try:
            while half and time.monotonic() < until:  # a byte now and then does not keep it
                slow.sendall(b"a")
                time.sleep(0.1)
        except OSError:
            pass
        assert b"still open" not in read_to_end(slow, 5)
    assert 0.3 < time.monotonic() - started < 6


@pytest.mark.slow  # waits for deadlines
def test_a_connection_between_two_requests_has_no_such_deadline(
    served: tuple[SchoolClass, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_protocol, "SECONDS", 0.4)
    _, port = served
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        for _ in range(3):
            connection.request("GET", f"/{CODE}/ask")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            time.sleep(0.6)
            assert connection.sock is not None  # the same connection
    with socket.create_connection(("127.0.0.1", port)) as waiting:  # an answer may take longer than the request
        waiting.sendall(b"GET /wrong-code HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(1.3)
        waiting.settimeout(5)
        assert waiting.recv(100).startswith(b"HTTP/1.1 404")


def test_an_answer_that_is_not_taken_is_given_up(
    served: tuple[SchoolClass, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_protocol, "ANSWER_SECONDS", 0.5)
    _, port = served
    with socket.create_connection(("127.0.0.1", port)) as waiting:
        waiting.sendall(b"GET /wrong-code HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")  # answered after a second
        assert read_to_end(waiting) == b""


@pytest.mark.slow  # waits for the end's grace
def test_the_end_waits_for_nobody_who_does_not_read(
    sets: Any, logged: list[logging.LogRecord], big_static: Path
) -> None:
    with ExitStack() as opened:
        listener = opened.enter_context(closing(listen("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        school_class = SchoolClass(ClassRoom(sets), f"http://127.0.0.1:{port}", CODE, "Who can reach what.")
        with phones_served(school_class, listener, "127.0.0.1"):
            for _ in range(3):
                slow = opened.enter_context(closing(socket.socket()))
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                slow.connect(("127.0.0.1", port))
                slow.sendall(b"GET /assets/big-abc123.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 150)
            time.sleep(1)
            ending = time.monotonic()
        assert time.monotonic() - ending < 6
    assert not [thread for thread in threading.enumerate() if thread.name == "inkmeans-phones"]
    assert logged == []


@pytest.fixture
def big_static(monkeypatch: pytest.MonkeyPatch, phone_static: Path) -> Path:
    """A page with a large file, which does not fit what a connection buffers."""
    (phone_static / "assets" / "big-abc123.js").write_bytes(os.urandom(3_000_000))
    from inkmeans.web import _phone_app

    monkeypatch.setattr(_phone_app, "find_static", lambda: phone_static.parent)
    return phone_static


@pytest.mark.slow  # waits for a deadline
def test_who_does_not_read_is_given_up(
    big_static: Path, served: tuple[SchoolClass, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_protocol, "SECONDS", 0.5)
    _, port = served
    with closing(socket.socket()) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.sendall(b"GET /assets/big-abc123.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(2)
        assert len(read_to_end(slow)) < 3_000_000


@pytest.mark.slow  # waits for slow answers
def test_a_phone_that_is_gone_in_the_middle_leaves_no_line_in_the_terminal(
    served: tuple[SchoolClass, int], capfd: pytest.CaptureFixture[str], logged: list[logging.LogRecord]
) -> None:
    school_class, port = served
    for half in HALVES:
        with socket.create_connection(("127.0.0.1", port)) as gone:
            gone.sendall(half)
            time.sleep(0.1)
    for _ in range(3):  # and one that does not wait for the answer
        with socket.create_connection(("127.0.0.1", port)) as gone:
            gone.sendall(b"GET /wrong-code HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    time.sleep(1.3)
    assert ask(port, "GET", f"/{CODE}/ask").status == 200
    assert school_class.room.news().drawings == ()
    assert (capfd.readouterr(), logged) == (("", ""), [])


def test_requests_in_one_piece_are_answered_one_by_one(served: tuple[SchoolClass, int]) -> None:
    _, port = served
    with socket.create_connection(("127.0.0.1", port)) as piped:
        one = f"GET /{CODE}/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
        piped.sendall((one + b"\r\n") * 2 + one + b"Connection: close\r\n\r\n")
        assert read_to_end(piped).count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),  # TLS
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n",
        b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        b"\x00" * 100_000,
    ],
    ids=["tls", "header", "headers", "path", "hosts", "no host", "lengths", "length", "zeros"],
)
def test_what_is_no_request_is_refused_and_leaves_no_line_in_the_terminal(
    served: tuple[SchoolClass, int], sent: bytes, capfd: pytest.CaptureFixture[str], logged: list[logging.LogRecord]
) -> None:
    _, port = served
    with socket.create_connection(("127.0.0.1", port)) as odd:
        with suppress(OSError):
            odd.sendall(sent)
        assert read_to_end(odd)[:12] in {b"", b"HTTP/1.1 400", b"HTTP/1.1 404", b"HTTP/1.1 421"}
    assert ask(port, "GET", f"/{CODE}/ask").status == 200
    assert (capfd.readouterr(), logged) == (("", ""), [])


@pytest.mark.parametrize("promised", [True, False])
def test_a_huge_body_is_refused_before_it_has_come(served: tuple[SchoolClass, int], promised: bool) -> None:
    school_class, port = served
    head = f"POST /{CODE}/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += "Content-Length: 1000000000\r\n\r\n" if promised else "Transfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as big:
        big.sendall(head.encode())
        sent = 0
        try:
            while sent < 20_000_000:
                big.sendall(b" " * 65536 if promised else b"10000\r\n" + b" " * 65536 + b"\r\n")
                sent += 65536
                big.settimeout(0.001)
                try:
                    if b"HTTP/1.1 4" in big.recv(50, socket.MSG_PEEK):
                        break
                except TimeoutError:
                    pass
                big.settimeout(20)
        except OSError:
            pass
        assert sent < 10_000_000
    assert school_class.room.news().drawings == ()


@pytest.mark.slow  # waits for a deadline
def test_who_sends_on_after_the_answer_is_cut_off(served: tuple[SchoolClass, int]) -> None:
    _, port = served
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as big:
        head = f"POST /{CODE}/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        big.sendall(f"{head}Content-Length: 60000\r\n\r\n".encode())  # answered: it has no cookie
        with suppress(OSError):
            while time.monotonic() - started < 8:
                big.sendall(b" ")
                time.sleep(0.05)
    assert time.monotonic() - started < 6


def test_an_upgrade_to_a_web_socket_is_answered_as_any_request(
    served: tuple[SchoolClass, int], capfd: pytest.CaptureFixture[str]
) -> None:
    _, port = served
    answer = ask(port, "GET", f"/{CODE}/ask", Connection="Upgrade", Upgrade="websocket")
    assert (answer.status, capfd.readouterr()) == (200, ("", ""))


@pytest.mark.slow  # sixty connections, and an answer that is slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
def test_of_too_many_connections_those_of_who_has_most_are_closed(
    served: tuple[SchoolClass, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_protocol, "MOST_CONNECTIONS", 20)
    _, port = served
    with ExitStack() as opened:

        def connect(source: str) -> socket.socket:
            return opened.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(source, 0)))

        pupil = connect("127.0.0.2")
        answered = connect("127.0.0.3")
        answered.sendall(b"GET /wrong-code HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        flood = [connect("127.0.0.4") for _ in range(60)]
        time.sleep(0.5)
        open_ones = [one for one in flood if b"still open" in read_to_end(one, 0.01)]
        assert 10 <= len(open_ones) <= 20
        assert flood[-1] in open_ones and flood[0] not in open_ones
        pupil.sendall(f"GET /{CODE}/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert b"HTTP/1.1 200" in read_to_end(pupil)
        answered.settimeout(10)
        assert answered.recv(100).startswith(b"HTTP/1.1 404")


@pytest.mark.slow  # a server as a process of its own
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
@pytest.mark.parametrize("keeps", [True, False])
def test_both_servers_end_at_ctrl_c_and_tell_what_was_deleted_and_kept(tmp_path: Path, keeps: bool) -> None:
    command = [sys.executable, "-m", "inkmeans", "serve", "--port", "0", "--no-browser", "--class"]
    command += ["--class-host", "127.0.0.1", "--class-port", "0"]
    server = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONWARNINGS": "default"},
    )
    assert server.stdout is not None
    with ExitStack() as opened:
        try:
            first, second, third = (server.stdout.readline() for _ in range(3))
            teachers = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", first)
            phones = re.search(r"http://127\.0\.0\.1:(\d+)/(\w+)\n", second)
            assert teachers and phones
            assert third == REACH.format(port=phones[1]) + "\n"
            port, bearer = int(teachers[1]), {"Authorization": f"Bearer {teachers[2]}"}
            asked = ask(int(phones[1]), "GET", f"/{phones[2]}/ask")
            cookie = (asked.getheader("set-cookie") or "").partition(";")[0]
            for _ in range(2):
                assert ask(int(phones[1]), "POST", f"/{phones[2]}/drawings", DIGIT, Cookie=cookie).status == 201
            assert ask(port, "POST", "/api/v1/class/drawings", {"ids": [1], "state": "shown"}, **bearer).status == 204
            if keeps:
                assert ask(port, "POST", "/api/v1/class/keep", {"title": "3b"}, **bearer).status == 200
            # While it ends: one waits for a change, a phone has a connection open, and one dawdles.
            waiting = opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)))
            state = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            state.request("GET", "/api/v1/class?brief=true", headers=bearer)
            revision = json.loads(state.getresponse().read())["revision"]
            state.close()
            waiting.request("GET", f"/api/v1/class?since={revision}", headers=bearer)
            idle = opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", int(phones[1]), timeout=20)))
            idle.request("GET", f"/{phones[2]}/ask")
            idle.getresponse().read()
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", int(phones[1]))))
            slow.sendall(b"GET / HT")
            half = opened.enter_context(socket.create_connection(("127.0.0.1", int(phones[1]))))
            head = f"POST /{phones[2]}/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            half.sendall(f"{head}Content-Length: 500\r\n\r\n{{".encode())
            guess = opened.enter_context(socket.create_connection(("127.0.0.1", int(phones[1]))))
            guess.sendall(b"GET /wrong-code HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            time.sleep(0.3)
            started = time.monotonic()
            server.send_signal(signal.SIGINT)
            assert waiting.getresponse().status == 200
            out, err = server.communicate(timeout=30)
            assert time.monotonic() - started < 15
        finally:
            server.kill()
            server.wait()
    kept = "kept: 3b.ink" if keeps else "none were kept"
    assert (server.returncode, out) == (130, ""), err
    assert err.splitlines() == [
        "Press Ctrl-C to stop.",
        f"2 drawings of the class were deleted; {kept}.",
        "",
        "Stopped.",
    ]
    assert (tmp_path / "3b.ink").exists() is keeps


def test_a_failure_of_the_phones_server_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError("as it may be")

    run: Callable[[Callable[[], None]], None] = _class_serve._run
    run(fail)
    err = capsys.readouterr().err
    assert "as it may be" in err
    assert err.endswith("The phones' server ended; stop with Ctrl-C and start anew.\n")
