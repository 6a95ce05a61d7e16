"""The drawing code opens nothing else: every path of the teacher's server, tried at the phones' with all a phone has."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inkmeans.web import create_app
from inkmeans.web._class import SchoolClass
from inkmeans.web._page import VIEWS

CODE = "k7m4q2"
KEPT = Path(__file__).parents[2] / "frontend" / "openapi.json"
TOKEN = "a-long-random-token"


def teachers_paths(static: Path) -> list[tuple[str, str]]:
    """Return method and path of all that the teacher's server answers."""
    described = [
        (method, re.sub(r"\{\w+\}", "digits", path))
        for path, methods in json.loads(KEPT.read_text())["paths"].items()
        for method in methods
    ]
    files = [("get", f"/{file.relative_to(static)}") for file in static.rglob("*") if file.is_file()]
    views = [("get", view) for view in VIEWS]
    return [*described, *files, *views, ("get", "/api/v1/openapi.json"), ("get", "/docs"), ("get", "/openapi.json")]


def ways_to_show(key: str) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Return query and headers that show what a phone has: each by itself, then all of it."""
    bearer = {"Authorization": f"Bearer {key}"}
    cookies = {
        "Cookie": f"inkmeans-8017={key}; inkmeans-8018={key}; inkmeans-phone-8018={key}; inkmeans-desk-8018={key}"
    }
    return [
        ({}, bearer),
        ({}, cookies),
        ({"token": key}, {}),
        ({"code": key}, {}),
        ({"token": CODE, "code": CODE}, {"Authorization": f"Bearer {CODE}"}),
        ({"token": key, "code": key}, bearer | cookies),
    ]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    from inkmeans.web import _class_limits, _phone_gate

    monkeypatch.setattr(_phone_gate, "_SLOW", 0.0)
    rate = _class_limits.Rate(1e6, 1e6)
    monkeypatch.setattr(_phone_gate, "REQUESTS", _class_limits.Rates(rate, rate, rate))


def test_the_drawing_code_opens_nothing_else(open_phone: Callable[..., TestClient], static: Path) -> None:
    phone = open_phone()
    assert phone.get(f"/{CODE}/ask").status_code == 200
    cookie = phone.cookies["inkmeans-phone-8018"]
    allowed = {"/favicon.svg"}  # the phone page's own picture
    paths = teachers_paths(static)
    assert len(paths) > 25
    tried = 0
    for method, path in paths:
        if path in allowed:
            continue
        for place in (path, f"/{CODE}{path}", f"{path}/{CODE}"):
            if place == f"/{CODE}/":
                continue  # the code's own page, spelled otherwise
            for query, headers in ways_to_show(cookie) if place == path else ways_to_show(cookie)[-1:]:
                answer = phone.request(method, place, params=query, headers=headers)
                assert answer.status_code in {401, 404}, (method, place, query, headers)
                assert "set-cookie" not in answer.headers
                tried += 1
    assert tried > 200


def test_what_a_phone_has_opens_nothing_at_the_teachers_port(
    open_phone: Callable[..., TestClient], reader: Any, ways: Any, static: Path, sets: Any, school_class: SchoolClass
) -> None:
    phone, desk = open_phone(), open_phone()
    phone.get(f"/{CODE}/ask")
    desk.get(school_class.desk_address().partition(":8018")[2])
    keys = [CODE, phone.cookies["inkmeans-phone-8018"], desk.cookies["inkmeans-desk-8018"]]
    app = create_app(reader=reader, ways=ways, static=static, sets=sets, token=TOKEN, school_class=school_class)
    with TestClient(app, base_url="http://127.0.0.1:8017", follow_redirects=False) as teacher:
        for method, path in teachers_paths(static):
            if path in {"/healthz", "/readyz"}:
                continue  # open to everybody
            for key in keys:
                for query, headers in ways_to_show(key) if path == "/api/v1/class" else ways_to_show(key)[-1:]:
                    answer = teacher.request(method, path, params=query, headers=headers)
                    assert answer.status_code == 401, (method, path, query, headers)
                    assert "set-cookie" not in answer.headers
