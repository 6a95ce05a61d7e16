"""Answers that come line by line: as they are worked out, no longer than who asked is there, failures as a last line."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from httpx2 import TimeoutException
from pydantic import BaseModel

from inkmeans.errors import InputError
from inkmeans.lesson import Abandoned
from inkmeans.web import _stream
from inkmeans.web._limits import BodyLimit
from inkmeans.web._packed import Packed
from inkmeans.web._problems import install_problem_handlers
from inkmeans.web._security import LOOPBACK, Guard
from inkmeans.web._stream import LineStream, Listener, stream_lines


class Counted(BaseModel):
    n: int


Work = Callable[[Listener], None]


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as executor:
        yield executor


def app_of(work: Work, executor: ThreadPoolExecutor) -> FastAPI:
    """Return an application with one stream behind all that stands before the real ones."""
    app = FastAPI()

    @app.post("/lines")
    async def lines(request: Request) -> LineStream:
        return await stream_lines(request, executor, work)

    install_problem_handlers(app, {})
    app.add_middleware(BodyLimit)
    app.add_middleware(Packed, paths=("/api/v1/lesson",))
    app.add_middleware(Guard, token=None, hosts=LOOPBACK)
    return app


def post(work: Work, executor: ThreadPoolExecutor) -> Any:
    client = TestClient(app_of(work, executor), base_url="http://127.0.0.1:8017", raise_server_exceptions=False)
    return client.post("/lines")


def test_each_document_is_a_line(executor: ThreadPoolExecutor) -> None:
    def work(listener: Listener) -> None:
        for n in range(1000):
            listener.tell(Counted(n=n))

    answer = post(work, executor)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.headers["cache-control"] == "no-store"
    assert "content-length" not in answer.headers
    assert [json.loads(line) for line in answer.text.splitlines()] == [{"n": n} for n in range(1000)]
    assert answer.text.endswith("}\n")


def test_work_that_tells_nothing_is_an_empty_answer(executor: ThreadPoolExecutor) -> None:
    answer = post(lambda _: None, executor)
    assert (answer.status_code, answer.text) == (200, "")


def test_a_failure_before_the_first_line_is_an_answer_of_its_own(executor: ThreadPoolExecutor) -> None:
    def work(listener: Listener) -> None:
        raise InputError("k must be small.")

    answer = post(work, executor)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == "k must be small."


@pytest.mark.parametrize(
    ("failure", "status", "detail"),
    [
        (InputError("k must be small."), 422, "k must be small."),
        (
            ValueError("secret"),
            500,
            "The server failed in a way that was not foreseen; its terminal shows where.",
        ),
    ],
)
def test_a_failure_after_the_first_line_is_the_last_line(
    failure: Exception, status: int, detail: str, executor: ThreadPoolExecutor
) -> None:
    def work(listener: Listener) -> None:
        listener.tell(Counted(n=1))
        raise failure

    answer = post(work, executor)
    assert answer.status_code == 200
    first, last = map(json.loads, answer.text.splitlines())
    assert first == {"n": 1}
    assert (last["problem"]["status"], last["problem"]["detail"]) == (status, detail)
    assert last["problem"]["instance"] == "/lines"


def test_a_line_is_sent_while_the_next_is_worked_out(executor: ThreadPoolExecutor, serve: Any) -> None:
    go_on = Event()

    def work(listener: Listener) -> None:
        listener.tell(Counted(n=1))
        assert go_on.wait(20)
        listener.tell(Counted(n=2))

    with serve(app_of(work, executor)) as client, client.stream("POST", "/lines") as answer:
        lines = answer.iter_lines()
        assert json.loads(next(lines)) == {"n": 1}
        go_on.set()
        assert [json.loads(line) for line in lines] == [{"n": 2}]


@pytest.mark.parametrize("n_lines", [0, 3])
def test_work_ends_when_who_asked_is_gone(n_lines: int, executor: ThreadPoolExecutor, serve: Any) -> None:
    began, ended = Event(), Event()

    def work(listener: Listener) -> None:
        for n in range(n_lines):
            listener.tell(Counted(n=n))
        began.set()
        while listener.is_wanted():
            time.sleep(0.01)
        ended.set()

    with serve(app_of(work, executor)) as client:
        with pytest.raises(TimeoutException), client.stream("POST", "/lines", timeout=0.5) as answer:
            list(answer.iter_lines())
        assert began.is_set()
        assert ended.wait(5)


def test_work_whose_turn_has_not_come_never_begins_for_who_is_gone(executor: ThreadPoolExecutor, serve: Any) -> None:
    go_on, done = Event(), []
    executor.submit(go_on.wait, 20)
    with serve(app_of(lambda _: done.append(1), executor)) as client:
        with pytest.raises(TimeoutException):
            client.post("/lines", timeout=0.2)
        time.sleep(0.6)  # it is asked every quarter of a second
        go_on.set()
        executor.submit(int).result(10)
        assert not done


def test_who_takes_nothing_holds_up_the_others_for_a_while_only(
    executor: ThreadPoolExecutor, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_stream, "_PATIENCE", 0.3)
    told: list[int] = []
    ended = Event()

    class Long(BaseModel):
        text: str = 100_000 * "x"

    def work(listener: Listener) -> None:
        try:
            for n in range(10_000):
                listener.tell(Long())
                told.append(n)
        except Abandoned:
            ended.set()
            raise

    with serve(app_of(work, executor)) as client, client.stream("POST", "/lines") as answer:
        assert ended.wait(20)
        assert len(told) < 1000
        *_, last = answer.iter_lines()
        assert json.loads(last)["problem"]["status"] == 503


def test_a_server_that_ends_says_so_in_the_last_line(executor: ThreadPoolExecutor, serve: Any) -> None:
    ended = Event()

    def work(listener: Listener) -> None:
        listener.tell(Counted(n=1))
        while listener.is_wanted():
            time.sleep(0.01)
        ended.set()

    with serve(app_of(work, executor)) as client, client.stream("POST", "/lines") as answer:
        lines = answer.iter_lines()
        next(lines)
        client.server.should_exit = True
        last = json.loads(next(lines))
        assert last["problem"]["detail"] == "This was not finished, because the server ends."
        assert ended.wait(5)
