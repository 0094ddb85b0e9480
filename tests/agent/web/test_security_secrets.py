"""No secret in any log, output or traceback: everything is logged as loudly as it goes while secrets are used in every way."""

import io
import logging
import re
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.identity import WrongCredentials
from agent.web.sign_ins import COOKIE
from guardrails.database import open_database
from guardrails.errors import LedgerUnreadable

SignIn = Callable[[str], TestClient]


@dataclass
class Written:
    """All that was logged, with tracebacks, and all secrets that must not be in it."""

    stream: io.StringIO = field(default_factory=io.StringIO)
    secrets: dict[str, str] = field(default_factory=dict)

    def leaks(self, more: str = "") -> list[str]:
        text = self.stream.getvalue() + more
        assert len(text) > 1000, "logging is on"
        return [name for name, secret in self.secrets.items() if secret in text]


class _Everything(logging.Formatter):
    """A record with all that its maker gave it, locals of a traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{super().format(record)} {record.args!r}"
        if record.exc_info and record.exc_info[1] is not None:
            told = traceback.TracebackException.from_exception(record.exc_info[1])
            text += "".join(told.format())
        return text


@pytest.fixture
def written() -> Iterator[Written]:
    """Every logger of the process at its most talkative."""
    found, root = Written(), logging.getLogger()
    handler = logging.StreamHandler(found.stream)
    handler.setFormatter(_Everything("%(name)s %(levelname)s %(message)s"))
    named = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    before = [(logger, logger.level, logger.disabled) for logger in (root, *named)]
    for logger in (root, *named):
        logger.setLevel(logging.DEBUG)
        logger.disabled = False
    root.addHandler(handler)
    yield found
    root.removeHandler(handler)
    for logger, level, disabled in before:
        logger.setLevel(level)
        logger.disabled = disabled


def test_signing_in_deciding_and_failing_log_no_secret(
    core: Any,
    sign_in: SignIn,
    passwords: dict[str, str],
    written: Written,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Passwords right and wrong, cookie, CSRF token, API token, hashes and the host's secret; on pages, socket and API."""
    logging.getLogger("probe").debug("x" * 1000)
    client = sign_in("sven")
    core.propose()
    token = client.post("/api/v1/token", json={"name": "sven", "password": passwords["sven"]}).json()["token"]
    written.secrets = {
        **{f"password of {name}": password for name, password in passwords.items()},
        "wrong password": "wr0ng-p4ssw0rd",
        "cookie": client.cookies[COOKIE],
        "signature of the cookie": client.cookies[COOKIE].rsplit(".", 1)[1],
        "csrf token": client.headers["X-AEIP-CSRF"],
        "api token": token,
        "signature of the token": token.rsplit(".", 1)[1],
        "secret": core.secret,
        "new password": "a-n3w-p4ssw0rd",
        "argon2 hash": "$argon2id$",
        "forged token": "eyJhbGciOiJub25lIn0.forged.",
    }
    client.post("/chat/login", data={"username": "sven", "password": "wr0ng-p4ssw0rd"})
    client.post("/api/v1/token", json={"name": "sven", "password": "wr0ng-p4ssw0rd"})
    client.post("/api/v1/token", json={"name": "sven", "password": ["wr0ng-p4ssw0rd"], "more": passwords["sven"]})
    client.post("/api/v1/token", content=f'{{"name": "sven", "password": "{passwords["sven"]}", ')
    programme = TestClient(client.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    for header in (f"Bearer {token}", f"Bearer {token}x", "Bearer eyJhbGciOiJub25lIn0.forged.", f"Basic {token}"):
        programme.get("/api/v1/proposals", headers={"Authorization": header})
        programme.get("/chat/user", headers={"Authorization": header})
    body = {"decision": "approve", "verdict_hash": core.stored[1].verdict_hash}
    assert client.post("/api/v1/proposals/1/decision", json=body).status_code == 200
    monkeypatch.setattr(core, "proposals", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(core.identity.hasher.__class__, "verify", lambda *_: 1 / 0)
    quiet = TestClient(client.app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False, cookies=client.cookies)
    quiet.headers.update(client.headers)
    assert quiet.get("/approvals").status_code == 500
    assert quiet.post("/api/v1/token", json={"name": "sven", "password": passwords["sven"]}).status_code == 500
    monkeypatch.undo()
    headers = {"Origin": "http://127.0.0.1:8000"}
    socket = "/chat/ws/socket.io/?EIO=4&transport=polling"
    sid = client.get(socket, headers=headers).text.split('"sid":"')[1].split('"')[0]
    client.post(f"{socket}&sid={sid}", content='40{"clientType":"webapp","sessionId":"1"}', headers=headers)
    client.get(f"{socket}&sid={sid}", headers=headers)
    core.identity.set_password("sven", "a-n3w-p4ssw0rd")
    client.post("/chat/logout")
    out, err = capfd.readouterr()
    assert "ZeroDivisionError" in written.stream.getvalue(), "the failures were logged with their tracebacks"
    assert written.leaks(out + err) == []


def test_no_answer_to_a_wrong_sign_in_repeats_it(anonymous: TestClient, passwords: dict[str, str]) -> None:
    """Nor does an answer to a body that cannot be read."""
    password = passwords["sven"]
    for body in (
        {"name": "sven", "password": [password]},
        {"name": "sven", "password": f"{password}x"},
        {"name": password * 99, "password": ""},
    ):
        assert password not in anonymous.post("/api/v1/token", json=body).text
    assert password not in anonymous.post("/api/v1/token", content=f'{{"password": "{password}"').text
    assert password not in anonymous.post("/chat/login", data={"username": "olga", "password": password}).text


def test_refused_credentials_say_nothing_of_what_was_typed(core: Any) -> None:
    with pytest.raises(WrongCredentials) as refused:
        core.identity.verify("sven", "wr0ng-p4ssw0rd")
    assert "wr0ng-p4ssw0rd" not in "".join(traceback.format_exception(refused.value)).replace('"wr0ng-p4ssw0rd"', "")
    assert core.secret not in repr(core.identity)


def test_a_database_that_does_not_answer_logs_no_password(written: Written) -> None:
    """The driver and the pool at their most talkative."""
    written.secrets = {"database password": "d4tab4se-s3cret"}
    logging.getLogger("probe").debug("x" * 1000)
    for url in ("postgresql://aeip:d4tab4se-s3cret@127.0.0.1:1/aeip", "postgresql://aeip@127.0.0.1:1/aeip?password=d4tab4se-s3cret"):
        with pytest.raises(LedgerUnreadable) as refused:
            open_database(url)
        logging.getLogger("probe").error("refused", exc_info=refused.value)
    told = written.stream.getvalue().replace("open_database(url)", "")
    assert "refused" in told
    assert written.leaks() == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["doctor"], ["doctor", "--json"], ["ask", "Losses?", "--user", "sven"], ["proposals", "list"]])
