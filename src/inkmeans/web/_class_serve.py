"""The phones' side of ``inkmeans serve --class``: the room's network, what is printed, and the second server."""

import asyncio
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Thread

import uvicorn

from inkmeans.errors import InputError
from inkmeans.lesson import ClassRoom
from inkmeans.web._class import Changes, SchoolClass, new_code, qr_rows
from inkmeans.web._listen import address_of, any_number, listen
from inkmeans.web._phone_app import create_phone_app
from inkmeans.web._phone_protocol import phone_config
from inkmeans.web._security import LOOPBACK

_NO_NETWORK = (
    "The phones' server needs the address of the room's network, and this machine seems to be in none; "
    "connect it, or name its address with --class-host."
)
# Of networks that no packet is sent to: asking the way there tells by which address this machine would leave.
_ELSEWHERE = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254")


_MOST_SECONDS = 8.0  # that the phones' server is waited for at the end; it takes three at most


@dataclass(frozen=True)
class ClassPlace:
    """Where the phones' server listens.

    Attributes
    ----------
    host : str or None
        The machine's address in the room's network; None finds the likely one.
    port : int
        0 takes any free port.
    """

    host: str | None = None
    port: int = 8018


def own_address() -> str:
    """Return the address by which this machine is likely reached in its network; nothing is sent.

    Raises
    ------
    InputError
        It seems to be in none.
    """
    for elsewhere in _ELSEWHERE:
        # Connecting a datagram socket chooses the way and sends nothing.
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            asked.connect((elsewhere, 9))
            found: str = asked.getsockname()[0]
            if not ip_address(found).is_loopback and not ip_address(found).is_unspecified:
                return found
    raise InputError(_NO_NETWORK)


def other_addresses(chosen: str) -> list[str]:
    """Return the addresses of this machine's other networks, as far as the system tells them without asking anybody."""
    try:
        import fcntl
    except ImportError:
        return []
    if not sys.platform.startswith("linux"):
        return []
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            with suppress(OSError):  # it has no address
                answer = fcntl.ioctl(asked.fileno(), 0x8915, name.encode()[:15].ljust(256, b"\0"))  # SIOCGIFADDR
                found.append(socket.inet_ntoa(answer[20:24]))
    return [one for one in found if one != chosen and not ip_address(one).is_loopback]


@contextmanager
def opened_class(place: ClassPlace, room: ClassRoom) -> Iterator[tuple[SchoolClass, socket.socket]]:
    """Open the phones' port and yield the class and its listener, which is closed at the end.

    Raises
    ------
    InputError
        The address or the port cannot be listened on.
    """
    host = place.host or own_address()
    listener = listen(host, place.port, option="--class-port", host_option="--class-host")
    try:
        port = listener.getsockname()[1]
        visible = own_address() if any_number(host) else host
        base = address_of(visible, port).rstrip("/")
        where = "in all its networks" if any_number(host) else f"at {visible}"
        yield SchoolClass(room, base, new_code(), reach(where, port)), listener
    finally:
        listener.close()


def reach(where: str, port: int) -> str:
    """Return who can reach what."""
    return (
        f"For the phones, this machine listens {where}, port {port}, in the room's network, unencrypted: everyone in "
        "that network who knows the code can add drawings; whoever listens in can see the drawings that are sent; "
        "nothing else of this machine can be reached there. The drawings are deleted at the end unless you keep them."
    )


def print_class(school_class: SchoolClass, place: ClassPlace) -> None:
    """Print what phones open, and who can reach what; on a terminal, as a QR code too."""
    print(f"Phones open {school_class.address}", flush=True)
    if sys.stdout.isatty():
        with suppress(UnicodeEncodeError):  # a terminal without block characters
            print(qr_text(school_class.address), flush=True)
    print(school_class.reach, flush=True)
    host = school_class.base.removeprefix("http://").rpartition(":")[0]
    others = other_addresses(host) if place.host is None else []
    if others:
        print(f"Not the room's network? This machine is also {' and '.join(others)}: --class-host.", file=sys.stderr)


def qr_text(text: str) -> str:
    """Return a QR code for a terminal: black on white whatever its colors are, two rows of modules in a line."""
    rows = qr_rows(text)
    light = "0" * (len(rows) + 8)
    rows = [light] * 4 + [f"0000{row}0000" for row in rows] + [light] * 4
    rows += [light] * (len(rows) % 2)
    blocks = {"00": " ", "10": "\N{UPPER HALF BLOCK}", "01": "\N{LOWER HALF BLOCK}", "11": "\N{FULL BLOCK}"}
    pairs = zip(rows[::2], rows[1::2], strict=True)
    lines = ["".join(blocks[a + b] for a, b in zip(top, bottom, strict=True)) for top, bottom in pairs]
    return "\n".join(f"\x1b[30;107m{line}\x1b[0m" for line in lines)


class EndingServer(uvicorn.Server):
    """A server at whose end nobody is left waiting for a change of the room, and which waits for nobody."""

    def __init__(self, config: uvicorn.Config, changes: Changes | None) -> None:
        super().__init__(config)
        self.changes = changes

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; answer first those who wait, and close in the end on those who do not take their answer."""
        if self.changes is not None:
            self.changes.end()
        grace = self.config.timeout_graceful_shutdown or 0
        closing = asyncio.get_running_loop().call_later(max(0.5, grace - 0.5), self._abort)
        try:
            await super().shutdown(sockets)
        finally:
            closing.cancel()
            self._abort()

    def _abort(self) -> None:
        for one in list(self.server_state.connections):
            transport = getattr(one, "transport", None)
            if transport is not None:
                transport.abort()


@contextmanager
def phones_served(school_class: SchoolClass, listener: socket.socket, host: str | None) -> Iterator[None]:
    """Serve the phones in a thread with an event loop of its own: a flood there holds up no answer to the teacher."""
    hosts = LOOPBACK | {"*", socket.gethostname().lower()} | ({host.lower()} if host else set())
    server = EndingServer(phone_config(create_phone_app(school_class, hosts=hosts)), school_class.changes)
    thread = Thread(target=_run, args=(lambda: server.run(sockets=[listener]),), name="inkmeans-phones", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_MOST_SECONDS)


def _run(serve: Callable[[], None]) -> None:
    try:
        serve()
    except BaseException:  # the last word of a thread
        traceback.print_exc()
        print("The phones' server ended; stop with Ctrl-C and start anew.", file=sys.stderr, flush=True)
