"""The API: who gets in, who may decide, and what the others are told, in one sentence each."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from starlette.testclient import TestClient

from agent.identity import FREE_FAILURES, derive_key
from agent.web.sign_ins import COOKIE, COOKIE_KEY
from guardrails.transitions import Status

SignIn = Callable[[str], TestClient]


def decision(core: Any, proposal_id: int = 1, choice: str = "approve", **more: str) -> dict[str, str]:
    return {"decision": choice, "verdict_hash": core.stored[proposal_id].verdict_hash, **more}


def sentence(response: object) -> str:
    """The answer's only content: one sentence without a traceback."""
    body = response.json()  # type: ignore[attr-defined]
    assert list(body) == ["error"]
    assert "\n" not in body["error"]
    assert "Traceback" not in body["error"]
    return str(body["error"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me"),
        ("GET", "/api/v1/proposals"),
        ("GET", "/api/v1/proposals/1"),
        ("POST", "/api/v1/proposals/1/decision"),
        ("POST", "/api/v1/proposals/1/withdrawal"),
        ("POST", "/api/v1/alarms/overload:branches:HV1 Line 54/acknowledge"),
        ("GET", "/api/v1/conversations/hers/evidence/E1"),
        ("GET", "/api/v1/writes"),
        ("POST", "/api/v1/writes/stop"),
        ("POST", "/api/v1/writes/resume"),
        ("GET", "/api/v1/events"),
        ("GET", "/approvals/list"),
        ("GET", "/approvals/card/1"),
        ("GET", "/chat-files/1"),
    ],
)
def test_strangers_stay_outside(core: Any, anonymous: TestClient, method: str, path: str) -> None:
    """Without a sign-in nothing is shown and nothing decided."""
    core.propose()
    response = anonymous.request(method, path, json=decision(core) if method == "POST" else None)
    assert response.status_code == 401
    assert "You are not signed in" in sentence(response)
    assert core.stored[1].status is Status.PENDING


def test_evidence_is_for_whoever_asked(sign_in: SignIn) -> None:
    """The study behind a number, with the value at the answer's path; for others, supervisors too, there is nothing."""
    where = "/api/v1/conversations/hers/evidence/E1"
    found = sign_in("olga").get(where, params={"path": "losses_mw"}).json()
    assert (found["call"]["tool"], found["at"]) == ("power_flow", {"path": "losses_mw", "value": 18.72, "unit": "MW", "text": "18.7 MW"})
    for response in (sign_in("sven").get(where), sign_in("olga").get("/api/v1/conversations/hers/evidence/E2")):
        assert response.status_code == 404
        assert "There is no evidence E" in sentence(response)


def test_a_supervisor_approves_what_another_asked_for(core: Any, sign_in: SignIn) -> None:
    """The answer of an approval is the executed proposal."""
    core.propose(by="olga")
    response = sign_in("sven").post("/api/v1/proposals/1/decision", json=decision(core))
    assert response.status_code == 200
    assert response.json()["status"] == "executed"
    assert [d["person"] for d in response.json()["decisions"]] == ["sven"]


def test_a_rejection_keeps_its_reason(core: Any, sign_in: SignIn) -> None:
    core.propose()
    body = sign_in("sven").post("/api/v1/proposals/1/decision", json=decision(core, choice="reject", reason="Not needed now")).json()
    assert (body["status"], body["decisions"][0]["reason"]) == ("rejected", "Not needed now")


@pytest.mark.parametrize("name", ["olga", "vera"])
def test_only_supervisors_decide(core: Any, sign_in: SignIn, name: str) -> None:
    """Operators and viewers are told who may; nothing changes."""
    core.propose(by="sara")
    response = sign_in(name).post("/api/v1/proposals/1/decision", json=decision(core))
    assert response.status_code == 403
    assert "may not decide on proposal 1" in sentence(response)
    assert core.stored[1].status is Status.PENDING


def test_nobody_decides_on_their_own_proposal(core: Any, sign_in: SignIn) -> None:
    """Four eyes, also for supervisors; the list says so before they try."""
    core.propose(by="sven")
    client = sign_in("sven")
    response = client.post("/api/v1/proposals/1/decision", json=decision(core))
    assert response.status_code == 403
    assert "sven requested proposal 1 and cannot decide on it" in sentence(response)
    shown = client.get("/api/v1/proposals/1").json()
    assert shown["may_decide"] is False
    assert "cannot decide" in shown["why_not"]
    assert shown["may_withdraw"] is True


