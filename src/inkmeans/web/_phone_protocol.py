"""HTTP for a room full of strangers: connections that dawdle are closed, and there are only so many of them."""

import asyncio
import logging
from typing import Any, cast

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

from inkmeans.web._class_limits import network_of

MOST_CONNECTIONS = 400
"""A browser opens up to six; those of a class are idle nearly always, and are opened again when they are needed."""
SECONDS = 10.0
"""To send a request, from its first byte to its last; as long may a connection wait for its first."""
ANSWER_SECONDS = 60.0
"""To take an answer, from the end of the request on; the longest, a desk's that waits for a change, begins after 20."""
REST_SECONDS = 2.0
"""To end a request that is answered already, as one whose body was too large."""

_LOG = logging.getLogger("inkmeans.phones")
_LOG.propagate = False  # what strangers send is no line in the teacher's terminal; a fault of the server is
_LOG.setLevel(logging.ERROR)
_LOG.addHandler(logging.StreamHandler())


class PhoneProtocol(H11Protocol):
    """A connection that is closed when a request takes too long to come, or takes its answer too slowly.

    uvicorn itself waits without end for a request that has begun. Where there are too many connections, one of the
    address that has the most is closed: the one that has been open for longest without being answered just now.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.logger = _LOG
        self.network = ""
        self.began = self.loop.time()
        self.deadline: asyncio.TimerHandle | None = None
        self.until = ""
        self.unread: asyncio.TimerHandle | None = None
        self.is_ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, where needed in the place of another connection."""
        super().connection_made(transport)
        self.network = network_of(self.client[0]) if self.client else ""
        self._set_deadline("request", SECONDS)
        if len(self.connections) > MOST_CONNECTIONS:
            self._close_another()

    def handle_events(self) -> None:
        """Begin the next request, unless the server ends."""
        if not self.is_ending:
            super().handle_events()

    def data_received(self, data: bytes) -> None:
        """Go on; a request that has begun keeps its deadline."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on; what has come of the next request has a deadline of its own."""
        self._stop_deadline()
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Wait; who does not read for so long is given up."""
        super().pause_writing()
        if self.unread is None:
            self.unread = self.loop.call_later(SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        self._stop_unread()
        super().resume_writing()

    def shutdown(self) -> None:
        """Answer what is asked, and wait for nothing that has not come; requests behind it are not begun."""
        self.is_ending = True
        super().shutdown()
        if self.is_answering and self.conn.their_state is h11.SEND_BODY:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_deadline()
        self._stop_unread()
        super().connection_lost(exc)

    @property
    def is_answering(self) -> bool:
        """Whether a request came that is not answered yet."""
        return self.cycle is not None and not self.cycle.response_complete

    def _watch(self) -> None:
        state = self.conn.their_state
        if state is h11.SEND_BODY and not self.is_answering:
            self._set_deadline("rest", REST_SECONDS)
        elif state in {h11.DONE, h11.MUST_CLOSE} and self.is_answering:
            self._set_deadline("answer", ANSWER_SECONDS)
        elif state is h11.IDLE and self.cycle is not None and not self.conn.trailing_data[0]:
            self._stop_deadline()  # between two requests, uvicorn's own time for keeping a connection holds
        else:
            self._set_deadline("request", SECONDS)

    def _set_deadline(self, until: str, seconds: float) -> None:
        """Give up after some seconds, unless it is known already until when to wait."""
        if self.deadline is None or until != self.until:
            self._stop_deadline()
            self.until = until
            self.deadline = self.loop.call_later(seconds, self._give_up)

    def _stop_deadline(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _stop_unread(self) -> None:
        if self.unread is not None:
            self.unread.cancel()
            self.unread = None

    def _give_up(self) -> None:
        self.deadline = None
        self.transport.abort()

    def _close_another(self) -> None:
        others = [one for one in cast("set[PhoneProtocol]", self.connections) if one is not self]
        per_network: dict[str, int] = {}
        for one in others:
            per_network[one.network] = per_network.get(one.network, 0) + 1
        most = max(per_network.values())
        chosen = [one for one in others if per_network[one.network] == most]
        oldest = min(chosen, key=lambda one: (one.is_answering, one.began))
        self.connections.discard(oldest)  # now: many may come before the loop tells it that it is closed
        oldest.transport.abort()


def phone_config(app: Any) -> Config:
    """Return how uvicorn serves the phones."""
    return Config(
        app,
        http=PhoneProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=16_384,
    )
