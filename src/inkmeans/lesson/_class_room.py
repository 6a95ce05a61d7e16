"""The room of a class that draws together: what phones send, what waits for the teacher's nod, and what is shown."""

from __future__ import annotations

import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random
from threading import Lock

import numpy as np

from inkmeans.errors import InputError
from inkmeans.images import Drawing
from inkmeans.lesson._class_drawings import ClassDrawing, DrawingState, NotTakenError, originals, paint
from inkmeans.lesson._class_phones import ENDED, MOST_OF_A_PHONE, Phone, choose_digit, refusal
from inkmeans.lesson._class_records import News, ReadBy, Told, read_painted, summary
from inkmeans.lesson._library import LearnSets
from inkmeans.lesson._sets import LearnSet, as_text
from inkmeans.naming import Project

MOST_DRAWINGS = 5000
"""Of a room; then those that were taken out make place, the oldest first."""
NEWS = 500
"""So many changed drawings are told at once, at most."""
_HERE = 60.0  # seconds after which a phone that was not heard of counts as gone


class ClassRoom:
    """The drawings of a class, in memory only; safe from several threads.

    Phones add drawings. They wait until the teacher shows them, unless they are to be shown as they come.

    Parameters
    ----------
    sets : LearnSets
        Gets what is shown as a set, when the teacher wants to watch k-means on it, and the projects that are kept.
    random, clock
        For tests.
    """

    def __init__(
        self,
        sets: LearnSets,
        *,
        random: Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sets = sets
        self._forgets: list[Callable[[Sequence[str]], None]] = [sets.forget]
        self._random = random or Random(secrets.randbits(64))
        self._clock = clock
        self._lock = Lock()
        self._keeping = Lock()
        self._listeners: list[Callable[[], None]] = []
        self._revision = 1
        self._round_began = 0
        self._round = secrets.token_hex(4)
        self._drawings: OrderedDict[int, ClassDrawing] = OrderedDict()  # in the order of their last change
        self._counts: Counter[str] = Counter()  # of each state
        self._asked: Counter[str] = Counter()  # of each digit, of what was not taken out
        self._n_deleted = 0
        self._next_drawing = 1
        self._phones: dict[int, Phone] = {}
        self._next_phone = 1
        self._is_open = True
        self._as_they_come = False
        self._prompts = True
        self._read_by: ReadBy | None = None
        self._names_of_sets: list[str] = []
        self._kept: list[Path] = []
        self._is_ended = False
        self._n_kept_before = 0

    def on_change(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after each change, from whatever thread made it."""
        self._listeners.append(listener)

    def at_end(self, forget: Callable[[Sequence[str]], None]) -> None:
        """Have `forget` called with the names of the class's sets when the class ends."""
        self._forgets.append(forget)

    # --- phones -------------------------------------------------------------------------------------------------------

    def enter(self) -> int:
        """Return the number of a new phone."""
        with self._lock:
            number = self._next_phone
            self._next_phone += 1
            self._phones[number] = Phone(number, self._clock())
            self._revision += 1
        self._tell()
        return number

    def leave(self, phone: int) -> None:
        """Forget a phone; its drawings stay."""
        with self._lock:
            self._phones.pop(phone, None)

    def ask(self, phone: int) -> Told:
        """Return what a phone is told: the digit to draw stays the same until a drawing comes."""
        with self._lock:
            return self._told(self._heard_of(phone))

    def add(
        self, phone: int, drawing: Drawing, *, asked: str | None = None, key: str | None = None, round: str = ""
    ) -> Told:
        """Take a drawing, and return what the phone is told.

        Parameters
        ----------
        phone : int
        drawing : Drawing
        asked : str or None
            What the phone had been asked for; the drawing's truth, if it really had been.
        key : str or None
            The phone's own name of the drawing: sent twice, because an answer was lost, it is taken once.
        round : str
            The class that it was drawn for, as the phone was told; "" is the present one.

        Raises
        ------
        NotTakenError
        """
        with self._lock:
            known = self._heard_of(phone)
            if (already := self._already(known, key)) is not None:
                return already
            round = round or self._round
            self._check_open(known, round)
        painted = paint(drawing)  # outside of the lock: this is what takes time
        read_by = self._read_by
        reading = None if read_by is None else read_painted(read_by.reader, painted)
        with self._lock:
            known = self._heard_of(phone)
            if (already := self._already(known, key)) is not None:  # the other of the two was faster
                return already
            self._check_open(known, round)
            self._make_place()
            number = self._next_drawing
            self._next_drawing += 1
            self._revision += 1
            state: DrawingState = "shown" if self._as_they_come else "waiting"
            truth = asked if asked in known.asked else None
            self._drawings[number] = ClassDrawing(number, phone, state, truth, painted, reading, self._revision)
            self._tally(self._drawings[number], 1)
            known.sent(key, number)
            told = replace(self._told(known), reading=reading)
        self._tell()
        return told

    def _heard_of(self, number: int) -> Phone:
        """Return a phone; one that was forgotten while it sent something is not remembered again."""
        phone = self._phones.get(number) or Phone(number, 0.0)
        phone.seen = self._clock()
        return phone

    def _already(self, phone: Phone, key: str | None) -> Told | None:
        if key is None or key not in phone.keys:
            return None
        drawing = self._drawings.get(phone.keys[key])
        return replace(self._told(phone), reading=drawing.reading if drawing else None)

    def _told(self, phone: Phone) -> Told:
        n_left = max(0, MOST_OF_A_PHONE - phone.n_sent)
        takes = self._is_open and not phone.is_stopped and n_left > 0
        if not takes or not self._prompts:
            phone.ask = None
        elif phone.ask is None:
            phone.ask = choose_digit(phone, self._asked, self._phones_here(), self._random)
            phone.asked.add(phone.ask)
        says = refusal(phone, n_left, is_open=self._is_open, is_ended=self._is_ended)
        return Told(takes, self._is_ended, self._as_they_come, phone.ask, phone.n_sent, n_left, says, None, self._round)

    def _check_open(self, phone: Phone, round: str) -> None:
        if round != self._round:
            raise NotTakenError("ended", ENDED)
        told = refusal(phone, MOST_OF_A_PHONE - phone.n_sent, is_open=self._is_open, is_ended=self._is_ended)
        if told is not None:
            raise NotTakenError("stopped" if phone.is_stopped else "closed" if not self._is_open else "full", told)

    def _make_place(self) -> None:
        if len(self._drawings) < MOST_DRAWINGS:
            return
        oldest = next((one.id for one in self._drawings.values() if one.state == "out"), None)
        if oldest is None:
            raise NotTakenError("full", f"The room has {MOST_DRAWINGS:,} drawings; that is as many as there may be.")
        self._tally(self._drawings.pop(oldest), -1)
        self._n_deleted += 1

    def _phones_here(self) -> list[Phone]:
        now = self._clock()
        return [phone for phone in self._phones.values() if now - phone.seen < _HERE]

    # --- the teacher --------------------------------------------------------------------------------------------------

    def news(self, since: int = 0) -> News:
        """Return what changed since a revision; everything where it is 0, unknown, or of before the class ended."""
        with self._lock:
            if not self._round_began <= since <= self._revision:
                since = 0
            changed = []
            for drawing in reversed(self._drawings.values()):
                if drawing.revision <= since:
                    break
                changed.append(drawing)
            told = tuple(islice(reversed(changed), NEWS))
            return News(
                self._round,
                told[-1].revision if len(told) < len(changed) else self._revision,
                self._is_open,
                self._as_they_come,
                self._prompts,
                len(self._phones_here()),
                self._counts["waiting"],
                self._counts["shown"],
                told,
                self._read_by,
                as_text(str(self._kept[-1].resolve())) if len(self._kept) > self._n_kept_before else None,
                tuple(phone.number for phone in self._phones.values() if phone.is_stopped),
                self._is_ended,
            )

    @property
    def revision(self) -> int:
        """How often something has changed."""
        return self._revision

    def change(
        self, *, is_open: bool | None = None, as_they_come: bool | None = None, prompts: bool | None = None
    ) -> None:
        """Change whether drawings are taken, shown without a nod, asked for digit by digit; None leaves it."""
        with self._lock:
            if is_open is not None:
                self._is_open = is_open
                if is_open and self._is_ended:  # another class: what the former kept is not of its drawings
                    self._n_kept_before = len(self._kept)
                self._is_ended = self._is_ended and not is_open
            self._as_they_come = self._as_they_come if as_they_come is None else as_they_come
            self._prompts = self._prompts if prompts is None else prompts
            self._revision += 1
        self._tell()

    def move(self, ids: Iterable[int], state: DrawingState) -> int:
        """Show drawings, take them out, or let them wait again; return how many of them changed their state.

        Numbers of drawings that are not there any more are passed over.
        """
        with self._lock:
            n_changed = sum(self._move(number, state) for number in ids)
        if n_changed:
            self._tell()
        return n_changed

    def stop(self, phone: int, *, is_stopped: bool = True) -> None:
        """Take all drawings of a phone out, and take none from it any more; or take them again."""
        with self._lock:
            known = self._phones.get(phone)
            if known is not None:
                known.is_stopped = is_stopped
            if is_stopped:
                for number in [one.id for one in self._drawings.values() if one.phone == phone]:
                    self._move(number, "out")
            self._revision += 1
        self._tell()

    @property
    def round(self) -> str:
        """The name of the class's round: another one once it has ended."""
        return self._round

    def read_by(self, read_by: ReadBy | None, round: str | None = None) -> None:
        """From now on, read the drawings that come by named clusters; None reads no more.

        Raises
        ------
        InputError
            The class of that round, from whose drawings the reader learned, has ended meanwhile.
        """
        with self._lock:
            if round is not None and round != self._round:
                raise InputError(ENDED)
            self._read_by = read_by
            self._revision += 1
        self._tell()

    def make_set(self) -> LearnSet:
        """Return what is shown now as a set that k-means can be watched on; InputError where nothing is."""
        round, shown = self._round, self._shown()
        title = f"Our class, {len(shown)} drawing{'s' if len(shown) > 1 else ''}"
        glyphs = np.stack([one.painted.glyph for one in shown])
        pads = np.stack([one.painted.pad for one in shown])
        truths = [one.asked or "" for one in shown]
        made = self._sets.add_glyphs(title, glyphs, pads, truths, lambda: originals(shown))
        with self._lock:
            self._names_of_sets.append(made.set)
            has_ended = round != self._round
        if has_ended:  # meanwhile
            self._forget_sets()
            raise InputError(ENDED)
        return made

    def keep(self, title: str) -> Path:
        """Write what is shown now into a new project file, and return where it is; it outlives the class.

        Raises
        ------
        InputError
            Nothing is shown.
        FileError
            The file cannot be written.
        """
        shown = self._shown()
        given, truths = originals(shown), [one.asked for one in shown]
        with self._keeping:  # of two at once, the second takes the next name
            path = self._sets.free_path(title)
            Project.create(
                path,
                given.images,
                sources=given.sources,
                truths=None if None in truths else truths,  # a project has them of all glyphs or of none
                ink=given.ink,
                ink_max=given.ink_max,
            ).close()
            self._sets.offer(path)
        self._note_kept(path)
        return path

    def note_saved(self, name: str, path: Path) -> None:
        """Note a project that was written of a set; it outlives the class, if the set is the class's."""
        if name in self._names_of_sets:
            self._note_kept(path)

    def _note_kept(self, path: Path) -> None:
        with self._lock:
            self._kept.append(path)
            self._revision += 1
        self._tell()

    def end(self) -> int:
        """Delete all drawings and what was made of them, and return how many there were; kept files stay."""
        with self._lock:
            n_drawings = len(self._drawings)
            self._n_deleted += n_drawings
            self._drawings.clear()
            self._counts.clear()
            self._asked.clear()
            self._read_by = None
            self._is_open = False
            self._is_ended = True
            for phone in self._phones.values():
                phone.n_sent, phone.ask, phone.is_stopped = 0, None, False
                phone.asked.clear()
            self._round = secrets.token_hex(4)
            self._revision += 1
            self._round_began = self._revision
        self._forget_sets()
        self._tell()
        return n_drawings

    def summary(self) -> str:
        """Return a sentence on what was deleted and kept, once the class has ended."""
        return summary(self._n_deleted, [as_text(str(path)) for path in self._kept])

    def _forget_sets(self) -> None:
        with self._lock:
            names, self._names_of_sets = self._names_of_sets, []
        for forget in self._forgets:
            forget(names)

    def _shown(self) -> list[ClassDrawing]:
        with self._lock:
            shown = [one for one in self._drawings.values() if one.state == "shown"]
        if not shown:
            raise InputError("No drawing is shown yet; show some first.")
        return sorted(shown, key=lambda one: one.id)

    def _move(self, number: int, state: DrawingState) -> bool:
        drawing = self._drawings.get(number)
        if drawing is None or drawing.state == state:
            return False
        self._revision += 1
        self._tally(drawing, -1)
        self._drawings[number] = replace(drawing, state=state, revision=self._revision)
        self._tally(self._drawings[number], 1)
        self._drawings.move_to_end(number)
        return True

    def _tally(self, drawing: ClassDrawing, by: int) -> None:
        self._counts[drawing.state] += by
        if drawing.asked is not None and drawing.state != "out":
            self._asked[drawing.asked] += by

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
