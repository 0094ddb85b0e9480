"""The chat at /chat: who gets in, what a message does, and that no failure is silent. Typed words never decide an approval."""

# mypy: untyped-calls-exclude="chainlit"

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec

import chainlit as cl
import chainlit.data
from chainlit.config import config
from chainlit.context import context
from chainlit.types import ThreadDict
from fastapi import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from agent.identity import TooManyAttempts, WrongCredentials
from agent.web.chat_turn import answer_in_chat
from agent.web.core import Core
from agent.web.failures import correlation_id
from agent.web.history import History
from agent.web.notices import Notices
from agent.web.sign_ins import COOKIE, PASSWORD, SignIns
from grid_models.errors import AeipError
from guardrails.people import Person, Role

log = logging.getLogger(__name__)
P = ParamSpec("P")

_STARTERS = (
    ("How is the grid doing?", "How is the grid doing?"),
    ("Worst single outage", "Which single outage hurts most right now?"),
    ("Most loaded lines", "Which lines are loaded most?"),
)
_FOR_OPERATORS = ("Voltages out of band", "Which voltages are out of band?")
_FOR_SUPERVISORS = ("Waiting for approval", "What is waiting for approval?")


def audible(handler: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """Chainlit logs a handler's exception and shows nothing; here the person gets a sentence and a number to ask about."""

    @functools.wraps(handler)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await handler(*args, **kwargs)
        except AeipError as error:
            await cl.ErrorMessage(content=str(error)).send()
        except Exception as error:
            number = correlation_id()
            log.exception("chat handler failed [%s]", number)
            text = f"This could not be done: something failed inside ({type(error).__name__}, number {number} in the log)."
            await cl.ErrorMessage(content=text).send()

    return wrapper


class Chat:
    """The chat's handlers, bound to one application."""

    def __init__(self, core: Core, notices: Notices, history: History, sign_ins: SignIns | None = None) -> None:
        self.core, self.notices, self.history = core, notices, history
        self.sign_ins = sign_ins or SignIns(core.identity, core.secret, core.settings.session_hours)

    def register(self) -> None:
        """Make these the handlers of this process; a later host replaces an earlier one."""
        config.code.password_auth_callback = self.sign_in  # Chainlit's decorator would turn every refusal into the same one
        cl.set_starters(self.starters)
        cl.on_logout(self.sign_out)
        cl.on_chat_start(audible(self.on_start))
        cl.on_chat_resume(audible(self.on_resume))
        cl.on_message(audible(self.on_message))
        cl.action_callback("choose")(audible(self.on_choice))
        cl.data_layer(lambda: self.history)
        chainlit.data._data_layer, chainlit.data._data_layer_initialized = self.history, True

    async def sign_in(self, name: str, password: str) -> cl.User | None:
        """The same credentials as the API's; the page has a sentence for each status (labels.json)."""
        try:
            person = await asyncio.to_thread(self.core.identity.verify, name, password)
        except WrongCredentials:
            return None
        except TooManyAttempts as error:
            raise HTTPException(429, str(error)) from error
        except AeipError as error:
            log.error("sign-in: %s", error)
            raise HTTPException(503, str(error)) from error
        mark = await asyncio.to_thread(self.core.identity.password_mark, person.name)
        return cl.User(identifier=person.name, metadata={"role": person.role.value, PASSWORD: mark})

    async def sign_out(self, request: Request, _response: Response) -> dict[str, bool]:
        """The browser forgets the cookie; whoever copied it cannot use it either."""
        await asyncio.to_thread(self.sign_ins.end, request.cookies.get(COOKIE, ""))
        return {"success": True}

    async def starters(self, user: cl.User | None) -> list[cl.Starter]:
        """Four good questions to begin with."""
        role = (user.metadata if user else {}).get("role")
        fourth = _FOR_SUPERVISORS if role == Role.SUPERVISOR else _FOR_OPERATORS
        return [cl.Starter(label=label, message=message) for label, message in (*_STARTERS, fourth)]

    async def on_start(self) -> None:
        await self.notices.greet(await self.person())

    async def on_resume(self, thread: ThreadDict) -> None:
        person = await self.person()
        await self.notices.greet(person)
        await self.notices.catch_up(person, dict(thread))

    async def on_message(self, message: cl.Message) -> None:
        await answer_in_chat(self.core, message.content, await self.person())

    async def on_choice(self, action: cl.Action) -> None:
        """A candidate's button stands for typing its name; what it may say is for the same checks as any text."""
        text = str(action.payload.get("text", ""))[:200]
        person = await self.person()
        await cl.Message(content=text, type="user_message", author=person.name).send()
        await answer_in_chat(self.core, text, person)

    async def person(self) -> Person:
        """Who this session is, with the rights of now: what the cookie says about roles is not believed.

        An open page outlives its sign-in, so each message asks whether the cookie that opened it is still good.
        """
        user: Any = cl.user_session.get("user")
        token = getattr(context.session, "token", None)  # every browser's session has one
        person = await asyncio.to_thread(self.core.identity.person, user.identifier) if user is not None else None
        over = token is not None and await asyncio.to_thread(self.sign_ins.person, token) != person
        if person is None or over:
            raise AeipError("This session belongs to nobody any more; reload the page and sign in again.")
        return person
