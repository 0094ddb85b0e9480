"""Errors as one sentence and a fitting HTTP status; nobody sees a traceback."""

import logging
import uuid

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from agent.conversation import EvidenceNotFound
from agent.identity import InvalidToken, TooManyAttempts, WrongCredentials
from agent.web.door import ForgedRequest, NotSignedIn
from grid_models.errors import AeipError
from guardrails.errors import (
    AlarmNotFound,
    ConfirmationMissing,
    LedgerUnreadable,
    NotAuthorised,
    ProposalNotFound,
    ProposalNotPending,
    ProposalStale,
    WritesStopped,
)

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[AeipError], int], ...] = (
    (NotSignedIn, 401),
    (InvalidToken, 401),
    (WrongCredentials, 401),
    (TooManyAttempts, 429),
    (ForgedRequest, 403),
    (NotAuthorised, 403),
    (ProposalNotFound, 404),
    (AlarmNotFound, 404),
    (EvidenceNotFound, 404),
    (ProposalNotPending, 409),
    (ProposalStale, 409),
    (WritesStopped, 409),
    (ConfirmationMissing, 422),
    (LedgerUnreadable, 503),
)


def install(app: FastAPI) -> None:
    """Every way out of the host that is not an answer."""
    app.add_exception_handler(AeipError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, failed)


def correlation_id() -> str:
    """Eight characters that stand both on the screen and in the log."""
    return uuid.uuid4().hex[:8]


def sentence(status: int, text: str) -> JSONResponse:
    return JSONResponse({"error": text}, status_code=status)


async def _refused(request: Request, error: Exception) -> Response:
    status = next((s for kind, s in _STATUS if isinstance(error, kind)), 400)
    if status == 401 and request.url.path.startswith("/approvals") and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/chat/login?next=/approvals", status_code=303)
    return sentence(status, str(error))


async def _malformed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return sentence(422, f"The request cannot be read: {where}: {first['msg']}.")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text = (
        f"There is nothing at {request.url.path}; the chat is at /chat, approvals at /approvals."
        if error.status_code == 404
        else error.detail
    )
    return sentence(error.status_code, text)


async def failed(request: Request, error: Exception) -> Response:
    """Anything unforeseen: a number on the screen, and under it in the log all there is to know."""
    number = correlation_id()
    log.error("%s %s failed [%s]", request.method, request.url.path, number, exc_info=error)
    return sentence(500, f"Something failed inside ({type(error).__name__}); the log has it under number {number}.")