def test_a_role_written_into_the_cookie_is_not_believed(core: Any, anonymous: TestClient) -> None:
    """Rights come from the ledger, even if the signed cookie claims another role."""
    core.propose(by="sara")
    now, mark = datetime.now(UTC), core.identity.password_mark("olga")
    claims = {"identifier": "olga", "metadata": {"role": "supervisor", "pwd": mark}, "iat": now, "exp": now + timedelta(hours=1)}
    anonymous.cookies.set(COOKIE, jwt.encode(claims, derive_key(core.secret, COOKIE_KEY), algorithm="HS256"))
    me = anonymous.get("/api/v1/me").json()
    assert me["role"] == "operator"
    response = anonymous.post("/api/v1/proposals/1/decision", json=decision(core), headers={"X-AEIP-CSRF": me["csrf"]})
    assert response.status_code == 403


@pytest.mark.parametrize("hours", [-1, None])
def test_expired_and_endless_cookies_are_refused(core: Any, anonymous: TestClient, hours: int | None) -> None:
    """A login lasts a shift; a cookie that never expires is not one of ours."""
    metadata = {"pwd": core.identity.password_mark("sven")}
    claims: dict[str, object] = {"identifier": "sven", "metadata": metadata, "iat": datetime.now(UTC)}
    if hours is not None:
        claims["exp"] = datetime.now(UTC) + timedelta(hours=hours)
    anonymous.cookies.set(COOKIE, jwt.encode(claims, derive_key(core.secret, COOKIE_KEY), algorithm="HS256"))
    assert anonymous.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("token", [None, "", "0" * 64])
def test_a_change_by_cookie_needs_the_page_s_token(core: Any, sign_in: SignIn, token: str | None) -> None:
    """What another site makes a browser send carries the cookie but not the token."""
    core.propose()
    client = sign_in("sven")
    del client.headers["X-AEIP-CSRF"]
    response = client.post("/api/v1/proposals/1/decision", json=decision(core), headers={"X-AEIP-CSRF": token} if token is not None else {})
    assert response.status_code == 403
    assert "nothing was changed" in sentence(response)
    assert core.stored[1].status is Status.PENDING


def test_a_csrf_token_is_good_for_one_session_only(core: Any, sign_in: SignIn) -> None:
    """Olga's token does not help with Sven's cookie."""
    core.propose()
    sven, olga = sign_in("sven"), sign_in("olga")
    sven.headers["X-AEIP-CSRF"] = olga.headers["X-AEIP-CSRF"]
    assert sven.post("/api/v1/proposals/1/decision", json=decision(core)).status_code == 403


