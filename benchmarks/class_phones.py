"""Simulated phones of a class, and one that floods it: a process of its own beside bench_class.py.

    python benchmarks/class_phones.py draw ADDRESS --phones 30 --a-minute 20 --seconds 120
    python benchmarks/class_phones.py flood ADDRESS --seconds 120

Each phone keeps its connection and its cookie, and what was refused it sends again, as the phones' page does. Prints
what happened as JSON; times are those of time.time().
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

EXAMPLES = Path(__file__).parents[1] / "examples" / "drawings.json"


class Phone:
    """One phone: a connection that is kept, and a cookie."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port, self.place = parts.hostname, parts.port, parts.path
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        self.cookie = ""

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any, float]:
        """Return status, document and Retry-After; 0 where the connection was lost."""
        headers = {"Cookie": self.cookie} if self.cookie else {}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body)
        try:
            self.connection.request(method, self.place + path, data, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return 0, None, 1.0
        given = answer.getheader("set-cookie")
        if given:
            self.cookie = given.partition(";")[0]
        is_json = (answer.getheader("content-type") or "").endswith("json")
        return answer.status, json.loads(text) if is_json else None, float(answer.getheader("retry-after") or 1)


def draw(address: str, n_phones: int, a_minute: float, seconds: float, seed: int) -> list[dict[str, Any]]:
    """Let phones draw what they are asked for; return each drawing: when it was sent and taken, how often tried."""
    drawings: dict[str, list[Any]] = {}
    for one in json.loads(EXAMPLES.read_text(encoding="utf-8"))["drawings"]:
        drawings.setdefault(one.pop("truth"), []).append(one)
    phones = [Phone(address) for _ in range(n_phones)]
    for phone in phones:  # one after the other: the room numbers them so
        while phone.ask("GET", "")[0] not in {200, 503} or phone.ask("GET", "/ask")[0] != 200:
            time.sleep(0.2)
    sent: list[dict[str, Any]] = []
    until = time.time() + seconds

    def live(number: int, phone: Phone) -> None:
        chance = random.Random(f"{seed} {number}")
        time.sleep(chance.uniform(0, 60 / a_minute))
        count = 0
        while time.time() < until:
            _, told, _ = phone.ask("GET", "/ask")
            digit = (told or {}).get("ask")
            drawing = chance.choice(drawings[digit or "8"])
            count += 1
            body = {**drawing, "asked": digit, "key": f"{number}-{count}"}
            one = {"phone": number + 1, "sent": time.time(), "tries": 0, "status": 0}
            sent.append(one)
            while one["status"] != 201 and time.time() < until + 30:
                one["tries"] += 1
                one["status"], _, wait = phone.ask("POST", "/drawings", body)
                if one["status"] in {0, 409, 429, 503}:
                    time.sleep(wait)
                elif one["status"] != 201:
                    break
            one["taken"] = time.time()
            time.sleep(max(0.0, one["sent"] + chance.uniform(0.7, 1.3) * 60 / a_minute - time.time()))

    run_together([lambda number=number, phone=phone: live(number, phone) for number, phone in enumerate(phones)])
    return sent


def flood(address: str, seconds: float) -> dict[str, Any]:
    """Ask, draw and guess as fast as it goes, over many connections; return how often which answer came."""
    until = time.time() + seconds
    body = json.loads(EXAMPLES.read_text(encoding="utf-8"))["drawings"][3]
    body.pop("truth")
    counts: dict[str, Counter[str]] = {}

    def repeat(what: str, do: Callable[[Phone], tuple[int, Any, float]]) -> None:
        phone, found = Phone(address), counts.setdefault(what, Counter())
        while time.time() < until:
            found[str(do(phone)[0])] += 1

    def as_new_phone(phone: Phone) -> tuple[int, Any, float]:
        phone.cookie = ""
        return phone.ask("POST", "/drawings", body)

    def guess(phone: Phone) -> tuple[int, Any, float]:
        phone.place = f"/{random.randrange(31**6):06x}"
        return phone.ask("GET", "/ask")

    def dawdle() -> None:
        parts, found = urlsplit(address), counts.setdefault("half a request", Counter())
        while time.time() < until:
            held: list[socket.socket] = []
            try:
                for _ in range(60):
                    held.append(socket.create_connection((str(parts.hostname), parts.port or 80), timeout=5))
                    held[-1].sendall(b"GET / HTTP/1.1\r\nX-A: ")
                    found["opened"] += 1
                for _ in range(8):
                    time.sleep(1)
                    for one in held:
                        one.sendall(b"a")
            except OSError:
                found["closed by the server"] += 1
            for one in held:
                one.close()

    works = [lambda: repeat("drawing with one cookie", lambda phone: phone.ask("POST", "/drawings", body))] * 4
    works += [lambda: repeat("drawing as a new phone each time", as_new_phone)] * 3
    works += [lambda: repeat("guessing the code", guess)] * 3
    run_together([*works, dawdle])
    return {what: dict(found) for what, found in counts.items()}


def run_together(works: list[Callable[[], None]]) -> None:
    """Run each in a thread until all have ended."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["draw", "flood"])
    parser.add_argument("address")
    parser.add_argument("--phones", type=int, default=30)
    parser.add_argument("--a-minute", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.what == "draw":
        found: Any = draw(given.address, given.phones, given.a_minute, given.seconds, given.seed)
    else:
        found = flood(given.address, given.seconds)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
