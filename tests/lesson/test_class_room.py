"""The room of a class: what phones send, what waits, what is shown, and that all of it is gone at the end."""

import gc
import weakref
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans import Project
from inkmeans.errors import InputError
from inkmeans.images import Drawing, read_strokes
from inkmeans.lesson import ClassRoom, Clusterings, LearnSets, NotTakenError, ReadBy, _class_phones, _class_room
from inkmeans.normalize import normalize
from inkmeans.records import GlyphReading

DRAWINGS = read_strokes(Path(__file__).parents[2] / "examples" / "drawings.json")
ONE = DRAWINGS[1]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(tmp_path: Path, clock: Clock) -> ClassRoom:
    return ClassRoom(LearnSets([tmp_path]), random=Random(0), clock=clock)


def fill(room: ClassRoom, n: int, **settings: bool) -> list[int]:
    """Let a phone send n drawings, and return their numbers."""
    room.change(as_they_come=True, **settings)
    phone = room.enter()
    for drawing in DRAWINGS[:n]:
        room.add(phone, drawing, asked=room.ask(phone).ask)
    return [one.id for one in room.news().drawings]


def test_a_drawing_waits_is_shown_and_is_taken_out(room: ClassRoom) -> None:
    phone = room.enter()
    told = room.add(phone, ONE)
    assert (told.n_sent, told.n_left, told.is_open, told.says) == (1, 199, True, None)
    [one] = room.news().drawings
    assert (one.state, one.phone, one.asked, one.reading) == ("waiting", phone, None, None)
    assert room.move([one.id, 99], "shown") == 1
    assert room.move([one.id], "shown") == 0
    assert [(each.id, each.state) for each in room.news().drawings] == [(one.id, "shown")]
    room.move([one.id], "out")
    news = room.news()
    assert (news.n_waiting, news.n_shown, news.drawings[0].state) == (0, 0, "out")
    room.move([one.id], "waiting")
    assert room.news().n_waiting == 1


def test_drawings_are_shown_as_they_come_where_the_teacher_wants_it(room: ClassRoom) -> None:
    room.change(as_they_come=True)
    phone = room.enter()
    assert room.ask(phone).as_they_come
    room.add(phone, ONE)
    assert room.news().n_shown == 1


def test_the_glyph_is_what_the_reader_of_the_page_would_see(room: ClassRoom) -> None:
    fill(room, 10)
    from inkmeans.images import rasterize
    from inkmeans.lesson._pad import scale_drawing

    for drawing, one in zip(DRAWINGS, room.news().drawings, strict=False):
        picture = rasterize(scale_drawing(drawing, 128))
        assert np.array_equal(one.painted.unpacked(), picture)
        assert np.array_equal(one.painted.glyph, normalize(picture[None], ink="bright", ink_max=255.0).glyphs[0])


def test_news_tell_what_changed_since_and_no_more(room: ClassRoom) -> None:
    ids = fill(room, 5)
    before = room.news().revision
    assert room.news(before).drawings == ()
    room.move([ids[1], ids[3]], "out")
    news = room.news(before)
    assert [(one.id, one.state) for one in news.drawings] == [(ids[1], "out"), (ids[3], "out")]
    assert news.revision == before + 2 == room.revision
    assert len(room.news(10**9).drawings) == 5  # a revision of another server


