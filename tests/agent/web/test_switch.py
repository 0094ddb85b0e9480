"""The kill switch on the page and through the API: who may turn it, with what, and that only the page itself can."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from guardrails import audit, personnel
from guardrails.people import Role
from guardrails.scope import Scope

SignIn = Callable[[str], TestClient]
STOP, RESUME = "/api/v1/writes/stop", "/api/v1/writes/resume"


def section(client: TestClient, path: str = "/approvals") -> str:
    """The switch as this person sees it."""
    found = re.search(r'<section id="switch".*?</section>', client.get(path).text, re.DOTALL)
    assert found is not None
    return found.group()


def last(core: Any) -> audit.AuditEvent:
    return list(audit.export(core.identity.engine))[-1]


@pytest.mark.parametrize("name", ["olga", "sven"])
def test_who_operates_stops_without_typing(core: Any, sign_in: SignIn, name: str) -> None:
    """The answer says who stopped and why; a supervisor goes on with a reason; both are in the audit."""
    stopped = sign_in(name).post(STOP, json={})
    assert (stopped.status_code, stopped.json()) == (200, {"stopped": True, "person": name, "reason": "no reason given"})
    resumed = sign_in("sara").post(RESUME, json={"reason": "false alarm"})
    assert resumed.json() == {"stopped": False, "person": "sara", "reason": "false alarm"}
    assert (last(core).event, last(core).person, last(core).details) == ("writes resumed", "sara", {"reason": "false alarm"})
    assert audit.verify(core.identity.engine).ok


@pytest.mark.parametrize("reason", [{}, {"reason": "  "}])
def test_resuming_needs_a_reason(core: Any, sign_in: SignIn, reason: dict[str, str]) -> None:
    """One sentence, and writes stay stopped."""
    sven = sign_in("sven")
    sven.post(STOP, json={})
    refused = sven.post(RESUME, json=reason)
    assert (refused.status_code, "needs a reason" in refused.json()["error"]) == (422, True)
    assert core.writes().stopped
    assert last(core).event == "switch refused"


@pytest.mark.parametrize(("name", "path"), [("vera", STOP), ("vera", RESUME), ("olga", RESUME)])
def test_who_may_not_is_refused_and_recorded(core: Any, sign_in: SignIn, name: str, path: str) -> None:
    """Viewers turn it neither way, operators only off."""
    before = core.writes()
    refused = sign_in(name).post(path, json={"reason": "because"})
    assert (refused.status_code, f"{name} is" in refused.json()["error"]) == (403, True)
    assert core.writes() == before
    assert (last(core).event, last(core).person) == ("switch refused", name)


@pytest.mark.parametrize("path", [STOP, RESUME])
@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_another_site_cannot_turn_it(core: Any, sign_in: SignIn, path: str, token: str | None) -> None:
    """The same door as for decisions: the cookie alone is not enough."""
    client = sign_in("sven")
    del client.headers["X-AEIP-CSRF"]
    refused = client.post(path, json={"reason": "x"}, headers={} if token is None else {"X-AEIP-CSRF": token})
    assert refused.status_code == 403
    assert "nothing was changed" in refused.json()["error"]
    assert core.writes().person == ""


def test_a_body_with_a_name_is_refused(core: Any, sign_in: SignIn) -> None:
    """Who stops is who is signed in."""
    assert sign_in("olga").post(STOP, json={"person": "sven"}).status_code == 422
    assert not core.writes().stopped


def test_the_page_offers_what_this_person_may_do(core: Any, sign_in: SignIn) -> None:
    """A click and its confirmation to stop, a reason to resume; nothing for those who may not."""
    olga, sven, vera = sign_in("olga"), sign_in("sven"), sign_in("vera")
    for client in (olga, sven):
        assert f'data-post="{STOP}"' in section(client)
        assert "Yes, stop all writes now" in section(client)
        assert RESUME not in section(client)
    assert "<form" not in section(vera)
    olga.post(STOP, json={"reason": "smoke"})
    assert "<form" not in section(olga)
    shown = section(sven, "/approvals/list")
    assert f'data-post="{RESUME}"' in shown
    assert re.search(r'<input name="reason" required', shown)
    assert "Writes are stopped by olga: smoke" in vera.get("/approvals").text


def test_the_position_can_be_read_by_whoever_is_signed_in(core: Any, sign_in: SignIn) -> None:
    """For other programs too."""
    assert sign_in("vera").get("/api/v1/writes").json() == {"stopped": False, "person": "", "reason": ""}


def test_a_removed_person_s_session_and_token_stop_working(core: Any, sign_in: SignIn, passwords: dict[str, str]) -> None:
    """In the very next request, on every door."""
    core.identity.create_account("ada", Role.ADMINISTRATOR)
    sven = sign_in("sven")
    token = sven.post("/api/v1/token", json={"name": "sven", "password": passwords["sven"]}).json()["token"]
    core.identity.remove("sven", by="ada")
    bearer = TestClient(sven.app, base_url="http://127.0.0.1:8000", headers={"Authorization": f"Bearer {token}"})
    for client in (sven, bearer):
        assert client.get("/api/v1/me").status_code == 401
        assert client.post(STOP, json={}).status_code == 401
        assert client.get("/approvals/list").status_code == 401
    assert sven.post("/api/v1/token", json={"name": "sven", "password": passwords["sven"]}).status_code == 401
    assert not core.writes().stopped


def test_a_limited_supervisor_sees_why_a_card_is_not_theirs(core: Any, sign_in: SignIn) -> None:
    """Before they try; the sentence names the element."""
    core.propose()
    core.identity.create_account("ada", Role.ADMINISTRATOR)
    personnel.give_scope(core.identity.engine, "sven", Scope(max_kv=20), by="ada", now=datetime.now(UTC))
    shown = sign_in("sven").get("/api/v1/proposals/1").json()
    assert shown["may_decide"] is False
    assert shown["why_not"].startswith("sven acts only at up to 20 kV")
