"""Taking a port, and what its address is called."""

import errno
import socket
from ipaddress import ip_address

from inkmeans.errors import InputError


def listen(host: str, port: int, *, option: str = "--port", host_option: str = "") -> socket.socket:
    """Return a socket that listens.

    Parameters
    ----------
    host : str
    port : int
        0 takes any free port.
    option, host_option : str
        What chooses the port, and the host, for the sentences.

    Raises
    ------
    InputError
        If the host or the port cannot be listened on.
    """
    name = option.removeprefix("--")
    if not 0 <= port <= 65535:
        raise InputError(f"{name} must be from 0 to 65535; got {port}.")
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
                f"{name} must be free, but {port} at {host} is used by another program; "
                f"choose another with {option}, or {option} 0 for any."
            ) from error
        remedy = f"; give an address of this machine with {host_option}" if host_option else ""
        raise InputError(
            f"inkmeans cannot listen at {host}, port {port}: {error.strerror or error}{remedy}."
        ) from error
    return listener


def any_number(host: str) -> set[str]:
    """Return "*" for the address that means every one of this machine: which ones it has may change."""
    try:
        return {"*"} if ip_address(host).is_unspecified else set()
    except ValueError:
        return set()


def address_of(host: str, port: int) -> str:
    """Return what to open in the browser; the address that means every one is no place to go to."""
    if any_number(host):
        host = socket.gethostname()
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"