def test_the_command_line_prints_no_secret(tmp_path: Path, command: list[str]) -> None:
    """A database with a password, a token that is nobody's, and Python's own development mode: every warning and traceback it knows."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "PYTHONDEVMODE": "1",
        "AEIP_DATA_DIR": str(tmp_path / "data"),
        "AEIP_GRID": "training",
        "AEIP_TOKEN": "t0ken-s3cret",
    }
    for url in ("postgresql://aeip:d4tab4se-s3cret@127.0.0.1:1/aeip?sslpassword=d4tab4se-s3cret", ""):
        called = [sys.executable, "-m", "agent.cli.main", *command]
        done = subprocess.run(
            called, env={**environment, "AEIP_DATABASE_URL": url}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        told = done.stdout + done.stderr
        assert told
        assert "Traceback" not in told
        assert not re.search("d4tab4se-s3cret|t0ken-s3cret", told)
        assert (tmp_path / "data" / "secret").exists() is False or (tmp_path / "data" / "secret").read_text() not in told


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """However they are printed."""
    from agent.settings import read_settings

    monkeypatch.setenv("AEIP_TOKEN", "t0ken-s3cret")
    monkeypatch.setenv("AEIP_DATABASE_URL", "postgresql://aeip:d4tab4se-s3cret@db/aeip")
    settings = read_settings()
    assert settings.token == "t0ken-s3cret"
    assert not re.search("d4tab4se-s3cret|t0ken-s3cret", f"{settings!r} {settings}")
