"""The teacher's side of a class: the wall, the desk, the nod, and what is made of the drawings."""

import asyncio
import base64
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from inkmeans.images import read_strokes
from inkmeans.lesson import LearnSets
from inkmeans.web._class import CODE_LETTERS, SchoolClass, new_code, qr_rows

DRAWINGS = read_strokes(Path(__file__).parents[2] / "examples" / "drawings.json")


def draw(school_class: SchoolClass, n: int = 1) -> int:
    """Let a phone send drawings, each as it was asked for; return the phone's number."""
    phone = school_class.room.enter()
    for drawing in DRAWINGS[:n]:
        school_class.room.add(phone, drawing, asked=school_class.room.ask(phone).ask)
    return phone


def test_a_server_without_a_class_says_so(client: TestClient) -> None:
    assert client.get("/api/v1/class").json() == {"is_offered": False}
    for method, path in [
        ("get", "desk"), ("post", "desk"), ("post", "drawings"), ("post", "settings"), ("post", "phones"),
        ("post", "set"), ("post", "reader"), ("post", "keep"), ("post", "end"),
    ]:  # fmt: skip
        answer = client.request(method, f"/api/v1/class/{path}")
        assert answer.status_code == 404
        assert (
            answer.json()["detail"] == "This server has no class; inkmeans serve --class starts a server that has one."
        )


def test_the_state_says_where_phones_go_and_who_can_reach_what(teacher: TestClient, school_class: SchoolClass) -> None:
    state = teacher.get("/api/v1/class").json()
    assert {key: state[key] for key in ("address", "code", "reach", "n_most", "kept", "reader", "is_open")} == {
        "address": "http://192.168.1.20:8018/k7m4q2", "code": "k7m4q2", "reach": "Who can reach what.",
        "n_most": 5000, "kept": None, "reader": None, "is_open": True,
    }  # fmt: skip
    assert state["qr"] == qr_rows(state["address"]) and len(state["qr"]) == len(state["qr"][0])
    assert state["qr"][0].startswith("1111111")


def test_what_is_not_shown_has_no_picture_on_the_wall(teacher: TestClient, school_class: SchoolClass) -> None:
    draw(school_class, 2)
    wall = teacher.get("/api/v1/class").json()
    assert [(one["id"], one["state"], one["glyph"], one["asked"], one["reading"]) for one in wall["drawings"]] == [
        (1, "waiting", None, None, None), (2, "waiting", None, None, None),
    ]  # fmt: skip
    desk = teacher.get("/api/v1/class/desk").json()
    assert all(len(base64.b64decode(one["glyph"])) == 784 and one["asked"] for one in desk["drawings"])
    assert teacher.post("/api/v1/class/drawings", json={"ids": [2], "state": "shown"}).status_code == 204
    [shown] = teacher.get("/api/v1/class", params={"since": wall["revision"]}).json()["drawings"]
    assert (shown["id"], shown["state"], shown["glyph"]) == (2, "shown", desk["drawings"][1]["glyph"])
    teacher.post("/api/v1/class/drawings", json={"ids": [2], "state": "out"})
    [out] = teacher.get("/api/v1/class", params={"since": wall["revision"] + 1}).json()["drawings"]
    assert (out["id"], out["state"], out["glyph"]) == (2, "out", None)


def test_the_brief_state_has_no_drawings(teacher: TestClient, school_class: SchoolClass) -> None:
    draw(school_class, 2)
    state = teacher.get("/api/v1/class?brief=true").json()
    assert (state["drawings"], state["n_waiting"]) == ([], 2)


def test_who_asks_waits_for_a_change(teacher: TestClient, school_class: SchoolClass) -> None:
    since = teacher.get("/api/v1/class").json()["revision"]
    timer = threading.Timer(0.3, draw, (school_class,))
    timer.start()
    started = time.monotonic()
    state = teacher.get("/api/v1/class", params={"since": since}).json()
    timer.join()
    assert 0.2 < time.monotonic() - started < 10
    assert state["revision"] > since and state["n_phones"] == 1


def test_waiting_ends_after_a_while_and_when_the_server_ends(school_class: SchoolClass) -> None:
    changes, room = school_class.changes, school_class.room

    async def wait() -> None:
        started = time.monotonic()
        await changes.after(room.revision, 0.2)
        assert 0.15 < time.monotonic() - started < 5
        await changes.after(room.revision - 1, 60)  # it changed before
        waiting = asyncio.create_task(changes.after(room.revision, 60))
        await asyncio.sleep(0.05)
        changes.end()
        await asyncio.wait_for(waiting, 5)
        await asyncio.wait_for(changes.after(room.revision, 60), 5)
        assert not changes._waiting

    asyncio.run(wait())


@pytest.mark.parametrize("since", [-1, "x", 2**60])
def test_a_revision_that_cannot_be_is_refused(teacher: TestClient, since: Any) -> None:
    assert teacher.get("/api/v1/class", params={"since": since}).status_code == 422


