"""The command line's contract: JSON shapes, exit statuses, one sentence for every failure."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from agent.cli import main as command_line
from agent.cli import system
from agent.grounding import check_evidence

Aeip = Callable[..., tuple[int, str, str]]
SignIn = Callable[..., None]


@pytest.fixture
def aeip(tmp_path: Path, grid_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Aeip:
    """Runs `aeip ARGS` in this process on a fresh data folder; returns exit status, stdout and stderr."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "grids").symlink_to(grid_cache)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AEIP_DATA_DIR", str(tmp_path / "data"))
    for name in ("AEIP_TOKEN", "AEIP_GRID", "AEIP_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["aeip", *args])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return run


KEYS = {
    "id",
    "session",
    "question",
    "status",
    "answer",
    "brain",
    "grid",
    "state_id",
    "plant_time",
    "source",
    "tool_calls",
    "evidence",
    "unsupported_numbers",
    "unsupported",
    "rewritten",
    "earlier_calls",
    "citations",
    "candidates",
    "proposals",
    "elapsed_ms",
}


def test_an_evidence_id_is_looked_up_after_the_answer(aeip: Aeip) -> None:
    """By conversation, id and path, in words and as JSON; what is not there is one sentence and status 1."""
    answer = json.loads(aeip("ask", "How loaded is HV1 Line 54?", "--session", "kept", "--json")[1])
    proof = next(e for e in answer["evidence"] if e["unit"] == "percent")
    assert f"{proof['path']} = {proof['text']}" in aeip("evidence", "kept", proof["tool_call"], "--path", proof["path"])[1]
    found = json.loads(aeip("evidence", "kept", "E1", "--path", proof["path"], "--json")[1])
    assert (found["call"], found["state_id"], found["at"]["text"]) == (answer["tool_calls"][0], answer["state_id"], proof["text"])
    assert [kept["call"]["id"] for kept in json.loads(aeip("evidence", "kept", "--json")[1])] == ["E1"]
    for strange in (("kept", "E9"), ("never", "E1"), ("kept", "E1", "--path", "no.such")):
        code, out, err = aeip("evidence", *strange)
        assert (code, out, err.count("\n")) == (1, "", 1)


def test_ask_prints_one_json_object_whose_evidence_holds(aeip: Aeip) -> None:
    """Every number's path leads to that number, and its text is in the answer."""
    code, out, _ = aeip("ask", "Which single outage hurts most right now?", "--json")
    answer = json.loads(out)
    assert code == 0
    assert set(answer) == KEYS
    assert (answer["status"], answer["source"], answer["brain"]) == ("answered", "standing", "embedded")
    assert set(answer["tool_calls"][0]) == {"id", "tool", "args", "ok", "result", "error", "elapsed_ms"}
    assert {"155.6 %"} <= {e["text"] for e in answer["evidence"]}
    assert answer["unsupported_numbers"] == []
    assert check_evidence(answer) == []


def test_a_file_is_answered_in_order_and_an_unreadable_line_fails_alone(aeip: Aeip, tmp_path: Path) -> None:
    """Same session, same conversation; the second question understands the first."""
    questions = [
        {"id": "a", "question": "What are the losses?", "session": "one", "grid": "case39"},
        {"id": "b", "question": "and with line 5-6 out?", "session": "one"},
        {"id": "c", "question": "how many transformers are there?"},
    ]
    (tmp_path / "q.jsonl").write_text("\n".join([json.dumps(q) for q in questions[:2]] + ["{broken", json.dumps(questions[2])]))
    code, out, _ = aeip("ask", "--file", "q.jsonl", "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [a["status"] for a in answers] == ["answered", "answered", "failed", "answered"]
    assert [a["grid"] for a in answers] == ["case39", "case39", "", "1-HV-mixed--0-sw"]
    assert answers[1]["tool_calls"][-1]["args"]["changes"][0]["element"] == "Line 5-6 (1)"
    assert code == 1


def test_a_file_survives_whatever_a_line_holds(aeip: Aeip, tmp_path: Path) -> None:
    """Wrong types, bytes that are no text and odd separators cost their own line alone."""
    lines = [
        b'\xef\xbb\xbf{"id": "a", "question": "help"}',
        b'{"id": "b", "question": "help", "grid": 7}',
        b"\xff",
        b'{"id": "c", "question": "help", "grid": "case999"}',
        b'{"id": "d", "question": "x \\ud800"}',
        '{"id": "e", "question": "what are\u2028the losses?"}'.encode(),
    ]
    (tmp_path / "q.jsonl").write_bytes(b"\n".join(lines))
    code, out, _ = aeip("ask", "--file", "q.jsonl")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [a["id"] for a in answers] == ["a", "line 2", "line 3", "c", "line 5", "e"]
    assert [a["status"] for a in answers] == ["answered", "failed", "failed", "failed", "failed", "answered"]


def test_a_failure_before_the_question_is_one_json_object_too(aeip: Aeip) -> None:
    """stdout holds the contract's object and nothing else."""
    for args in (("--at", "nonsense"), ("--at", "999999999"), ("--user", "nobody"), ("--grid", "case999")):
        code, out, _ = aeip("ask", "help", "--json", *args)
        assert code == 1
        assert json.loads(out)["status"] == "failed"


def test_ask_without_a_question_is_a_usage_error(aeip: Aeip) -> None:
    """Exit status 2, as every tool does."""
    assert aeip("ask")[0] == 2
    assert aeip("ask", "--nonsense", "x")[0] == 2


def test_study_prints_the_contract(aeip: Aeip) -> None:
    """The envelope and the result core, at a chosen plant time."""
    code, out, _ = aeip("study", "power_flow", "--args", '{"top": 2}', "--at", "100", "--json")
    told = json.loads(out)
    assert code == 0
    assert set(told) == {"tool", "args", "grid", "state_id", "plant_time", "ok", "result", "error", "elapsed_ms"}
    assert (told["ok"], told["plant_time"], len(told["result"]["top_loadings"])) == (True, "2016-01-02T00:00:00+00:00", 2)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("study", "power_flow", "--args", "{nope"), "not JSON"),
        (("study", "power_flow", "--args", '{"tops": 1}'), "It takes method"),
        (("study", "power_flow", "--args", '{"top": Infinity}'), "no JSON number"),
        (("study", "power_flow", "--args", '{"vm_min_pu": 1.5, "vm_max_pu": 0.5}'), "not below"),
        (("study", "contingency_analysis", "--args", '{"elements": []}'), "elements"),
        (("study", "contingency_analysis", "--args", '{"elements": ["HV1 Load 1"]}'), "can be studied"),
        (("study", "grid_data", "--args", '{"kind": "line", "sort_by": "colour"}'), "cannot be sorted"),
        (("study", "horoscope"), "no study 'horoscope'"),
        (("study", "power_flow", "--grid", "case3999"), "nearest names"),
        (("study", "power_flow", "--at", "yesterday"), "neither a profile step nor an ISO time"),
        (("study", "power_flow", "--at", "99999"), "outside the profiles"),
        (("proposals", "show", "7"), "no proposal 7"),
        (("proposals", "approve", "7", "--user", "sven"), "needs a credential"),
        (("knowledge", "remove", "rules.md"), "No document 'rules.md'"),
        (("knowledge", "add", "nowhere.pdf"), "no such file"),
        (("mcp",), "not built yet"),
    ],
)
def test_a_failure_is_one_sentence_and_exit_status_1(aeip: Aeip, args: tuple[str, ...], says: str) -> None:
    """What was asked, what was found, what would work; no traceback."""
    code, out, err = aeip(*args)
    assert code == 1
    assert says in err + out
    assert "Traceback" not in err + out


