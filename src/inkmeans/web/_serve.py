"""``inkmeans serve``: takes a port, prints the address and runs the application until Ctrl-C."""

import secrets
import socket
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Thread

import uvicorn

from inkmeans.errors import InputError
from inkmeans.lesson import ClassRoom, LearnSets
from inkmeans.reader import Reader
from inkmeans.web._app import create_app
from inkmeans.web._class import SchoolClass
from inkmeans.web._class_serve import ClassPlace, EndingServer, opened_class, phones_served, print_class
from inkmeans.web._listen import address_of, any_number, listen
from inkmeans.web._models import SHIPPED_TITLE
from inkmeans.web._security import LOOPBACK, OneTimeCode
from inkmeans.web._static import PAGE_MISSING, find_static


def serve(
    host: str = "127.0.0.1",
    port: int = 8017,
    *,
    token: bool = True,
    open_browser: bool = False,
    reader: Reader | None = None,
    title: str = SHIPPED_TITLE,
    projects: Sequence[Path] = (),
    class_place: ClassPlace | None = None,
) -> None:
    """Serve the page and the JSON interface until Ctrl-C; prints the address to open on stdout.

    Parameters
    ----------
    host : str
        Where to listen. Anything but this machine itself needs the token.
    port : int
        0 takes any free port; the printed address names it.
    token : bool
        Whether requests must bring the random token of the printed address.
    open_browser : bool
        Whether to open the address in the person's browser.
    reader : Reader or None
        None takes the reader that ships.
    title : str
        What the reader is called, as the name of its model file.
    projects : sequence of Path
        Project files, and folders of them, that the page offers; why one cannot be used is told on stderr.
    class_place : ClassPlace or None
        Where phones are served that draw together, on a port of their own; None serves none.

    Raises
    ------
    InputError
        If the host or the port cannot be listened on, or strangers could reach a server without a token.
    KeyboardInterrupt
        At Ctrl-C, once the server has ended.
    """
    is_local = host in LOOPBACK
    if not token and not is_local:
        raise InputError(f"A server at {host} can be reached by others and needs its token; leave --no-token out.")
    with ExitStack() as opened:
        listener = opened.enter_context(closing(listen(host, port)))
        sets = LearnSets(projects)
        school_class = None
        if class_place is not None:
            room = ClassRoom(sets)
            school_class, phones_listener = opened.enter_context(opened_class(class_place, room))
        port = listener.getsockname()[1]
        secret = secrets.token_urlsafe(24) if token else None
        code = OneTimeCode() if token and open_browser else None
        hosts = LOOPBACK if is_local else LOOPBACK | {host.lower(), socket.gethostname().lower()} | any_number(host)
        address = address_of(host, port)
        if find_static() is None:
            print(PAGE_MISSING, file=sys.stderr)
        print(f"inkmeans serves at {address}{_query('token', secret)}", flush=True)
        if class_place is not None and school_class is not None:
            print_class(school_class, class_place)
            opened.callback(_end, school_class)
            opened.enter_context(phones_served(school_class, phones_listener, class_place.host))
        print("Press Ctrl-C to stop.", file=sys.stderr, flush=True)
        Thread(target=_tell_problems, args=(sets,), name="inkmeans-projects").start()
        config = uvicorn.Config(
            create_app(
                reader=reader, title=title, sets=sets, token=secret, code=code, hosts=hosts, school_class=school_class
            ),
            log_level="warning",
            access_log=False,  # its first line would hold the token
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        if open_browser:
            page = address + ("class" if school_class else "")
            visible = page + _query("code", code.text if code else None)  # to every user: in the list of processes
            # In a thread, because some browsers return only when they are closed, and they need the server until then.
            Thread(target=webbrowser.open, args=(visible,), daemon=True, name="inkmeans-browser").start()
        EndingServer(config, school_class.changes if school_class else None).run(sockets=[listener])


def _end(school_class: SchoolClass) -> None:
    school_class.end()
    print(school_class.room.summary(), file=sys.stderr, flush=True)


def _tell_problems(sets: LearnSets) -> None:
    for sentence in sets.problems():
        print(f"Not offered: {sentence}", file=sys.stderr, flush=True)


def _query(name: str, value: str | None) -> str:
    return "" if value is None else f"?{name}={value}"