def test_much_is_told_in_parts(room: ClassRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = fill(room, 10)
    monkeypatch.setattr(_class_room, "NEWS", 4)
    since, parts = 0, []
    while since != room.revision:
        news = room.news(since)
        since = news.revision
        parts.append([one.id for one in news.drawings])
    assert parts == [ids[:4], ids[4:8], ids[8:]]


def test_each_change_is_told_to_who_listens(room: ClassRoom) -> None:
    told: list[int] = []
    room.on_change(lambda: told.append(room.revision))
    phone = room.enter()
    room.add(phone, ONE)
    room.move([1], "shown")
    room.change(prompts=False)
    room.stop(phone)
    room.read_by(None)
    room.end()
    assert len(told) == 7 and sorted(set(told)) == told


def test_all_ten_digits_are_asked_for_equally_often(room: ClassRoom) -> None:
    phones = [room.enter() for _ in range(6)]
    for turn in range(10):
        for phone in phones:
            ask = room.ask(phone).ask
            assert ask is not None and ask == room.ask(phone).ask  # it stays until a drawing comes
            room.add(phone, DRAWINGS[turn], asked=ask)
    counts = Counter(one.asked for one in room.news().drawings)
    assert sorted(counts) == list("0123456789")
    assert max(counts.values()) - min(counts.values()) <= 1
    own = [one.asked for one in room.news().drawings if one.phone == phones[0]]
    assert len(set(own)) >= 7


def test_what_others_are_asked_for_now_is_not_asked_for_again(room: ClassRoom, clock: Clock) -> None:
    phones = [room.enter() for _ in range(10)]
    asked = {room.ask(phone).ask for phone in phones}
    assert asked == set("0123456789")
    clock.now += 100  # all of them are gone
    late = [room.enter() for _ in range(10)]
    assert {room.ask(phone).ask for phone in late} == set("0123456789")


def test_the_truth_is_what_was_asked_for_and_nothing_else(room: ClassRoom) -> None:
    phone = room.enter()
    ask = room.ask(phone).ask
    assert ask is not None
    other = next(digit for digit in "0123456789" if digit != ask)
    room.add(phone, ONE, asked=other)
    room.add(phone, ONE, asked=ask)
    room.change(prompts=False)
    assert room.ask(phone).ask is None
    room.add(phone, ONE)
    room.add(phone, ONE, asked=ask)  # it waited in the phone since
    assert [one.asked for one in room.news().drawings] == [None, ask, None, ask]


def test_a_drawing_that_is_sent_twice_is_taken_once(room: ClassRoom) -> None:
    phone, other = room.enter(), room.enter()
    first = room.add(phone, ONE, key="a")
    again = room.add(phone, ONE, key="a")
    assert (again.n_sent, again.n_left) == (first.n_sent, first.n_left)
    room.add(other, ONE, key="a")
    room.add(phone, ONE, key="b")
    assert room.news().n_waiting == 3
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: room.add(phone, ONE, key="c"), range(16)))
    assert room.news().n_waiting == 4


def test_a_closed_room_takes_nothing_and_says_why(room: ClassRoom) -> None:
    phone = room.enter()
    room.change(is_open=False)
    told = room.ask(phone)
    assert (told.is_open, told.ask, told.is_ended) == (False, None, False)
    assert told.says == "No drawings are taken at the moment; wait for your teacher."
    with pytest.raises(NotTakenError) as caught:
        room.add(phone, ONE)
    assert (caught.value.why, str(caught.value)) == ("closed", told.says)
    room.change(is_open=True)
    assert room.ask(phone).is_open


def test_a_phone_that_is_stopped_has_nothing_in_the_room_and_adds_nothing(room: ClassRoom) -> None:
    bad, good = room.enter(), room.enter()
    for phone in (bad, good, bad):
        room.add(phone, ONE)
    room.stop(bad)
    assert [(one.phone, one.state) for one in room.news().drawings] == [(good, "waiting"), (bad, "out"), (bad, "out")]
    with pytest.raises(NotTakenError, match=r"^No more drawings are taken from this phone\.$") as caught:
        room.add(bad, ONE)
    assert caught.value.why == "stopped"
    assert room.news().stopped == (bad,)
    room.stop(bad, is_stopped=False)
    assert room.news().stopped == ()
    room.add(bad, ONE)
    room.stop(1234)  # one that is not there