def test_an_order_is_proposed_and_local_cannot_decide(aeip: Aeip) -> None:
    """Asking needs no account; deciding does, and the refusal is in the audit trail."""
    code, out, _ = aeip("ask", "please open HV1 Line 14 for maintenance", "--json")
    answer = json.loads(out)
    assert {c["document"] for c in answer["citations"]} == {"Regulation (EU) 2017/1485 (SO GL)"}
    assert (code, answer["status"], answer["proposals"]) == (0, "awaiting_approval", [{"id": 1, "status": "pending", "verdict": "warn"}])
    code, _, err = aeip("proposals", "approve", "1")
    assert code == 1
    assert "local" in err
    code, out, _ = aeip("proposals", "list", "--json")
    assert [p["status"] for p in json.loads(out)] == ["pending"]
    assert aeip("audit", "verify")[0] == 0
    events = [json.loads(line) for line in aeip("audit", "export")[1].splitlines()]
    assert len(events) >= 2


def test_the_list_is_filtered_and_says_what_it_leaves_out(aeip: Aeip) -> None:
    """What waits first; JSON stays a list on stdout, what was left out is said beside it."""
    aeip("ask", "please open HV1 Line 14", "--json")
    aeip("ask", "please open HV1 Line 12", "--json")

    def listed(*filters: str) -> list[int]:
        code, out, _ = aeip("proposals", "list", "--json", *filters)
        assert code == 0
        return [p["id"] for p in json.loads(out)]

    everything = listed()
    assert sorted(everything) == [1, 2]
    assert listed("--text", "line 14") == listed("--status", "pending", "--text", "OPEN HV1 LINE 14") == [1]
    assert listed("--person", "local") == everything
    assert listed("--person", "nobody") == listed("--grid", "case14") == listed("--status", "executed") == []
    code, out, err = aeip("proposals", "list", "--limit", "1")
    assert (code, out.split()[0], err) == (0, str(everything[0]), "1 to 1 of 2 proposals shown; --limit and --offset show others.\n")
    assert listed("--limit", "1", "--offset", "1") == everything[1:]
    assert "None of 2 proposals shown" in aeip("proposals", "list", "--offset", "9")[2]
    assert aeip("proposals", "list", "--status", "asleep")[0] == 2


