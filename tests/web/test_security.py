"""Who is let in: the token, the Host, the Origin; and the headers of every answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inkmeans.web import _security, create_app
from inkmeans.web._security import OneTimeCode

ADDRESS = "http://127.0.0.1:8017"
TOKEN = "a-long-random-token"
ONE_DRAWING = {"drawings": [{"strokes": [[[140, 50], [140, 230]]], "width": 280, "height": 280, "pen": 18}]}

Open = Callable[..., TestClient]


@pytest.fixture
def open_client(reader: Any, ways: Any, static: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def open_one(base_url: str = ADDRESS, **settings: Any) -> TestClient:
            app = create_app(reader=reader, ways=ways, static=static, **settings)
            client = TestClient(app, base_url=base_url, raise_server_exceptions=False, follow_redirects=False)
            return stack.enter_context(client)

        yield open_one


@pytest.mark.parametrize("path", ["/", "/api/v1/models", "/api/v1/openapi.json", "/assets/index-abc123.js"])
def test_nothing_is_given_without_the_token(open_client: Open, path: str) -> None:
    client = open_client(token=TOKEN)
    for request in ({}, {"headers": {"Authorization": "Bearer wrong"}}, {"headers": {"Cookie": "inkmeans-8017=wrong"}}):
        answer = client.get(path, **request)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"] == (
            "The token is missing or not the right one; open the whole address that inkmeans serve printed."
        )
        client.cookies.clear()


def test_a_browser_without_the_token_gets_the_sentence_as_a_page(open_client: Open) -> None:
    answer = open_client(token=TOKEN).get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("text/html")
    assert "open the whole address that inkmeans serve printed. Once it was opened in this browser" in answer.text


def test_the_token_moves_from_the_address_to_a_cookie_that_other_sites_pages_cannot_use(open_client: Open) -> None:
    client = open_client(token=TOKEN)
    answer = client.get(f"/?token={TOKEN}&model=lesson")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?model=lesson"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"inkmeans-8017={TOKEN};")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/").text == "<!doctype html><title>the page</title>"
    assert client.get("/api/v1/models").status_code == 200


def test_the_code_in_an_address_is_exchanged_for_the_cookie_once(open_client: Open) -> None:
    code = OneTimeCode()
    client = open_client(token=TOKEN, code=code)
    assert client.get("/", params={"code": code.text[:-1]}).status_code == 401
    assert client.get("/api/v1/models", params={"code": code.text}).status_code == 401  # opens pages only
    answer = client.get("/", params={"code": code.text, "model": "lesson"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?model=lesson")
    assert answer.headers["set-cookie"].startswith(f"inkmeans-8017={TOKEN};")
    client.cookies.clear()
    again = client.get("/", params={"code": code.text})
    assert (again.status_code, "set-cookie" in again.headers) == (401, False)
    assert again.json()["detail"] == (
        "The code in this address was used or is too old; open the address that inkmeans serve printed."
    )
    assert client.get("/", params={"token": code.text}).status_code == 401
    assert client.get("/", params={"code": TOKEN}).status_code == 401


def test_a_link_to_a_view_keeps_its_state_when_the_token_is_taken_from_it(open_client: Open) -> None:
    state = "set=digits&k=10&start=k-means%2B%2B&rows=3%2C17&step=7"
    answer = open_client(token=TOKEN).get(f"/learn?{state}&token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/learn?{state}")
    assert open_client(token=TOKEN).get(f"/learn?{state}").status_code == 401


def test_only_get_redeems_the_code(open_client: Open) -> None:
    code = OneTimeCode()
    client = open_client(token=TOKEN, code=code)
    answer = client.head("/", params={"code": code.text})
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert client.get("/", params={"code": code.text}).status_code == 303


def test_the_code_is_good_for_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(_security.time, "monotonic", lambda: now)
    early, late = OneTimeCode(), OneTimeCode()
    now += 59
    assert early.redeem(early.text)
    now += 2
    assert not late.redeem(late.text)


def test_each_server_has_a_code_of_its_own() -> None:
    assert len({OneTimeCode().text for _ in range(20)}) == 20
    assert not OneTimeCode().redeem("")


def test_two_servers_on_one_machine_keep_their_cookies_apart(open_client: Open) -> None:
    answer = open_client("http://127.0.0.1:9000", token=TOKEN).get(f"/?token={TOKEN}")
    assert answer.headers["set-cookie"].startswith("inkmeans-9000=")


@pytest.mark.parametrize("token", ["wrong", "", "naïve", TOKEN[:-1], TOKEN + "x"])
def test_a_wrong_token_opens_nothing(open_client: Open, token: str) -> None:
    answer = open_client(token=TOKEN).get("/", params={"token": token})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_token_in_an_address_opens_pages_only(open_client: Open) -> None:
    assert open_client(token=TOKEN).get(f"/api/v1/models?token={TOKEN}").status_code == 401


def test_a_program_brings_the_token_as_a_bearer(open_client: Open) -> None:
    answer = open_client(token=TOKEN).get("/api/v1/models", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("others", ["a[]=;;=\x01", "a,b=1; c/d=2", "inkmeans-8018=x; =", f"x={TOKEN}"])
def test_cookies_of_other_servers_open_nothing_and_close_nothing(open_client: Open, others: str) -> None:
    client = open_client(token=TOKEN)
    assert client.get("/api/v1/models", headers={"Cookie": others}).status_code == 401
    own = f"{others}; inkmeans-8017={TOKEN}"
    assert client.get("/api/v1/models", headers={"Cookie": own}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_it_lives_is_told_without_the_token(open_client: Open, path: str) -> None:
    client = open_client(token=TOKEN)
    client.get("/api/v1/models", headers={"Authorization": f"Bearer {TOKEN}"})  # both models are loaded from here on
    answer = client.get(path)
    assert (answer.status_code, set(answer.json())) == (200, {"status", "version"})


@pytest.mark.parametrize("host", ["127.0.0.1:8017", "localhost:8017", "localhost", "LOCALHOST", "[::1]:8017"])
def test_the_names_of_this_machine_are_answered(open_client: Open, host: str) -> None:
    assert open_client().get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8017", "127.0.0.1.evil.example", "192.0.2.1", "", "[::"]
)
def test_other_names_are_not_answered(open_client: Open, host: str) -> None:
    answer = open_client().get("/healthz", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["detail"] == (
        f"This server does not answer to the name '{host}'; open the address that inkmeans serve printed."
    )


def test_a_server_for_all_addresses_answers_to_numbers_but_not_to_other_names(open_client: Open) -> None:
    client = open_client(token=TOKEN, hosts=frozenset({"127.0.0.1", "desk", "*"}))
    for host, status in {"192.0.2.1:8017": 200, "[2001:db8::1]": 200, "desk": 200, "evil.example": 421}.items():
        assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "https://127.0.0.1:8017"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_of_other_origins_are_not_answered(open_client: Open, origin: str, method: str) -> None:
    client = open_client(token=TOKEN)
    client.get(f"/?token={TOKEN}")
    answer = client.request(method, "/api/v1/drawings", json=ONE_DRAWING, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["detail"] == f"Requests from pages of '{origin}' are not answered."


def test_the_own_page_is_answered(open_client: Open) -> None:
    client = open_client(token=TOKEN)
    client.get(f"/?token={TOKEN}")
    answer = client.post("/api/v1/drawings", json=ONE_DRAWING, headers={"Origin": ADDRESS})
    assert answer.status_code == 200


def test_no_page_of_another_origin_is_given_leave(open_client: Open) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = open_client(token=TOKEN).options("/api/v1/drawings", headers=asked)
    assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/assets/index-abc123.js", 200), ("/api/v1/models", 200), ("/nothing", 404), ("/api/v1/read", 405)],
)
def test_every_answer_bears_the_headers(open_client: Open, path: str, status: int) -> None:
    answer = open_client().get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_readings_are_kept_by_no_cache(open_client: Open) -> None:
    assert open_client().get("/api/v1/models").headers["cache-control"] == "no-store"
