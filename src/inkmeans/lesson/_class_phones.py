"""The phones of a class: what each has sent, and which digit it is asked for next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random

DIGITS = "0123456789"
MOST_OF_A_PHONE = 200
"""Drawings."""
ENDED = "The class has ended, and its drawings were deleted. Thank you!"
_KEYS_KEPT = 20  # of the drawings that a phone sent last


@dataclass
class Phone:
    """What is known of a phone.

    Attributes
    ----------
    number : int
        In order of arrival.
    seen : float
        When it was heard of last, in seconds.
    n_sent : int
    ask : str or None
        The digit that it is asked for now.
    asked : set of str
        All that it was asked for.
    is_stopped : bool
        Nothing more is taken from it.
    keys : OrderedDict of str to int
        What the phone called its last drawings, and their numbers.
    """

    number: int
    seen: float
    n_sent: int = 0
    ask: str | None = None
    asked: set[str] = field(default_factory=set)
    is_stopped: bool = False
    keys: OrderedDict[str, int] = field(default_factory=OrderedDict)

    def sent(self, key: str | None, drawing: int) -> None:
        """Note a drawing; the phone is asked for another digit from now on."""
        self.n_sent += 1
        self.ask = None
        if key is not None:
            self.keys[key] = drawing
            while len(self.keys) > _KEYS_KEPT:
                self.keys.popitem(last=False)


def choose_digit(phone: Phone, drawn: Mapping[str, int], others: Iterable[Phone], random: Random) -> str:
    """Return the digit to ask a phone for: what the room has fewest of, so that all ten come equally often.

    What other phones are asked for at the moment counts as if it were there. Of equals, one that this phone was not
    asked for yet, then any.

    Parameters
    ----------
    phone : Phone
    drawn : mapping of str to int
        How many drawings of each digit the room has.
    others : iterable of Phone
        Those that are in the room now.
    random : random.Random
    """
    counts = {digit: drawn.get(digit, 0) for digit in DIGITS}
    for other in others:
        if other.ask is not None and other is not phone:
            counts[other.ask] += 1
    return min(DIGITS, key=lambda digit: (counts[digit], digit in phone.asked, random.random()))


def refusal(phone: Phone, n_left: int, *, is_open: bool, is_ended: bool) -> str | None:
    """Return why no drawing is taken from a phone, or None."""
    if phone.is_stopped:
        return "No more drawings are taken from this phone."
    if not is_open:
        return ENDED if is_ended else "No drawings are taken at the moment; wait for your teacher."
    if not n_left:
        return f"You have sent {MOST_OF_A_PHONE} drawings; that is as many as a phone may. Thank you!"
    return None