def test_approval_by_token_executes_and_the_plant_keeps_it(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a running owner the command takes the lease; the proposal ends executed."""
    aeip("ask", "please open HV1 Line 14", "--json")
    password = aeip("users", "add", "sven", "--role", "supervisor")[1].split()[-1]
    monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: password)
    token = aeip("users", "token", "sven")[1].strip()
    monkeypatch.setenv("AEIP_TOKEN", token)
    code, out, err = aeip("proposals", "approve", "1", "--user", "sven", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["status"], [s["status"] for s in told["steps"]]) == ("executed", ["done"])
    assert aeip("proposals", "approve", "1", "--user", "sven")[0] == 1


def test_nobody_approves_their_own_by_token(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """A supervisor may propose, and then somebody else decides."""
    password = aeip("users", "add", "sam", "--role", "supervisor")[1].split()[-1]
    monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: password)
    monkeypatch.setenv("AEIP_TOKEN", aeip("users", "token", "sam")[1].strip())
    answer = json.loads(aeip("ask", "please open HV1 Line 14", "--user", "sam", "--json")[1])
    assert answer["status"] == "awaiting_approval"
    code, out, err = aeip("proposals", "approve", "1", "--user", "sam")
    assert code == 1
    assert "sam" in err + out
    assert json.loads(aeip("proposals", "show", "1", "--json")[1])["status"] == "pending"


def test_writes_stop_for_everybody_and_only_a_supervisor_lets_them_go_on(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """While stopped, an order ends refused and studies go on."""
    password = aeip("users", "add", "sven", "--role", "supervisor")[1].split()[-1]
    monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: password)
    monkeypatch.setenv("AEIP_TOKEN", aeip("users", "token", "sven")[1].strip())
    assert aeip("writes", "stop", "--user", "sven", "--reason", "storm")[0] == 0
    assert "storm" in aeip("writes", "status")[1]
    assert json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])["status"] == "refused"
    assert json.loads(aeip("ask", "what are the losses?", "--json")[1])["status"] == "answered"
    assert aeip("writes", "resume", "--user", "local", "--reason", "over")[0] == 1
    assert aeip("writes", "resume", "--user", "sven", "--reason", "over")[0] == 0
    assert json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])["status"] == "awaiting_approval"


@pytest.fixture
def signed_in(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """Adds a person with the credential in force, and puts their own token into AEIP_TOKEN."""

    def sign_in(name: str, role: str, *more: str) -> None:
        code, out, err = aeip("users", "add", name, "--role", role, *more)
        assert code == 0, err
        password = out.split()[-1]
        monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: password)
        monkeypatch.setenv("AEIP_TOKEN", aeip("users", "token", name)[1].strip())

    return sign_in


def test_after_the_first_administrator_accounts_need_one(aeip: Aeip, signed_in: SignIn) -> None:
    """Without --user, with another's token and as a supervisor nothing changes; as the administrator it does."""
    signed_in("olga", "operator")
    signed_in("ada", "administrator")
    code, _, err = aeip("users", "add", "eve", "--role", "supervisor")
    assert (code, "an administrator can, with --user NAME" in err) == (1, True)
    assert aeip("users", "add", "eve", "--user", "olga")[0] == 1
    assert aeip("users", "add", "sven", "--role", "supervisor", "--user", "ada")[0] == 0
    assert aeip("users", "role", "olga", "viewer", "--user", "ada")[1] == "olga is viewer now.\n"
    assert aeip("users", "scope", "sven", "--area", "HV1", "--max-kv", "110", "--user", "ada")[1] == (
        "sven acts only in area HV1 at up to 110 kV now.\n"
    )
    assert aeip("users", "remove", "olga", "--user", "ada")[0] == 0
    told = {p["name"]: (p["role"], p["scope"]["max_kv"]) for p in json.loads(aeip("users", "list", "--json")[1])}
    assert told == {"ada": ("administrator", None), "sven": ("supervisor", 110.0)}
    events = [json.loads(line)["event"] for line in aeip("audit", "export")[1].splitlines()]
    assert [e for e in events if e != "password changed"] == [
        *["person added"] * 2,
        "account change refused",
        "person added",
        "role changed",
        "scope changed",
        "person removed",
    ]
    assert aeip("audit", "verify")[0] == 0


def test_a_first_host_makes_three_accounts_and_closes_the_door(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of each who acts, once; from then on the administrator adds people, and nobody without a credential."""
    monkeypatch.setattr(system, "_load", lambda group, name: lambda app: None)  # nothing is served
    told = aeip("chat")[1].splitlines()
    assert [line.split("'")[1] for line in told] == ["operator", "supervisor", "administrator"]
    assert aeip("chat")[1] == ""
    assert aeip("users", "add", "eve", "--role", "supervisor")[0] == 1
    monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: told[2].split()[-1])
    monkeypatch.setenv("AEIP_TOKEN", aeip("users", "token", "administrator")[1].strip())
    assert aeip("users", "add", "sara", "--role", "supervisor", "--user", "administrator")[0] == 0


@pytest.mark.parametrize(
    "command", [("role", "olga", "supervisor"), ("scope", "olga", "--max-kv", "20"), ("remove", "olga"), ("password", "olga")]
)
def test_a_supervisor_s_token_changes_no_account(aeip: Aeip, signed_in: SignIn, command: tuple[str, ...]) -> None:
    """Nor does the lack of one, in a folder that has no administrator yet."""
    signed_in("olga", "operator")
    signed_in("sven", "supervisor")
    before = aeip("users", "list")[1]
    for user in ("sven", "local"):
        code, _, err = aeip("users", *command, "--user", user)
        assert (code, "administrator" in err) == (1, True)
    assert aeip("users", "list")[1] == before


def test_a_removed_person_s_token_works_no_more(aeip: Aeip, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, on the command line too."""
    signed_in("ada", "administrator")
    administrator = os.environ["AEIP_TOKEN"]
    signed_in("sven", "supervisor", "--user", "ada")
    supervisor = os.environ["AEIP_TOKEN"]
    assert aeip("writes", "stop", "--user", "sven", "--reason", "drill")[0] == 0
    monkeypatch.setenv("AEIP_TOKEN", administrator)
    assert aeip("users", "remove", "sven", "--user", "ada")[0] == 0
    monkeypatch.setenv("AEIP_TOKEN", supervisor)
    code, _, err = aeip("writes", "resume", "--user", "sven", "--reason", "over")
    assert (code, "sign in again" in err) == (1, True)
    assert "drill" in aeip("writes", "status")[1]


def test_one_s_own_password_is_changed_with_the_present_one(aeip: Aeip, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token alone is not enough, and the old token ends."""
    signed_in("sven", "supervisor")
    right = typer.prompt()
    for present, code in (("not the present one", 1), (right, 0)):
        typed = {"Password of sven": present, "New password": "a new password"}
        monkeypatch.setattr("typer.prompt", lambda text, typed=typed, **kwargs: typed[text])
        assert aeip("users", "password", "sven", "--user", "sven")[0] == code
    assert aeip("writes", "resume", "--user", "sven", "--reason", "x")[0] == 1
    last = json.loads(aeip("audit", "export")[1].splitlines()[-1])
    assert (last["event"], last["person"], json.loads(last["payload"])) == ("password changed", "sven", {"name": "sven"})


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ((), 2, "give --area"),
        (("--everywhere", "--max-kv", "20"), 2, "give --area"),
        (("--area", "Atlantis"), 1, "has no area 'Atlantis'; its areas are EHV1_HV1"),
        (("--min-kv", "200", "--max-kv", "100"), 1, "holds no voltage"),
    ],
)
def test_a_scope_that_means_nothing_is_refused(aeip: Aeip, signed_in: SignIn, options: tuple[str, ...], code: int, says: str) -> None:
    """It would forbid everything, or nothing."""
    signed_in("ada", "administrator")
    found, _, err = aeip("users", "scope", "sven", *options, "--user", "ada")
    assert (found, says in err) == (code, True)


def test_orders_outside_a_scope_are_refused_in_the_conversation(aeip: Aeip, signed_in: SignIn) -> None:
    """`local` limited to other voltages: one sentence with the element and its level, no proposal."""
    signed_in("ada", "administrator")
    assert aeip("users", "scope", "local", "--max-kv", "20", "--user", "ada")[0] == 0
    answer = json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])
    assert (answer["status"], answer["proposals"]) == ("refused", [])
    assert "local acts only at up to 20 kV, and HV1 Line 14 (110 kV, area HV1) lies outside" in answer["answer"]
    assert aeip("users", "scope", "local", "--everywhere", "--user", "ada")[0] == 0
    assert json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])["status"] == "awaiting_approval"


def test_a_proposal_is_withdrawn_by_who_asked(aeip: Aeip, signed_in: SignIn) -> None:
    """Nobody else; the attempt is in the audit."""
    aeip("ask", "please open HV1 Line 14", "--json")
    signed_in("sven", "supervisor")
    code, _, err = aeip("proposals", "withdraw", "1", "--user", "sven")
    assert (code, "only they can withdraw it" in err) == (1, True)
    assert json.loads(aeip("audit", "export")[1].splitlines()[-1])["event"] == "decision refused"
    assert json.loads(aeip("proposals", "withdraw", "1", "--json")[1])["status"] == "withdrawn"
    assert "operates HV1 Line 14 (110 kV, area HV1), HV1 Switch 55 (110 kV, area HV1)" in aeip("proposals", "show", "1")[1]
    code, _, err = aeip("proposals", "withdraw", "1")
    assert (code, "it is withdrawn" in err) == (1, True)


def test_writes_do_not_go_on_without_a_reason(aeip: Aeip, signed_in: SignIn) -> None:
    """An empty one is none."""
    signed_in("sven", "supervisor")
    assert aeip("writes", "stop", "--reason", "storm")[0] == 0
    code, _, err = aeip("writes", "resume", "--user", "sven", "--reason", " ")
    assert (code, "needs a reason" in err) == (1, True)
    assert "storm" in aeip("writes", "status")[1]


def test_tools_doctor_and_grids_answer(aeip: Aeip) -> None:
    """The small commands print JSON when asked."""
    names = {t["name"] for t in json.loads(aeip("tools", "--json")[1])}
    studies = {"grid_data", "power_flow", "contingency_analysis", "topology", "explain_loading", "state_estimate", "history", "alarms"}
    studies |= {"thermal_rul", "cascade", "frequency_response", "knowledge_search"}
    assert names == studies | {"propose_action", "list_proposals"}
    code, out, _ = aeip("doctor", "--json")
    assert (code, [row for row in json.loads(out) if not row["ok"]]) == (0, [])
    listed = json.loads(aeip("grid", "list", "--json")[1])
    assert {"name": "case39", "kind": "built-in", "buses": 39, "branches": 46} in listed["grids"]
    assert listed["simbench"]["codes"] == sum(f["codes"] for f in listed["simbench"]["families"]) > 200
    assert json.loads(aeip("grid", "show", "case39", "--json")[1])["counts"]["buses"] == 39


def test_a_broken_rule_blocks_and_is_named(aeip: Aeip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With half a rule pack nothing is proposed; the file is named."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "voltage.yaml").write_text("id: voltage\nunknown: 1\n")
    monkeypatch.setenv("AEIP_RULES", str(tmp_path / "pack"))
    code, out, _ = aeip("ask", "please open HV1 Line 14", "--json")
    assert (code, json.loads(out)["status"]) == (1, "failed")
    assert "voltage.yaml" in json.loads(out)["answer"]
    code, out, _ = aeip("doctor", "--json")
    assert code == 1
    found = {row["check"]: row["found"] for row in json.loads(out) if not row["ok"]}
    assert list(found) == ["rules"]
    assert "'voltage.yaml', field 'title'" in found["rules"]


def test_a_broken_rule_stops_no_study(aeip: Aeip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document is as ever; beside it stands whose limits were used."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "voltage.yaml").write_text("[")
    monkeypatch.setenv("AEIP_RULES", str(tmp_path / "pack"))
    code, out, err = aeip("study", "power_flow", "--grid", "training", "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)
    assert "those of the shipped pack (entsoe-continental" in err
    assert "voltage.yaml" in err


def test_an_unreadable_ledger_is_one_sentence(aeip: Aeip, tmp_path: Path) -> None:
    """Fail closed: nothing is proposed on a damaged database, and it is left as it is."""
    (tmp_path / "data" / "aeip.db").write_bytes(b"this is no database" * 100)
    code, out, err = aeip("proposals", "list")
    assert code == 1
    assert "aeip.db" in err + out
    assert "Traceback" not in err


def test_alarms_need_a_plant_and_a_name(aeip: Aeip) -> None:
    """Without a plant nothing is watched; without a credential nobody acknowledges. One sentence each, exit status 1."""
    code, out, err = aeip("alarms", "list", "--grid", "case14")
    assert (code, out) == (1, "")
    assert "no alarms are watched" in err
    code, _, err = aeip("alarms", "ack", "overload:branches:Line 1", "--grid", "case14")
    assert code == 1
    assert "by name" in err


@pytest.mark.parametrize("tool", ["state_estimate", "history", "alarms"])
def test_live_studies_run_without_a_plant(aeip: Aeip, tool: str) -> None:
    """And say in their sentence that nobody watches or measures."""
    code, out, _ = aeip("study", tool, "--grid", "case14", "--json")
    told = json.loads(out)
    assert (code, told["ok"]) == (0, True)
    _, out, _ = aeip("study", tool, "--grid", "case14")
    assert out.startswith(("Synthetic measurements", "Nothing is recorded", "Nothing is watched"))


HEATED = {"nameplate": {"cooling": "ONAF"}, "ambient_celsius": 20.0}


@pytest.mark.parametrize("named", ["day.csv", "DAY.CSV", "@day.csv", "@day.txt"])
def test_a_study_gets_the_text_of_a_file(aeip: Aeip, tmp_path: Path, named: str) -> None:
    """NAME.csv and @NAME put the file's text in; the arguments that are told back are those that were typed."""
    (tmp_path / named.removeprefix("@")).write_text("\ufeffstep_min,load_pu\n60,1.0\n60,0.5\n", encoding="utf-8")
    args = {**HEATED, "profile": named}
    code, out, _ = aeip("study", "thermal_rul", "--grid", "case14", "--args", json.dumps(args), "--json")
    told = json.loads(out)
    assert (code, told["error"], told["args"]) == (0, None, args)
    assert [m["load_percent"] for m in told["result"]["series"]] == [100.0, 50.0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read (No such file"),
        (b"\xff\xfe1\x00", "no text in UTF-8"),
        (b"load_pu\n1\0\n", "is no text"),
        (b"load_pu\n" + b"1\n" * 10_000_001, "up to 20 MB work"),
        (b"load_pu\n1\n\n1\n", "row 3: load_pu=''"),
    ],
    ids=["missing", "no UTF-8", "binary", "huge", "gap"],
)
def test_a_file_that_is_no_text_is_one_sentence(aeip: Aeip, tmp_path: Path, content: bytes | None, says: str) -> None:
    """Missing, binary, huge or with a gap: nothing is studied, and the file is named where it is the file's fault."""
    if content is not None:
        (tmp_path / "day.csv").write_bytes(content)
    code, out, err = aeip("study", "thermal_rul", "--grid", "case14", "--args", json.dumps({**HEATED, "profile": "day.csv"}))
    assert (code, out) == (1, "")
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_folder_and_an_impossible_name_are_one_sentence_too(aeip: Aeip, tmp_path: Path) -> None:
    """@ before what is no file."""
    (tmp_path / "folder").mkdir()
    for named in ("@folder", "@", "@" + "n" * 300, "@nul\0.csv"):
        code, _, err = aeip("study", "thermal_rul", "--grid", "case14", "--args", json.dumps({**HEATED, "profile": named}))
        assert code == 1
        assert err.count("\n") == 1
        assert "works" in err


def test_tags_are_set_and_lifted_by_name(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a credential; what bears one is out of the orders' reach until it is lifted."""
    for name, role in (("olga", "operator"), ("vera", "viewer")):
        password = aeip("users", "add", name, "--role", role)[1].split()[-1]
        monkeypatch.setattr("typer.prompt", lambda *args, password=password, **kwargs: password)
        monkeypatch.setenv(f"TOKEN_OF_{name}", aeip("users", "token", name)[1].strip())
    line = ("HV1 Line 14", "locked-out", "--note", "permit 17")
    code, out, err = aeip("tags", "set", *line, "--user", "local")
    assert (code, out) == (1, "")
    assert "no credential" in err
    for name, works in (("vera", False), ("olga", True)):
        monkeypatch.setenv("AEIP_TOKEN", os.environ[f"TOKEN_OF_{name}"])
        code, out, err = aeip("tags", "set", *line, "--user", name, "--json")
        assert (code == 0) is works, err
    assert (json.loads(out)["element"], json.loads(out)["kind"], json.loads(out)["person"]) == ("HV1 Line 14", "locked out", "olga")
    assert aeip("tags", "set", "HV1 Line 999", "earthed", "--note", "x", "--user", "olga")[0] == 1
    assert aeip("tags", "set", "HV1 Line 14", "painted", "--note", "x", "--user", "olga")[0] == 2
    assert "permit 17" in aeip("tags", "list")[1]
    answer = json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])
    assert answer["status"] == "refused"
    assert "olga says 'permit 17'" in answer["answer"]
    assert aeip("tags", "lift", "1", "--reason", "done", "--user", "olga")[0] == 0
    assert aeip("tags", "lift", "1", "--reason", "done", "--user", "olga")[0] == 1
    assert json.loads(aeip("tags", "list", "--json")[1]) == []
    assert json.loads(aeip("ask", "please open HV1 Line 14", "--json")[1])["status"] == "awaiting_approval"
    assert aeip("audit", "verify")[0] == 0


def test_an_order_that_runs_while_a_tag_is_set_is_named(aeip: Aeip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its check may have come before the tag; the tag stands all the same."""
    password = aeip("users", "add", "olga", "--role", "operator")[1].split()[-1]
    monkeypatch.setattr("typer.prompt", lambda *args, **kwargs: password)
    monkeypatch.setenv("AEIP_TOKEN", aeip("users", "token", "olga")[1].strip())
    aeip("ask", "please open HV1 Line 14", "--json")
    with sqlite3.connect(tmp_path / "data" / "aeip.db") as ledger:
        ledger.execute("UPDATE aeip_proposal SET status = 'executing'")
    code, out, err = aeip("tags", "set", "HV1 Line 1", "tagged", "--note", "permit 17", "--user", "olga")
    assert (code, "permit 17" in out) == (0, True)
    assert "Proposal 1 is being carried out on 1-HV-mixed--0-sw" in err


def test_a_protected_name_that_is_not_there_is_found_by_the_doctor(aeip: Aeip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before an order is refused for it."""
    monkeypatch.setenv("AEIP_PROTECTED", "HV1 Line 14, HV1 Lien 1")
    code, out, _ = aeip("doctor", "--json")
    assert code == 1
    assert [row["check"] for row in json.loads(out) if not row["ok"]] == ["protected"]