def test_a_phone_may_send_so_many(room: ClassRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (_class_room, _class_phones):
        monkeypatch.setattr(module, "MOST_OF_A_PHONE", 3)
    phone = room.enter()
    assert [room.add(phone, ONE).n_left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(NotTakenError, match=r"^You have sent 3 drawings; .+ Thank you!$") as caught:
        room.add(phone, ONE)
    assert caught.value.why == "full"
    assert room.ask(phone).says == str(caught.value)


def test_a_full_room_forgets_what_was_taken_out_and_then_takes_no_more(
    room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_class_room, "MOST_DRAWINGS", 4)
    ids = fill(room, 4)
    phone = room.enter()
    with pytest.raises(NotTakenError, match=r"^The room has 4 drawings; that is as many as there may be\.$"):
        room.add(phone, ONE)
    room.move([ids[2], ids[0]], "out")
    room.add(phone, ONE)
    assert [one.id for one in room.news().drawings] == [ids[1], ids[3], ids[0], ids[3] + 1]
    assert room.news().n_shown == 3


@pytest.mark.parametrize(
    ("drawing", "why", "sentence"),
    [
        (Drawing((), 100, 100, 8.0), "unreadable", "The drawing is empty; draw one digit, large."),
        (Drawing((((50.0, 50.0),),), 100, 100, 1.0), "unreadable", "That shows no digit; draw one, large, "),
        (
            Drawing((tuple((50.0, 100.0 * (i % 2)) for i in range(3000)),), 100, 100, 8.0),
            "too much",
            "The drawing has too many long strokes; draw one digit, with a few.",
        ),
        (Drawing((((-40000.0, 40000.0), (-40000.0, 40001.0)),), 100, 100, 8.0), "unreadable", "The drawing is empty; "),
    ],
)
def test_what_is_no_digit_is_not_taken(room: ClassRoom, drawing: Drawing, why: str, sentence: str) -> None:
    with pytest.raises(NotTakenError) as caught:
        room.add(room.enter(), drawing)
    assert caught.value.why == why and str(caught.value).startswith(sentence)
    assert room.news().n_waiting == 0


def test_a_drawing_takes_little_memory_whatever_was_sent(room: ClassRoom) -> None:
    random = np.random.default_rng(0)
    wild = tuple(tuple(map(tuple, random.uniform(0, 1000, (4, 2)).tolist())) for _ in range(6))
    for drawing in (Drawing(wild, 1000, 1000, 2.0), ONE):
        room.add(room.enter(), drawing)
    assert [len(one.painted.picture) < 16_384 for one in room.news().drawings] == [True, True]
    assert len(room.news().drawings[1].painted.picture) < 1500


def test_what_is_shown_becomes_a_set_with_the_truths_that_are_known(room: ClassRoom, tmp_path: Path) -> None:
    sets = room._sets
    with pytest.raises(InputError, match=r"^No drawing is shown yet; show some first\.$"):
        room.make_set()
    ids = fill(room, 6)
    room.move(ids[:2], "waiting")
    made = room.make_set()
    assert (made.title, made.n_glyphs, made.has_truths, made.kind) == ("Our class, 4 drawings", 4, True, "class")
    shown = {one.id: one for one in room.news().drawings if one.state == "shown"}
    assert made.truths().tolist() == [shown[number].asked for number in ids[2:]]
    glyphs = sets.glyphs(made, "normalized").images
    assert np.array_equal(glyphs, np.stack([shown[number].painted.glyph for number in ids[2:]]))
    assert sets.glyphs(made, "raw").images.shape == (4, 8, 8)
    assert sets.find(made.set) is made and room.make_set().set == made.set
    originals = made.originals()
    assert np.array_equal(normalize(originals.images, ink=originals.ink, ink_max=originals.ink_max).glyphs, glyphs)


def test_what_is_shown_is_kept_as_a_project_that_is_offered(room: ClassRoom, tmp_path: Path) -> None:
    fill(room, 5)
    path = room.keep("Our class, 3b!")
    assert path == tmp_path / "our-class-3b.ink"
    with Project.open(path, read_only=True) as project:
        assert len(project) == 5 and project.verdicts == ["glyph"] * 5
        assert project.truths == [one.asked for one in room.news().drawings]
        assert project.sources is not None and project.sources[0].startswith("class 1, asked for ")
        assert np.array_equal(project.glyphs, np.stack([one.painted.glyph for one in room.news().drawings]))
    assert room.news().kept == str(path.resolve())
    assert [each.title for each in room._sets.known()][1:] == ["our-class-3b"]
    room.change(prompts=False)
    phone = room.enter()
    room.add(phone, ONE)
    again = room.keep("Our class, 3b!")
    assert again == tmp_path / "our-class-3b-2.ink"  # never over another file
    with Project.open(again, read_only=True) as project:
        assert project.truths is None  # not all are known
        assert project.sources is not None and project.sources[-1] == "class 6, drawn freely"


def test_what_one_class_kept_is_not_told_of_the_next(room: ClassRoom) -> None:
    fill(room, 2)
    path = room.keep("first")
    phone = room.enter()
    round = room.ask(phone).round
    room.end()
    assert room.news().kept == str(path.resolve())  # at the end it is said where they are
    room.change(is_open=True)
    assert room.news().kept is None
    assert room.ask(phone).round != round
    fill(room, 2)
    assert room.news().kept is None
    second = room.keep("second")
    assert room.news().kept == str(second.resolve())


class Reads:
    """A reader that counts."""

    def __init__(self, during: Callable[[], Any] = lambda: None) -> None:
        self.during = during

    def read_glyphs(self, images: NDArray[np.uint8], ink: str, ink_max: float) -> list[GlyphReading]:
        self.during()
        assert (images.shape, ink, ink_max) == ((1, 28, 28), "bright", 255.0)
        return [GlyphReading("7", 0.75, (0, 0, 28, 28))]


def test_from_then_on_drawings_are_read(room: ClassRoom) -> None:
    phone = room.enter()
    room.add(phone, ONE)
    room.read_by(ReadBy(2, ("7", None), Reads()))
    told = room.add(phone, ONE, key="a")
    assert told.reading is not None and told.reading.text == "7"
    assert room.add(phone, ONE, key="a").reading == told.reading
    assert room.ask(phone).reading is None
    assert [one.reading is None for one in room.news().drawings] == [True, False]
    read_by = room.news().read_by
    assert read_by is not None and (read_by.k, read_by.names) == (2, ("7", None))
    room.read_by(None)
    assert room.add(phone, ONE).reading is None


@pytest.mark.slow  # clusters, and trains a reader
def test_clusters_that_the_class_named_read_its_next_drawing(room: ClassRoom) -> None:
    fill(room, 40)
    clusterings = Clusterings(room._sets)
    made = clusterings.make(room.make_set(), "inkmeans", 8)
    truths = made.learn_set.truths()
    names = [str(truths[middle]) for middle in made.grouping.middles]
    room.read_by(ReadBy(made.k, tuple(names), clusterings.reader(made, names)))
    told = room.add(room.enter(), DRAWINGS[45])
    assert told.reading is not None and 0 < told.reading.confidence <= 1


def test_at_the_end_all_is_deleted_and_phones_are_told(room: ClassRoom, tmp_path: Path) -> None:
    fill(room, 4)
    path = room.keep("kept")
    made = room.make_set()
    forgotten: list[str] = []
    room.at_end(forgotten.extend)
    room.read_by(ReadBy(1, ("7",), Reads()))
    painted = [weakref.ref(one.painted) for one in room.news().drawings]
    before = room.news()
    revision, round = before.revision, before.round
    del before, made
    assert room.end() == 4
    gc.collect()
    assert [one() for one in painted] == [None] * 4
    news = room.news(revision)
    assert (news.drawings, news.n_waiting, news.n_shown, news.read_by, news.is_ended, news.is_open) == (
        (), 0, 0, None, True, False,
    )  # fmt: skip
    assert news.round != round and news.kept == str(path.resolve()) and path.exists()
    assert [each.kind for each in room._sets.known()] == ["builtin", "project"]
    assert len(forgotten) == 1
    told = room.ask(1)
    assert (told.is_ended, told.n_sent, told.says) == (
        True, 0, "The class has ended, and its drawings were deleted. Thank you!",
    )  # fmt: skip
    with pytest.raises(NotTakenError, match=r"^The class has ended"):
        room.add(1, ONE)
    assert room.summary() == f"4 drawings of the class were deleted; kept: {path}."
    room.change(is_open=True)  # it begins anew
    room.add(1, ONE)
    assert (room.news(news.revision).n_shown, room.news().is_ended) == (1, False)


def test_without_anything_kept_the_summary_says_so(room: ClassRoom) -> None:
    assert room.summary() == "0 drawings of the class were deleted; none were kept."
    room.add(room.enter(), ONE)
    room.end()
    assert room.summary() == "1 drawing of the class was deleted; none were kept."


def test_what_came_while_the_class_ended_is_not_taken_into_the_next(room: ClassRoom) -> None:
    painting, ended = Event(), Event()

    def wait() -> None:
        painting.set()
        assert ended.wait(10)

    room.read_by(ReadBy(1, ("7",), Reads(wait)))
    phone = room.enter()
    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(room.add, phone, ONE)
        assert painting.wait(10)
        room.end()
        room.change(is_open=True)
        ended.set()
        with pytest.raises(NotTakenError, match=r"^The class has ended"):
            adding.result()
    assert room.news().drawings == ()


def test_a_reader_that_learned_while_the_class_ended_reads_nothing_of_the_next(room: ClassRoom) -> None:
    round = room.round
    room.end()
    with pytest.raises(InputError, match=r"^The class has ended"):
        room.read_by(ReadBy(1, ("7",), Reads()), round)
    assert room.news().read_by is None
    room.read_by(ReadBy(1, ("7",), Reads()), room.round)
    assert room.news().read_by is not None


def test_a_project_that_is_saved_of_the_classs_clusters_counts_as_kept(room: ClassRoom, tmp_path: Path) -> None:
    fill(room, 4)
    made = room.make_set()
    room.note_saved("digits", tmp_path / "other.ink")
    assert room.news().kept is None
    room.note_saved(made.set, tmp_path / "named.ink")
    assert room.news().kept == str((tmp_path / "named.ink").resolve())
    room.end()
    assert room.summary() == f"4 drawings of the class were deleted; kept: {tmp_path / 'named.ink'}."


def test_two_that_are_kept_at_once_are_two_files(room: ClassRoom) -> None:
    fill(room, 3)
    with ThreadPoolExecutor(3) as pool:
        paths = list(pool.map(room.keep, ["3b"] * 3))
    assert sorted(path.name for path in paths) == ["3b-2.ink", "3b-3.ink", "3b.ink"]


def test_a_set_that_was_made_while_the_class_ended_is_forgotten(
    room: ClassRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(room, 3)
    add_glyphs = room._sets.add_glyphs

    def add_late(*arguments: Any) -> Any:
        room.end()
        return add_glyphs(*arguments)

    monkeypatch.setattr(room._sets, "add_glyphs", add_late)
    with pytest.raises(InputError, match=r"^The class has ended"):
        room.make_set()
    assert [each.set for each in room._sets.known()] == ["digits"]


def test_phones_that_were_not_heard_of_for_a_minute_are_not_counted(room: ClassRoom, clock: Clock) -> None:
    first, _ = room.enter(), room.enter()
    assert room.news().n_phones == 2
    clock.now += 50
    room.ask(first)
    clock.now += 20
    assert room.news().n_phones == 1
    room.leave(first)
    assert room.news().n_phones == 0
    room.add(first, ONE)  # it was sending when it was forgotten
    assert (room.news().n_waiting, room.news().n_phones) == (1, 0)


def test_many_threads_lose_nothing(room: ClassRoom) -> None:
    phones = [room.enter() for _ in range(8)]

    def draw(phone: int) -> None:
        for number in range(8):
            room.add(phone, DRAWINGS[number], asked=room.ask(phone).ask, key=str(number))
            room.move([one.id for one in room.news().drawings if one.phone == phone], "shown")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(draw, phones))
    news = room.news()
    assert (news.n_shown, news.n_waiting, len({one.id for one in news.drawings})) == (64, 0, 64)
    assert Counter(one.phone for one in news.drawings) == dict.fromkeys(phones, 8)
