"""How much phones may ask for and send: a class passes, behind one address too; a flood does not."""

from collections import Counter
from random import Random

import pytest

from inkmeans.web._class_limits import ARRIVALS, DRAWINGS, REQUESTS, Limit, Rate, Rates, network_of


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_phone_may_send_some_at_once_and_then_one_a_second(clock: Clock) -> None:
    limit = Limit(DRAWINGS, clock)
    assert [limit.admit("a", "phone") for _ in range(5)] == [0] * 5
    assert limit.admit("a", "phone") == pytest.approx(1)
    clock.now += 1
    assert limit.admit("a", "phone") == 0
    clock.now += 0.4
    assert limit.admit("a", "phone") == pytest.approx(0.6)
    assert limit.admit("a", "other") == 0
    clock.now += 3600
    assert [limit.admit("a", "phone") == 0 for _ in range(6)] == [True] * 5 + [False]


def test_who_tries_on_without_a_pause_gets_nothing(clock: Clock) -> None:
    limit = Limit(DRAWINGS, clock)
    taken = []
    for _ in range(600):
        clock.now += 0.1
        taken.append(limit.admit("a", "phone") == 0)
    assert sum(taken) == sum(taken[:20]) <= 7
    clock.now += 2
    assert limit.admit("a", "phone") == 0


def test_who_is_refused_uses_up_nothing_of_others(clock: Clock) -> None:
    limit = Limit(Rates(Rate(1, 1), Rate(10, 1), Rate(10, 1)), clock)
    assert limit.admit("a", "one") == 0
    for _ in range(100):
        assert limit.admit("a", "one") > 0
    assert sum(limit.admit("a", str(number)) == 0 for number in range(9)) == 9


@pytest.mark.parametrize("addresses", [1, 30])
def test_thirty_phones_that_draw_20_times_a_minute_are_never_slowed(clock: Clock, addresses: int) -> None:
    requests, drawings, random = Limit(REQUESTS, clock), Limit(DRAWINGS, clock), Random(0)
    times = sorted((random.uniform(0, 120), phone) for phone in range(30) for _ in range(40))
    for time, phone in times:
        clock.now = time
        address = str(phone % addresses)
        assert requests.admit(address, str(phone)) == 0
        assert drawings.admit(address, str(phone)) < 1  # now and then six within a second or two: its own burst
        for _ in range(2):  # and asks now and then
            assert requests.admit(address, str(phone)) == 0


def test_a_whole_class_opens_the_page_at_once_behind_one_address(clock: Clock) -> None:
    requests, arrivals = Limit(REQUESTS, clock), Limit(ARRIVALS, clock)
    for phone in range(30):
        clock.now += 0.05
        for _ in range(8):  # the page and its files: the phone has no cookie yet
            assert requests.admit("school", None) == 0
        assert arrivals.admit("school", None) == 0
        assert requests.admit("school", str(phone)) == 0


def test_behind_one_address_who_floods_is_slowed_and_the_class_is_not(clock: Clock) -> None:
    drawings, refused = Limit(DRAWINGS, clock), Counter[str]()
    for tick in range(60 * 50):
        clock.now = tick / 50
        for flooder in range(60):  # as many cookies as one may get
            if drawings.admit("school", f"flooder {flooder}"):
                refused["flooder"] += 1
        if tick % 5 == 0:  # ten a second, of thirty phones
            phone = f"phone {tick // 5 % 30}"
            refused["phone"] += drawings.admit("school", phone) > 0
    assert refused["phone"] == 0
    assert refused["flooder"] > 0.99 * 60 * 60 * 50


def test_a_flood_from_elsewhere_leaves_the_class_its_part(clock: Clock) -> None:
    requests = Limit(REQUESTS, clock)
    for tick in range(6000):
        clock.now = tick / 100
        for flooder in range(20):
            requests.admit(f"elsewhere {tick % 50}", None if flooder % 2 else f"phone {flooder}")
        if tick % 3 == 0:
            assert requests.admit("school", f"pupil {tick // 3 % 30}") == 0


def test_a_flood_of_phones_and_addresses_does_not_grow_the_tables(clock: Clock) -> None:
    limit = Limit(DRAWINGS, clock)
    for number in range(20_000):
        clock.now += 0.001
        limit.admit(f"address {number}", f"phone {number}")
    assert len(limit) <= 4000


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.168.1.20", "192.168.1.20"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.168.1.20", "192.168.1.20"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_of_ipv6_the_network_counts(address: str, network: str) -> None:
    assert network_of(address) == network