def test_a_program_decides_with_a_token(core: Any, anonymous: TestClient, passwords: dict[str, str]) -> None:
    """Name and password give a token; with it no cookie and no CSRF header is needed."""
    core.propose()
    token = anonymous.post("/api/v1/token", json={"name": "sven", "password": passwords["sven"]}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert anonymous.get("/api/v1/me", headers=headers).json() == {"name": "sven", "role": "supervisor", "csrf": ""}
    response = anonymous.post("/api/v1/proposals/1/decision", json=decision(core), headers=headers)
    assert response.json()["status"] == "executed"


@pytest.mark.parametrize("header", ["Bearer rubbish", "Bearer ", "Basic c3Zlbjp4"])
def test_bad_authorization_is_refused(anonymous: TestClient, header: str) -> None:
    response = anonymous.get("/api/v1/proposals", headers={"Authorization": header})
    assert response.status_code == 401
    sentence(response)


def test_guessing_passwords_is_slowed_down(anonymous: TestClient, passwords: dict[str, str]) -> None:
    """Wrong passwords give one sentence, too many of them another; the chat's sign-in counts the same."""
    body = {"name": "sven", "password": "a wrong password"}
    for _ in range(FREE_FAILURES - 1):
        response = anonymous.post("/api/v1/token", json=body)
        assert response.status_code == 401
        assert "do not belong together" in sentence(response)
    assert anonymous.post("/chat/login", data={"username": "sven", "password": "wrong"}).status_code == 401
    assert anonymous.post("/chat/login", data={"username": "sven", "password": passwords["sven"]}).status_code == 429
    response = anonymous.post("/api/v1/token", json={**body, "password": passwords["sven"]})
    assert response.status_code == 429
    assert "wait" in sentence(response)


def test_unknown_proposals_are_named(core: Any, sign_in: SignIn) -> None:
    client = sign_in("sven")
    core.propose()
    for response in (
        client.get("/api/v1/proposals/99"),
        client.post("/api/v1/proposals/99/decision", json=decision(core)),
        client.post("/api/v1/proposals/99/withdrawal"),
        client.get("/approvals/card/99"),
    ):
        assert response.status_code == 404
        assert "no proposal 99" in sentence(response)


def test_a_decided_proposal_is_not_decided_again(core: Any, sign_in: SignIn) -> None:
    core.propose()
    sign_in("sven").post("/api/v1/proposals/1/decision", json=decision(core))
    response = sign_in("sara").post("/api/v1/proposals/1/decision", json=decision(core, choice="reject", reason="late"))
    assert response.status_code == 409
    assert "it is executed" in sentence(response)


def test_a_decision_on_another_verdict_is_refused(core: Any, sign_in: SignIn) -> None:
    """What was approved must be what was seen."""
    core.propose()
    response = sign_in("sven").post("/api/v1/proposals/1/decision", json={"decision": "approve", "verdict_hash": "0" * 64})
    assert response.status_code == 409
    assert core.stored[1].status is Status.PENDING


@pytest.mark.parametrize("body", [{}, {"decision": "maybe", "verdict_hash": "x"}, {"decision": "approve"}, [], "text"])
def test_unreadable_bodies_are_explained(core: Any, sign_in: SignIn, body: object) -> None:
    core.propose()
    response = sign_in("sven").post("/api/v1/proposals/1/decision", json=body)
    assert response.status_code == 422
    assert "cannot be read" in sentence(response)


def test_withdrawing_is_for_the_requester(core: Any, sign_in: SignIn) -> None:
    core.propose(by="olga")
    refused = sign_in("sven").post("/api/v1/proposals/1/withdrawal")
    assert (refused.status_code, core.stored[1].status) == (403, Status.PENDING)
    assert sign_in("olga").post("/api/v1/proposals/1/withdrawal").json()["status"] == "withdrawn"


def test_the_list_filters_by_status(core: Any, sign_in: SignIn) -> None:
    core.put(core.propose(), status=Status.EXPIRED)
    core.propose("HV1 Line 7")
    client = sign_in("vera")
    assert [p["id"] for p in client.get("/api/v1/proposals?status=pending").json()["proposals"]] == [2]
    assert client.get("/api/v1/proposals").json()["total"] == 2
    assert client.get("/api/v1/proposals?status=asleep").status_code == 422


def test_the_list_is_filtered_and_paged_with_its_whole_total(core: Any, sign_in: SignIn) -> None:
    """What waits comes first; the total counts what does not fit on the page."""
    core.propose("HV1 Line 7", by="sara")
    for _ in range(120):
        core.put(core.propose(), status=Status.BLOCKED)
    client = sign_in("vera")

    def listed(query: str) -> tuple[list[int], int]:
        body = client.get(f"/api/v1/proposals?{query}").json()
        return [p["id"] for p in body["proposals"]], body["total"]

    assert listed("limit=2") == ([1, 121], 121)
    assert listed("limit=2&offset=120") == ([2], 121)
    assert listed("person=sara&text=line%207&grid=1-HV-mixed--0-sw") == ([1], 1)
    assert listed("grid=case14") == ([], 0)
    assert len(listed("")[0]) == 100


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "stauts=pending", "text=" + "x" * 201])
def test_a_list_that_cannot_be_meant_is_refused(sign_in: SignIn, query: str) -> None:
    """A misspelt filter would otherwise answer with everything."""
    assert sign_in("vera").get(f"/api/v1/proposals?{query}").status_code == 422


def test_a_failure_inside_is_one_sentence_with_a_number(core: Any, sign_in: SignIn, caplog: pytest.LogCaptureFixture) -> None:
    """The person gets a number, the log has the rest under it."""
    client = sign_in("sven")
    quiet = TestClient(client.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False, cookies=client.cookies)
    core.proposal_page = lambda *_: 1 / 0
    text = sentence(quiet.get("/api/v1/proposals"))
    assert text.split("number ")[1].rstrip(".") in caplog.text
    assert "division" not in text


def test_an_alarm_is_acknowledged_by_who_is_signed_in(core: Any, sign_in: SignIn) -> None:
    """The name comes from the session, never from the body; an alarm that does not stand is one sentence."""
    olga = sign_in("olga")
    made = olga.post("/api/v1/alarms/overload:branches:HV1 Line 54/acknowledge", json={"note": "crew on its way"})
    assert (made.status_code, made.json()["person"]) == (200, "olga")
    assert core.known == [("overload:branches:HV1 Line 54", "olga", "crew on its way")]
    assert olga.post("/api/v1/alarms/overload:branches:HV1 Line 54/acknowledge", json={"person": "sven"}).status_code == 422
    gone = olga.post("/api/v1/alarms/overload:branches:HV1 Line 1/acknowledge", json={})
    assert gone.status_code == 404
    assert "no standing alarm" in sentence(gone)
