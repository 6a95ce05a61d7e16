"""Every failure as ``application/problem+json`` (RFC 9457): one sentence, and nothing of the inside."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from inkmeans.errors import ImageError, InkmeansError, InputError
from inkmeans.web._page import sentence_page

MEDIA_TYPE = "application/problem+json"
MAX_ERRORS = 20
"""At most so many validation errors are listed."""
_UNFORESEEN = "The server failed in a way that was not foreseen; its terminal shows where."


class ProblemResponse(JSONResponse):
    """A problem detail document."""

    media_type = MEDIA_TYPE

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        instance: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        body = _document(status, detail, instance)
        if errors:
            body["errors"] = list(errors)
        super().__init__(body, status_code=status, headers=dict(headers or {}))


def describe_failure(failure: Exception, instance: str) -> dict[str, Any]:
    """Return the problem document of a failure after an answer has begun."""
    if isinstance(failure, HTTPException):
        return _document(failure.status_code, failure.detail, instance)
    if isinstance(failure, InkmeansError):
        return _document(_status(failure), str(failure), instance)
    return _document(500, _UNFORESEEN, instance)


def is_foreseen(failure: Exception) -> bool:
    """Return True where its sentence tells all; of others the server's terminal must show where."""
    return isinstance(failure, HTTPException | InkmeansError)


def install_problem_handlers(app: FastAPI, headers: Mapping[str, str], *, nothing: str | None = None) -> None:
    """Give `app` its answers to every kind of failure.

    `headers` are set on the response to an unforeseen failure, which Starlette sends without the other middleware.
    `nothing` is the sentence for a path with nothing at it; None for that of the page.
    """

    async def answer_http(request: Request, error: Exception) -> Response:
        failure = cast(HTTPException, error)
        if failure.status_code == HTTPStatus.NOT_FOUND and _is_person(request):
            sentence = f"There is nothing at {request.url.path}; the page begins at /, with Draw, Read, Name and Learn."
            return sentence_page(404, "inkmeans", nothing or sentence)
        is_nothing = nothing is not None and failure.status_code == HTTPStatus.NOT_FOUND
        detail = str(nothing) if is_nothing else _sentence(request, failure)
        return ProblemResponse(failure.status_code, detail, instance=request.url.path, headers=failure.headers)

    async def answer_invalid(request: Request, error: Exception) -> ProblemResponse:
        errors = [
            {"pointer": _pointer(item["loc"]), "detail": item["msg"]}
            for item in cast(RequestValidationError, error).errors()[:MAX_ERRORS]
        ]
        more = f", and {len(errors) - 1} more; see errors" if len(errors) > 1 else ""
        detail = f"The request does not fit: {errors[0]['pointer']}: {errors[0]['detail']}{more}."
        return ProblemResponse(422, detail, instance=request.url.path, errors=errors)

    async def answer_inkmeans(request: Request, error: Exception) -> ProblemResponse:
        return ProblemResponse(_status(error), str(error), instance=request.url.path)

    async def answer_unforeseen(request: Request, error: Exception) -> ProblemResponse:
        return ProblemResponse(500, _UNFORESEEN, instance=request.url.path, headers=headers)

    app.add_exception_handler(HTTPException, answer_http)
    app.add_exception_handler(RequestValidationError, answer_invalid)
    app.add_exception_handler(InkmeansError, answer_inkmeans)
    app.add_exception_handler(Exception, answer_unforeseen)


def _document(status: int, detail: str, instance: str) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": instance}


def _status(error: Exception) -> int:
    # What the caller sent is the caller's to mend; the rest (a damaged model, a missing extra) is the server's.
    return 422 if isinstance(error, InputError | ImageError) else 503


def _is_person(request: Request) -> bool:
    """Return True where a browser opened an address, not a program or the page's own script."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def _sentence(request: Request, failure: HTTPException) -> str:
    phrase = HTTPStatus(failure.status_code).phrase
    if failure.detail and failure.detail != phrase:
        detail = str(failure.detail)
        return f"{detail}." if detail[-1].isalnum() else detail
    if failure.status_code == HTTPStatus.NOT_FOUND:
        return f"There is nothing at {request.url.path}; the interface is described at /api/v1/openapi.json."
    if failure.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method} is not possible at {request.url.path}."
    return f"{phrase}."


def _pointer(location: Sequence[str | int]) -> str:
    """Return the place of an error as a JSON pointer (RFC 6901) into the body; "query/..." or "path/..." otherwise."""
    place, *rest = location
    path = "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    return f"#/{path}" if place == "body" else f"{place}/{path}"
