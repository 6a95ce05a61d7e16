"""The phones' server: a phone can add drawings and nothing else, and the teacher's own phone can nod."""

import asyncio
import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from inkmeans.lesson import _class_room
from inkmeans.web import _phone_gate, _security
from inkmeans.web._class import SchoolClass
from inkmeans.web._class_limits import Rate, Rates
from inkmeans.web._phone_gate import Phones

CODE = "k7m4q2"
BASE = "http://192.168.1.20:8018"
DIGIT: dict[str, Any] = {
    key: value
    for key, value in json.loads((Path(__file__).parents[2] / "examples" / "drawings.json").read_text())["drawings"][
        1
    ].items()
    if key != "truth"
}

OpenPhone = Callable[..., TestClient]


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait, where it is not the waiting that is tested."""
    monkeypatch.setattr(_phone_gate, "_SLOW", 0.01)


@pytest.fixture
def phone(open_phone: OpenPhone) -> TestClient:
    return arrive(open_phone())


def arrive(client: TestClient) -> TestClient:
    """Let a phone ask what to draw, as its page does before anything else."""
    assert client.get(f"/{CODE}/ask").status_code == 200
    return client


def open_desk(client: TestClient, school_class: SchoolClass) -> None:
    address = school_class.desk_address()
    assert address.startswith(f"{BASE}/desk?code=")
    assert client.get(address.removeprefix(BASE)).status_code == 200


def test_a_phone_opens_the_page_asks_and_draws(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    phone = open_phone()
    page = phone.get(f"/{CODE}")
    assert (page.status_code, page.text) == (200, "<!doctype html><title>the phone's page</title>")
    assert "set-cookie" not in page.headers
    asked = phone.get(f"/{CODE}/ask")
    told = asked.json()
    assert {key: told[key] for key in ("is_open", "is_ended", "as_they_come", "n_sent", "n_left", "says")} == {
        "is_open": True, "is_ended": False, "as_they_come": False, "n_sent": 0, "n_left": 200, "says": None,
    }  # fmt: skip
    cookie = asked.headers["set-cookie"]
    assert cookie.startswith("inkmeans-phone-8018=")
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert phone.get(f"/{CODE}/ask").json() == told
    sent = phone.post(f"/{CODE}/drawings", json={**DIGIT, "asked": told["ask"], "key": "first"})
    assert (sent.status_code, sent.json()["n_sent"], sent.json()["reading"]) == (201, 1, None)
    assert sent.json()["ask"] != told["ask"]
    [one] = school_class.room.news().drawings
    assert (one.phone, one.asked, one.state) == (1, told["ask"], "waiting")


def test_a_phone_that_never_asked_is_given_its_cookie_and_sends_again(
    open_phone: OpenPhone, school_class: SchoolClass
) -> None:
    phone = open_phone()
    first = phone.post(f"/{CODE}/drawings", json=DIGIT)
    assert (first.status_code, first.headers["retry-after"], "set-cookie" in first.headers) == (429, "1", True)
    assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 201
    assert school_class.room.news().n_phones == 1


def test_a_flood_without_cookies_adds_nothing(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    phone = open_phone()
    for _ in range(70):
        phone.cookies.clear()
        assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 429
    assert school_class.room.news().drawings == ()


def test_phones_are_kept_apart(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    one, other = arrive(open_phone()), arrive(open_phone())
    for phone in (one, other, one):
        assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 201
    assert [each.phone for each in school_class.room.news().drawings] == [1, 2, 1]
    assert one.get(f"/{CODE}/ask").json()["n_sent"] == 2


@pytest.mark.parametrize("code", ["K7M4Q2", "k7M4q2"])
def test_the_code_may_be_typed_in_any_case(phone: TestClient, code: str) -> None:
    assert phone.get(f"/{code}").status_code == 200
    assert phone.get(f"/{code}/ask").status_code == 200


@pytest.mark.parametrize("code", ["k7m4q", "k7m4q22", "aaaaaa", "%00", "..", "k7m4q2%2f", "api", "%C3%A9t%C3%A9"])
def test_a_wrong_code_opens_nothing(phone: TestClient, code: str) -> None:
    for method, path in [("get", f"/{code}"), ("get", f"/{code}/ask"), ("post", f"/{code}/drawings")]:
        answer = phone.request(method, path, **({"json": DIGIT} if method == "post" else {}))
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers
    answer = phone.get("/aaaaaa", headers={"Accept": "text/html"})
    assert "scan the code on the wall again" in answer.text
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}';" in policy and "default-src 'self';" in policy


@pytest.mark.parametrize(
    "path", ["/", f"/{CODE}/", f"/{CODE}/nothing", "/desk/nothing", f"/{CODE}/assets/phone-abc123.js"]
)
def test_there_is_nothing_else(phone: TestClient, path: str) -> None:
    assert phone.get(path).status_code == 404
    assert "open the whole address that your class was shown" in phone.get(path, headers={"Accept": "text/html"}).text


def test_the_pages_files_need_no_code(phone: TestClient) -> None:
    script = phone.get("/assets/phone-abc123.js")
    assert (script.status_code, script.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert phone.get("/favicon.svg").status_code == 200
    for path in (
        "/assets/../phone.html",
        "/assets/%2e%2e/phone.html",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/",
        "/assets",
    ):
        assert phone.get(path).status_code == 404


@pytest.mark.parametrize("path", [f"/{CODE}", f"/{CODE}/ask", "/assets/phone-abc123.js", "/nothing", "/desk"])
def test_every_answer_bears_the_headers(phone: TestClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.headers["content-security-policy"].startswith("default-src 'self';")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_odd_methods_are_refused(phone: TestClient, method: str) -> None:
    for path in (f"/{CODE}", f"/{CODE}/ask", f"/{CODE}/drawings", "/desk", "/desk/state"):
        assert phone.request(method, path).status_code == 405
    assert phone.head(f"/{CODE}").status_code == 200
    assert phone.head(f"/{CODE}/ask").status_code == 405


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8018", "192.168.1.20.evil.example", "", "[::"])
def test_a_page_whose_name_was_bound_to_this_address_is_not_answered(phone: TestClient, host: str) -> None:
    for path in (f"/{CODE}/ask", "/aaaaaa/ask", "/", "/desk"):  # nor does it learn which code is the right one
        assert phone.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["192.168.1.20:8018", "[fd00::1]:8018", "desk:8018", "10.0.0.5"])
def test_numbers_and_the_machines_name_are_answered(phone: TestClient, host: str) -> None:
    assert phone.get(f"/{CODE}/ask", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://192.168.1.20:8017", "https://192.168.1.20:8018"]
)
def test_pages_of_other_origins_add_nothing(phone: TestClient, school_class: SchoolClass, origin: str) -> None:
    phone.get(f"/{CODE}/ask")
    answer = phone.post(f"/{CODE}/drawings", json=DIGIT, headers={"Origin": origin})
    assert answer.status_code == 403
    assert phone.post(f"/{CODE}/drawings", json=DIGIT, headers={"Origin": BASE}).status_code == 201
    assert len(school_class.room.news().drawings) == 1


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_of_another_page_adds_nothing(phone: TestClient, content_type: str) -> None:
    answer = phone.post(f"/{CODE}/drawings", content=json.dumps(DIGIT), headers={"Content-Type": content_type})
    assert answer.status_code == 415


def test_a_closed_room_and_an_ended_class_take_nothing(phone: TestClient, school_class: SchoolClass) -> None:
    phone.get(f"/{CODE}/ask")
    school_class.room.change(is_open=False)
    answer = phone.post(f"/{CODE}/drawings", json=DIGIT)
    assert (answer.status_code, answer.json()["detail"]) == (
        409, "No drawings are taken at the moment; wait for your teacher.",
    )  # fmt: skip
    school_class.room.change(is_open=True)
    school_class.end()
    told = phone.get(f"/{CODE}/ask").json()
    assert (told["is_ended"], told["is_open"], told["ask"]) == (True, False, None)
    assert told["says"] == "The class has ended, and its drawings were deleted. Thank you!"
    assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 409


def test_a_drawing_of_an_ended_class_is_not_taken_by_the_next(phone: TestClient, school_class: SchoolClass) -> None:
    of_the_first = {**DIGIT, "round": phone.get(f"/{CODE}/ask").json()["round"]}
    assert phone.post(f"/{CODE}/drawings", json=of_the_first).status_code == 201
    school_class.end()
    school_class.room.change(is_open=True)
    refused = phone.post(f"/{CODE}/drawings", json=of_the_first)
    assert (refused.status_code, refused.json().get("detail")) == (
        410, "The class has ended, and its drawings were deleted. Thank you!",
    )  # fmt: skip
    assert school_class.room.news().drawings == ()
    of_the_next = {**DIGIT, "round": phone.get(f"/{CODE}/ask").json()["round"]}
    assert phone.post(f"/{CODE}/drawings", json=of_the_next).status_code == 201


def test_a_stopped_phone_is_refused(phone: TestClient, school_class: SchoolClass) -> None:
    phone.get(f"/{CODE}/ask")
    school_class.room.stop(1)
    assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 403


def test_a_full_room_is_told(phone: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_class_room, "MOST_DRAWINGS", 1)
    assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 201
    assert phone.post(f"/{CODE}/drawings", json=DIGIT).status_code == 409


HOSTILE: list[tuple[int, Any]] = [
    (422, b""),
    (422, b"{"),
    (422, b"\xff\xfe"),
    (422, b"null"),
    (422, b"[" * 30_000),
    (422, b'{"a":' * 10_000),
    (422, b"1" * 20_000),
    (422, json.dumps(DIGIT).replace("30.5", "NaN").encode()),
    (422, json.dumps(DIGIT).replace("30.5", "1e999").encode()),
    (422, json.dumps(DIGIT).replace("30.5", "1e9").encode()),
    (422, {**DIGIT, "more": 1}),
    (422, {**DIGIT, "strokes": [[]]}),
    (422, {**DIGIT, "strokes": [[[1, 2, 3]]]}),
    (422, {**DIGIT, "strokes": [[[1, 2]]] * 65}),
    (422, {**DIGIT, "strokes": [[[1, 2]] * 1501] * 2}),
    (422, {**DIGIT, "width": 1025}),
    (422, {**DIGIT, "width": 0}),
    (422, {**DIGIT, "pen": 0}),
    (422, {**DIGIT, "asked": "12"}),
    (422, {**DIGIT, "asked": "x"}),
    (422, {**DIGIT, "key": "k" * 41}),
    (422, {**DIGIT, "strokes": []}),
    (422, {**DIGIT, "strokes": [[[40, 40]]], "pen": 1}),
    (413, {**DIGIT, "strokes": [[[40, 80 * (i % 2)] for i in range(2900)]]}),
    (413, b" " * 64_001),
]


@pytest.mark.parametrize(("status", "body"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_drawing_is_told_and_adds_nothing(
    phone: TestClient, school_class: SchoolClass, status: int, body: Any
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = phone.post(f"/{CODE}/drawings", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 3000
    assert school_class.room.news().drawings == ()


@pytest.mark.slow  # waits a second, as a phone does
def test_a_drawing_too_many_is_put_off_and_not_lost(phone: TestClient, school_class: SchoolClass) -> None:
    answers = [phone.post(f"/{CODE}/drawings", json={**DIGIT, "key": str(number)}) for number in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
    assert answers[6].headers["retry-after"] == "1"
    assert answers[6].json()["detail"] == "Too much came at once; wait a moment, then try again."
    time.sleep(1.1)
    assert phone.post(f"/{CODE}/drawings", json={**DIGIT, "key": "6"}).status_code == 201
    assert phone.post(f"/{CODE}/drawings", json={**DIGIT, "key": "6"}).status_code == 429
    assert len(school_class.room.news().drawings) == 6


def test_new_phones_are_let_in_at_a_measured_pace(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    client = open_phone()
    statuses = []
    for _ in range(70):
        client.cookies.clear()
        statuses.append(client.get(f"/{CODE}/ask").status_code)
    assert 60 <= statuses.count(200) <= 62
    assert statuses.count(429) == 70 - statuses.count(200)
    assert open_phone("192.168.1.78").get(f"/{CODE}/ask").status_code == 200  # from elsewhere
    assert school_class.room.news().n_phones == statuses.count(200) + 1


def test_the_table_of_phones_is_bounded_and_forgets_who_was_silent_longest(
    school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_gate, "MOST_PHONES", 10)
    phones = Phones(school_class.room)
    first, _ = phones.enter("0")
    for number in range(1, 200):
        assert phones.enter(str(number))[0]
        assert phones.find(first) == 1
    assert len(phones) == 10
    assert school_class.room.news().n_phones == 10


@pytest.mark.parametrize("path", ["/assets/phone-abc123.js", f"/{CODE}", "/nothing"])
def test_a_flood_of_requests_is_slowed(open_phone: OpenPhone, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_phone_gate, "_SLOW", 0.0)
    slow = Rates(Rate(8, 1e-3), Rate(40, 1e-3), Rate(400, 1e-3))
    monkeypatch.setattr(_phone_gate, "REQUESTS", slow)
    pupil, flooder = open_phone(), open_phone()
    assert pupil.get(f"/{CODE}/ask").status_code == 200
    answers = [flooder.get(path) for _ in range(100)]
    assert sum(answer.status_code != 429 for answer in answers) == 29  # of 40, ten are for who used little
    assert answers[-1].headers["x-frame-options"] == "DENY" and int(answers[-1].headers["retry-after"]) > 1
    assert pupil.get(f"/{CODE}/ask").status_code == 200  # at the same address


def request(app: FastAPI, path: str, address: str = "192.168.1.66") -> Any:
    """Return a coroutine that asks for a path and returns the status: many of them may run at once."""

    async def ask() -> int:
        sent: list[Any] = []
        requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(requests, None) or await asyncio.Future()

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
                 "headers": [(b"host", b"192.168.1.20:8018")], "scheme": "http", "server": ("192.168.1.20", 8018),
                 "client": (address, 1), "http_version": "1.1", "asgi": {"version": "3.0"}, "root_path": ""}  # fmt: skip
        await app(scope, receive, send)
        return int(sent[0]["status"])

    return ask()


def test_wrong_codes_are_answered_slowly_and_few_at_a_time(phone_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_phone_gate, "_SLOW", 0.5)

    async def guess() -> None:
        started = time.monotonic()
        tasks = [asyncio.create_task(request(phone_app, f"/guess{number}")) for number in range(40)]
        await asyncio.sleep(0.2)
        # Who guesses learns nothing meanwhile, not even by the right code; others are not held up.
        assert await request(phone_app, f"/{CODE}") == 429
        assert await request(phone_app, f"/{CODE}", "192.168.1.77") == 200
        assert time.monotonic() - started < 0.45
        statuses = await asyncio.gather(*tasks)
        assert time.monotonic() - started >= 0.5
        assert (statuses.count(404), statuses.count(429)) == (16, 24)
        assert await request(phone_app, f"/{CODE}") == 200

    asyncio.run(guess())


def test_what_browsers_ask_for_by_themselves_is_no_guess(
    open_phone: OpenPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_phone_gate, "_SLOW", 5.0)
    started = time.monotonic()
    phone = open_phone()
    for path in ("/favicon.ico", "/apple-touch-icon.png", "/robots.txt", "/.well-known/x"):
        assert phone.get(path).status_code == 404
    assert arrive(phone).get("/aaaaaa").status_code == 404  # who is known has nothing to guess
    assert time.monotonic() - started < 4


def test_the_teachers_phone_sees_what_waits_and_nods(
    phone: TestClient, open_phone: OpenPhone, school_class: SchoolClass
) -> None:
    phone.post(f"/{CODE}/drawings", json=DIGIT)
    desk = open_phone("192.168.1.99")
    opened = desk.get(school_class.desk_address().removeprefix(BASE))
    assert opened.text == "<!doctype html><title>the phone's page</title>"
    cookie = opened.headers["set-cookie"]
    assert cookie.startswith("inkmeans-desk-8018=") and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert opened.headers["cache-control"] == "no-cache"
    assert desk.get("/desk").status_code == 200  # reloaded
    state = desk.get("/desk/state").json()
    assert [(one["state"], len(one["glyph"])) for one in state["drawings"]] == [("waiting", 1048)]
    assert desk.post("/desk/drawings", json={"ids": [1], "state": "shown"}).status_code == 204
    assert desk.post("/desk/settings", json={"as_they_come": True}).status_code == 204
    state = desk.get("/desk/state", params={"since": state["revision"]}).json()
    assert ([one["state"] for one in state["drawings"]], state["as_they_come"]) == (["shown"], True)


def test_the_desk_is_not_told_where_files_are(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    desk = arrive(open_phone())
    open_desk(desk, school_class)
    school_class.room.change(as_they_come=True)
    assert desk.post(f"/{CODE}/drawings", json=DIGIT).status_code == 201
    school_class.room.keep("3b")
    assert school_class.room.news().kept is not None
    assert desk.get("/desk/state").json()["kept"] is None


@pytest.mark.parametrize("since", ["-5", "999999999999999999999999", "0"])
def test_the_desk_may_ask_from_any_revision(open_phone: OpenPhone, school_class: SchoolClass, since: str) -> None:
    desk = open_phone()
    open_desk(desk, school_class)
    assert desk.get(f"/desk/state?since={since}").status_code == 200
    assert desk.get("/desk/state?since=x").status_code == 422


def test_the_desks_code_works_once_for_a_minute_and_from_one_address(
    open_phone: OpenPhone, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, other = open_phone("192.168.1.99"), open_phone("192.168.1.66")
    path = school_class.desk_address().removeprefix(BASE)
    assert desk.head(path).status_code == 405  # uses nothing up
    assert other.get(path[:-1]).status_code == 401
    assert desk.get(path).status_code == 200
    replayed = other.get(path)
    assert (replayed.status_code, "set-cookie" in replayed.headers) == (401, False)
    assert replayed.json()["detail"] == (
        "This address was used or is too old; ask for a new one at the teacher's computer."
    )
    other.cookies.set("inkmeans-desk-8018", desk.cookies["inkmeans-desk-8018"])
    assert other.get("/desk/state").status_code == 401  # whoever listened in has the cookie, and another address
    assert desk.get("/desk/state").status_code == 200
    late = school_class.desk_address().removeprefix(BASE)
    assert desk.get("/desk/state").status_code == 401  # a new code shuts the desk before
    now = time.monotonic()
    monkeypatch.setattr(_security.time, "monotonic", lambda: now + 61)
    assert desk.get(late).status_code == 401


def test_the_desk_follows_a_brisk_class_and_is_not_refused(
    open_phone: OpenPhone, school_class: SchoolClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Rates(Rate(8, 1e-3), Rate(40, 1e-3), Rate(400, 1e-3))
    monkeypatch.setattr(_phone_gate, "REQUESTS", slow)
    desk = open_phone()
    open_desk(desk, school_class)
    for number in range(150):  # 30 seconds of five answers a second
        assert desk.get("/desk/state").status_code == 200
        if number % 10 == 0:
            assert desk.post("/desk/drawings", json={"ids": [], "state": "shown"}).status_code == 204


def test_the_desk_is_shut_when_the_class_ends(open_phone: OpenPhone, school_class: SchoolClass) -> None:
    desk = open_phone()
    open_desk(desk, school_class)
    school_class.end()
    for method, path in [
        ("get", "/desk"),
        ("get", "/desk/state"),
        ("post", "/desk/drawings"),
        ("post", "/desk/settings"),
    ]:
        assert desk.request(method, path).status_code == 401


def test_a_desk_that_is_shut_while_it_waits_is_told_nothing_more(phone_app: FastAPI, school_class: SchoolClass) -> None:
    key = school_class.desk.redeem(school_class.desk_address().partition("code=")[2], "192.168.1.66")
    assert key is not None
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/desk/state", "raw_path": b"/desk/state",
                 "query_string": f"since={school_class.room.revision}".encode(), "scheme": "http",
                 "headers": [(b"host", b"192.168.1.20:8018"), (b"cookie", f"inkmeans-desk-8018={key}".encode())],
                 "server": ("192.168.1.20", 8018), "client": ("192.168.1.66", 1), "http_version": "1.1",
                 "asgi": {"version": "3.0"}, "root_path": ""}  # fmt: skip
        waiting = asyncio.create_task(phone_app(scope, receive, send))  # type: ignore[arg-type]
        await asyncio.sleep(0.2)
        assert not sent
        school_class.end()
        await asyncio.wait_for(waiting, 5)

    asyncio.run(ask())
    assert sent[0]["status"] == 401


def test_a_phone_opens_no_desk(phone: TestClient) -> None:
    phone.get(f"/{CODE}/ask")
    cookie = phone.cookies["inkmeans-phone-8018"]
    phone.cookies.set("inkmeans-desk-8018", cookie)
    for key in ("", CODE, cookie):
        assert phone.get("/desk", params={"code": key}).status_code == 401
        bearer = {"Authorization": f"Bearer {key}"}
        assert phone.get("/desk/state", headers=bearer).status_code == 401
        assert phone.post("/desk/drawings", json={"ids": [1], "state": "shown"}, headers=bearer).status_code == 401
        assert phone.post("/desk/settings", json={"as_they_come": True}, headers=bearer).status_code == 401


def test_a_page_that_is_not_built_is_told(school_class: SchoolClass, tmp_path: Path) -> None:
    from inkmeans.web._phone_app import create_phone_app

    app = create_phone_app(school_class, hosts=frozenset({"*"}), static=tmp_path)  # built before there were phones
    with TestClient(app, base_url=BASE) as client:
        answer = client.get(f"/{CODE}")
        assert (answer.status_code, "Node was missing" in answer.text) == (503, True)
