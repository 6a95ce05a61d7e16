"""Access control: the token, the Host and the Origin of each request; and the security headers of every response."""

import secrets
import time
from hmac import compare_digest
from ipaddress import ip_address
from threading import Lock
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkmeans.web._page import sentence_page
from inkmeans.web._problems import ProblemResponse

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # the first address holds the token
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN_PATHS = frozenset({"/healthz", "/readyz"})
"""Answered without the token: for a supervisor; they give nothing away."""


class OneTimeCode:
    """A random code that is exchanged for the cookie once, within a minute.

    The address that a program opens a browser with can be read in the list of processes by every user of the machine,
    so it holds such a code and not the token.

    Attributes
    ----------
    text : str
    """

    SECONDS = 60.0

    def __init__(self) -> None:
        self.text = secrets.token_urlsafe(24)
        self._until = time.monotonic() + self.SECONDS
        self._is_used = False
        self._lock = Lock()

    def redeem(self, offered: str) -> bool:
        """Return whether `offered` is the code, not used and not expired; from then on it is used."""
        is_right = same(offered, self.text)  # compared in any case, in constant time
        with self._lock:
            if not is_right or self._is_used or time.monotonic() > self._until:
                return False
            self._is_used = True
            return True


class Guard:
    """ASGI middleware that accepts requests with the token, from this server's own pages or from programs.

    Parameters
    ----------
    app : ASGI application
    token : str or None
        None accepts requests without it; Host and Origin are checked all the same.
    code : OneTimeCode or None
        What a page's address may hold once instead of the token.
    hosts : frozenset of str
        Names that the Host header may hold, without port. "*" allows any numeric address: DNS rebinding cannot produce
        one, because the rebound page has a name.
    """

    def __init__(
        self, app: ASGIApp, token: str | None, hosts: frozenset[str] = LOOPBACK, code: OneTimeCode | None = None
    ) -> None:
        self.app = app
        self.token = token
        self.code = code
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refuse(scope)
        await (refusal or self.app)(scope, receive, send_with_headers)

    def _refuse(self, scope: Scope) -> Response | None:
        """Return the answer to a request that goes no further, or None."""
        headers = Headers(scope=scope)
        path = scope["path"]
        host = headers.get("host", "")
        if not self._is_ours(host):
            detail = f"This server does not answer to the name '{host}'; open the address that inkmeans serve printed."
            return ProblemResponse(421, detail, instance=path)
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{host}":
            return ProblemResponse(403, f"Requests from pages of '{origin}' are not answered.", instance=path)
        if self.token is None or path in OPEN_PATHS:
            return None
        return self._ask_token(scope, headers, self.token)

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self.hosts:
            return True
        if "*" in self.hosts:
            try:
                ip_address(name)
            except ValueError:
                return False
            return True
        return False

    def _ask_token(self, scope: Scope, headers: Headers, token: str) -> Response | None:
        path = scope["path"]
        is_page = scope["method"] in {"GET", "HEAD"} and not path.startswith("/api/")
        cookie = _cookie_name(scope)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        offered = dict(query)
        # Only GET redeems the code: whoever asks with HEAD first, to see whether there is a page, would use it up.
        code = offered.get("code") if scope["method"] == "GET" else None
        if is_page and (same(offered.get("token", ""), token) or self._is_code(code)):
            # The token moves from the address to a cookie, so that no bookmark, history or screenshot keeps it.
            rest = urlencode([(key, value) for key, value in query if key not in {"token", "code"}])
            answer = RedirectResponse(path + (f"?{rest}" if rest else ""), status_code=303)
            # Lax, not strict: a link to a view, in a course's page or a mail, opens it. Another site can have the
            # cookie sent by such a link only, with a GET, and no GET changes anything here.
            answer.set_cookie(cookie, token, httponly=True, samesite="lax")
            return answer
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and same(bearer.strip(), token):
            return None
        if same(read_cookie(headers.get("cookie", ""), cookie), token):
            return None
        detail = "The token is missing or not the right one; open the whole address that inkmeans serve printed."
        if is_page and code is not None:
            detail = "The code in this address was used or is too old; open the address that inkmeans serve printed."
        if is_page and "text/html" in headers.get("accept", ""):
            again = " Once it was opened in this browser, links to other views open too."
            return sentence_page(401, "inkmeans", detail + again)
        return ProblemResponse(401, detail, instance=path, headers={"WWW-Authenticate": "Bearer"})

    def _is_code(self, offered: str | None) -> bool:
        return self.code is not None and offered is not None and self.code.redeem(offered)


def _cookie_name(scope: Scope) -> str:
    """Return a name of this server's own: cookies ignore the port, and two servers may run at once."""
    server = scope.get("server")
    return f"inkmeans-{server[1] if server else 0}"


def read_cookie(header: str, name: str) -> str:
    """Return a cookie's value, "" where it is missing; cookies of other servers may look as they like."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def same(offered: str, token: str) -> bool:
    """Return whether both are equal, in a time that does not tell where they differ."""
    return compare_digest(offered.encode(), token.encode())
