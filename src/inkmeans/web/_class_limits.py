"""How much phones may ask for and send: token buckets for each phone, for each address, and for all together.

In many schools all phones share one address, so an address is given what a large class needs, and the last part of
that is for phones that used little lately. A phone that is refused and tries on without a pause loses what it had left:
whoever floods is slowed before anybody else at the address is.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address


@dataclass(frozen=True)
class Rate:
    """Of so many at once, then so many a second."""

    burst: float
    a_second: float


@dataclass(frozen=True)
class Rates:
    """The rates of one kind of thing: of a phone, of an address, of all.

    `reserved` is the part of the burst of an address, and of all, that is for phones that used little.
    """

    phone: Rate
    address: Rate
    all: Rate
    reserved: float = 0.25


REQUESTS = Rates(Rate(40, 4), Rate(400, 60), Rate(1000, 150))
"""A phone that opens the page asks about ten times; 30 at once are 300."""
DRAWINGS = Rates(Rate(5, 1), Rate(75, 20), Rate(150, 40))
"""30 phones that draw 20 times a minute send 10 a second."""
DESK = Rates(Rate(200, 30), Rate(400, 60), Rate(400, 60), reserved=0)
"""Requests of the teacher's own phone: there is one, and it asks again as soon as it is answered."""
ARRIVALS = Rates(Rate(1, 1), Rate(60, 0.5), Rate(200, 2), reserved=0)
"""New phones."""
_FINE = 0.5  # tokens of its own that a phone loses when it is refused: who tries on without a pause gets nothing
_MOST = 2000  # buckets of a kind: of who was heard of last


class Bucket:
    """Tokens that are taken out one by one and come again with time."""

    __slots__ = ("_at", "_rate", "_tokens")

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._tokens = rate.burst
        self._at = now

    def share(self, now: float) -> float:
        """Return how full the bucket is, from 0 to 1."""
        self._tokens = min(self._rate.burst, self._tokens + (now - self._at) * self._rate.a_second)
        self._at = now
        return self._tokens / self._rate.burst

    def wait(self, now: float, left: float = 0.0) -> float:
        """Return after how many seconds a token can be taken and `left` remain; 0 for now."""
        self.share(now)
        return max(0.0, (1 + left - self._tokens) / self._rate.a_second)

    def take(self, n: float = 1) -> None:
        """Take tokens, as far as there are so many."""
        self._tokens = max(0.0, self._tokens - n)


class Limit:
    """The buckets of one kind of thing; used from one thread.

    Parameters
    ----------
    rates : Rates
    clock : callable
        Returns seconds.
    """

    def __init__(self, rates: Rates, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._clock = clock
        self._phones: OrderedDict[str, Bucket] = OrderedDict()
        self._addresses: OrderedDict[str, Bucket] = OrderedDict()
        self._all = Bucket(rates.all, clock())

    def __len__(self) -> int:
        return len(self._phones) + len(self._addresses)

    def admit(self, address: str, phone: str | None) -> float:
        """Return 0 and count one more, or after how many seconds it may be tried again.

        Parameters
        ----------
        address : str
            As `network_of` returns it.
        phone : str or None
            What is known of the phone; None for one that is not known.
        """
        now = self._clock()
        rates = self._rates
        at = _bucket(self._addresses, address, rates.address, now)
        asked = [(at, rates.address.burst), (self._all, rates.all.burst)]
        own = None if phone is None else _bucket(self._phones, phone, rates.phone, now)
        used = 1.0 if own is None else 1 - own.share(now)
        waits = [bucket.wait(now, rates.reserved * burst * used) for bucket, burst in asked]
        if own is not None:
            waits.append(own.wait(now))
        wait = max(waits)
        if wait == 0:
            for bucket, _ in asked:
                bucket.take()
        if own is not None:
            own.take(1 if wait == 0 else _FINE)
        return wait


def network_of(address: str) -> str:
    """Return an address, of IPv6 the half that names the network: a phone may choose the other half at will.

    Examples
    --------
    >>> network_of("192.168.1.20"), network_of("fd00::1:2:3:4")
    ('192.168.1.20', 'fd00::')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return address


def _bucket(known: OrderedDict[str, Bucket], key: str, rate: Rate, now: float) -> Bucket:
    found = known.get(key)
    if found is None:
        found = known[key] = Bucket(rate, now)
        if len(known) > _MOST:
            known.popitem(last=False)
    known.move_to_end(key)
    return found
