"""``inkmeans serve``: takes a port, prints the address and runs the application until Ctrl-C."""

import errno
import secrets
import socket
import sys
import webbrowser
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import uvicorn

from inkmeans.errors import InputError
from inkmeans.lesson import LearnSets
from inkmeans.reader import Reader
from inkmeans.web._app import create_app
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
    secret = secrets.token_urlsafe(24) if token else None
    code = OneTimeCode() if token and open_browser else None
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    hosts = LOOPBACK if is_local else LOOPBACK | {host.lower(), socket.gethostname().lower()} | _any_number(host)
    address = _address(host, port)
    if find_static() is None:
        print(PAGE_MISSING, file=sys.stderr)
    print(f"inkmeans serves at {address}{_query('token', secret)}", flush=True)
    print("Press Ctrl-C to stop.", file=sys.stderr, flush=True)
    sets = LearnSets(projects)
    Thread(target=_tell_problems, args=(sets,), name="inkmeans-projects").start()
    config = uvicorn.Config(
        create_app(reader=reader, title=title, sets=sets, token=secret, code=code, hosts=hosts),
        log_level="warning",
        access_log=False,  # its first line would hold the token
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    if open_browser:
        visible = address + _query("code", code.text if code else None)  # to every user: in the list of processes
        # In a thread, because some browsers return only when they are closed, and they need the server until then.
        Thread(target=webbrowser.open, args=(visible,), daemon=True, name="inkmeans-browser").start()
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()


def _tell_problems(sets: LearnSets) -> None:
    for sentence in sets.problems():
        print(f"Not offered: {sentence}", file=sys.stderr, flush=True)


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise InputError(f"port must be from 0 to 65535; got {port}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise InputError(
                f"port must be free, but {port} at {host} is used by another program; "
                "choose another with --port, or --port 0 for any."
            ) from error
        raise InputError(f"inkmeans cannot listen at {host}, port {port}: {error.strerror or error}.") from error
    return listener


def _any_number(host: str) -> set[str]:
    """Return "*" for the address that means every one of this machine: which ones it has may change."""
    try:
        return {"*"} if ip_address(host).is_unspecified else set()
    except ValueError:
        return set()


def _query(name: str, value: str | None) -> str:
    return "" if value is None else f"?{name}={value}"


def _address(host: str, port: int) -> str:
    """Return what to open in the browser; the address that means every one is no place to go to."""
    if _any_number(host):
        host = socket.gethostname()
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