def test_settings_change_what_they_name_and_nothing_else(teacher: TestClient) -> None:
    def settings() -> tuple[bool, bool, bool]:
        state = teacher.get("/api/v1/class").json()
        return state["is_open"], state["as_they_come"], state["prompts"]

    assert settings() == (True, False, True)
    for change, after in [
        ({"as_they_come": True}, (True, True, True)),
        ({"prompts": False}, (True, True, False)),
        ({"is_open": False, "as_they_come": None}, (False, True, False)),
        ({}, (False, True, False)),
    ]:
        assert teacher.post("/api/v1/class/settings", json=change).status_code == 204
        assert settings() == after


def test_a_phone_is_stopped(teacher: TestClient, school_class: SchoolClass) -> None:
    phone = draw(school_class, 2)
    assert teacher.post("/api/v1/class/phones", json={"phone": phone}).status_code == 204
    state = teacher.get("/api/v1/class").json()
    assert [(one["phone"], one["state"]) for one in state["drawings"]] == [(phone, "out")] * 2
    assert school_class.room.ask(phone).says == "No more drawings are taken from this phone."


def test_learn_works_on_the_class(teacher: TestClient, school_class: SchoolClass) -> None:
    answer = teacher.post("/api/v1/class/set")
    assert (answer.status_code, answer.json()["detail"]) == (422, "No drawing is shown yet; show some first.")
    school_class.room.change(as_they_come=True)
    draw(school_class, 30)
    made = teacher.post("/api/v1/class/set").json()
    assert (made["title"], made["n_glyphs"], made["has_truths"]) == ("Our class, 30 drawings", 30, True)
    assert made in teacher.get("/api/v1/learn/sets").json()["sets"]
    for pixels in ("raw", "normalized"):
        trace = teacher.post("/api/v1/learn/traces", json={"set": made["set"], "pixels": pixels, "k": 5})
        assert trace.status_code == 200
    clustering = teacher.post("/api/v1/learn/clusterings", json={"set": made["set"], "by": "normalized", "k": 5}).json()
    names = ["1", None, "7", None, None]
    named = {"clustering": clustering["clustering"], "names": names}
    assert teacher.post("/api/v1/class/reader", json=named).status_code == 204
    assert teacher.get("/api/v1/class").json()["reader"] == {"k": 5, "names": names}
    draw(school_class)
    reading = teacher.get("/api/v1/class").json()["drawings"][-1]["reading"]
    assert set(reading) == {"text", "confidence", "rejected"} and reading["text"] in {"1", "7", "?"}
    assert teacher.post("/api/v1/class/reader", json={"clustering": None}).status_code == 204
    assert teacher.get("/api/v1/class").json()["reader"] is None

    saving = {"title": "named", "names": names}
    saved = teacher.post(f"/api/v1/learn/clusterings/{clustering['clustering']}/project", json=saving).json()["file"]
    assert Path(teacher.get("/api/v1/class").json()["kept"]) == Path(saved).resolve()
    kept = teacher.post("/api/v1/class/keep", json={"title": "3b"}).json()["file"]
    assert Path(kept).name == "3b.ink" and Path(kept).exists()
    assert teacher.get("/api/v1/class").json()["kept"] == kept
    assert teacher.post("/api/v1/class/end").status_code == 204
    state = teacher.get("/api/v1/class").json()
    assert (state["drawings"], state["is_ended"], state["is_open"], state["n_shown"]) == ([], True, False, 0)
    assert [each["title"] for each in teacher.get("/api/v1/learn/sets").json()["sets"]][1:] == ["3b", "named"]
    assert teacher.post("/api/v1/learn/traces", json={"set": made["set"], "pixels": "raw", "k": 5}).status_code == 404
    assert teacher.post("/api/v1/class/reader", json=named).status_code == 404


def test_clusters_that_are_not_there_read_nothing(teacher: TestClient) -> None:
    answer = teacher.post("/api/v1/class/reader", json={"clustering": "digits.raw.x", "names": ["1"]})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no clustering 'digits.raw.x' any more; make it again."


@pytest.mark.parametrize("title", ["../../etc/passwd", "a/b\\c", "...", "Ünser Jahr 2026"])
def test_what_is_kept_stays_in_the_folder(
    teacher: TestClient, school_class: SchoolClass, tmp_path: Path, title: str
) -> None:
    school_class.room.change(as_they_come=True)
    draw(school_class)
    file = Path(teacher.post("/api/v1/class/keep", json={"title": title}).json()["file"])
    assert file.parent == (tmp_path / "projects").resolve() and file.suffix == ".ink"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_folder_whose_name_is_no_text_is_told_in_escapes(
    teacher: TestClient, school_class: SchoolClass, sets: LearnSets, tmp_path: Path
) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    sets._places = (folder,)
    school_class.room.change(as_they_come=True)
    draw(school_class)
    kept = teacher.post("/api/v1/class/keep", json={"title": "3b"}).json()["file"]
    assert kept.endswith("caf\\udce9/3b.ink")
    assert teacher.get("/api/v1/class").json()["kept"] == kept
    school_class.room.summary().encode()


def test_the_code_is_short_and_has_no_letters_that_look_alike() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {6}
    assert set("".join(codes)) <= set(CODE_LETTERS) and not set("0o1il") & set(CODE_LETTERS)
