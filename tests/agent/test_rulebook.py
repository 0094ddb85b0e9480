"""Which rules hold for which grid, and what still works while one of them cannot be read."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.answer import Status
from agent.app import App
from agent.settings import Settings
from evals.doubles.clock import Clock
from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.intake.supplied_ratings import SuppliedRating, with_ratings
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from guardrails.errors import InvalidRule
from guardrails.people import Role, add, get
from guardrails.rule_pack import BARE_LIMITS, COMMON, ENTSOE_CONTINENTAL
from guardrails.transitions import Status as ProposalStatus

Opened = Callable[..., App]
BREAK = "\nweight: 3\n"  # a field no rule has
RATED = "grid: case14\nsource: {document: Example Grid Company, article: lines, edition: 2026-11, verified: yes}\nratings:\n"


@pytest.fixture
def opened(tmp_path: Path, grid_cache: Path) -> Iterator[Opened]:
    """An app on a fresh data folder with these settings."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "grids").symlink_to(grid_cache)
    apps: list[App] = []

    def open_app(grid: str = "training", **settings: object) -> App:
        app = App(Settings(_env_file=None, data_dir=tmp_path / "data", grid=grid, **settings), Clock())  # type: ignore[arg-type, call-arg]
        apps.append(app)
        return app

    yield open_app
    for app in apps:
        app.stop()
        app.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack of the control room's own: the shipped one with what it includes."""
    shutil.copytree(COMMON, tmp_path / "own-pack")
    return Path(shutil.copytree(ENTSOE_CONTINENTAL, tmp_path / "own-pack", dirs_exist_ok=True))


def rewrite(path: Path, text: str) -> None:
    """With another modification time than before."""
    later = path.stat().st_mtime_ns + 1_000_000 if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if later is not None:
        os.utime(path, ns=(later, later))


def test_each_grid_gets_the_pack_that_fits_it(opened: Opened, default_grid: Grid) -> None:
    """50 Hz is the continent's, 60 Hz North America's, and the model of Great Britain its own; the settings name one for all."""
    app, model = opened(), default_grid.model
    assert [app.rules(grid).name for grid in (None, model.name, "case39")] == ["entsoe-continental", "entsoe-continental", "nerc"]
    assert [app.rulebook.pack(replace(model, name=name)).name for name in ("GBnetwork", "GBreducednetwork")] == ["gb", "gb"]
    assert [opened(rules="gb").rules(grid).name for grid in (None, "case39")] == ["gb", "gb"]


def test_a_verdict_names_the_pack_of_its_grid(opened: Opened) -> None:
    """Whatever grid the settings name."""
    app = opened()
    state = app.present("case39")[0]
    verdict = app.gate("case39").check(state, [Action(kind="open", element="Line 1-2 (1)")], "maintenance", "standing")
    assert verdict.rule_pack == app.rules("case39").label
    assert verdict.rule_pack.startswith("nerc ")
    assert app.study_context("case39").limits == app.limits("case39")
    assert app.limits("case39").voltage_bands == ()


def test_a_frequency_without_a_pack_blocks_and_is_told(opened: Opened, training: Grid) -> None:
    """A railway's grid is judged by no pack unless the settings name one."""
    railway = replace(training.model, name="railway", frequency_hz=16.7)
    app = opened()
    with pytest.raises(InvalidRule, match=r"16\.7 Hz"):
        app.rulebook.pack(railway)
    assert app.rulebook.limits(railway) == BARE_LIMITS
    assert opened(rules="entsoe-continental").rulebook.pack(railway).name == "entsoe-continental"


def test_a_broken_rule_blocks_proposals_and_no_question(opened: Opened, folder: Path) -> None:
    """Studies go on with the limits last read, a fresh process with the shipped ones, and the answer says so with file and field."""
    app = opened(rules=str(folder))
    rewrite(folder / "branch-loading.yaml", (folder / "branch-loading.yaml").read_text().replace("max: 100.0", "max: 95.0"))
    good = app.limits()
    assert good.max_loading_percent == 95.0
    rewrite(folder / "branch-loading.yaml", (folder / "branch-loading.yaml").read_text() + BREAK)
    answer = app.ask("What is the state of the grid?")
    assert answer.status is Status.ANSWERED
    assert "limits here are those last read (own-pack" in answer.answer
    assert "'branch-loading.yaml', field 'weight'" in answer.answer
    assert app.limits() == good
    fresh = opened(rules=str(folder))
    assert fresh.limits().max_loading_percent == 100.0
    assert "those of the shipped pack (entsoe-continental" in str(fresh.rules_doubt())
    order = fresh.ask("Please open T Line 1 for maintenance")
    assert order.status is Status.FAILED
    assert "'branch-loading.yaml', field 'weight'" in order.answer
    assert fresh.proposals() == []


def test_where_no_pack_can_be_read_the_grids_own_data_judge(opened: Opened, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Permanent ratings and planning bands; an installation that lost its rules still answers."""
    monkeypatch.setattr("agent.app.rulebook.pack_of", lambda model: folder)
    (folder / "lost-load.yaml").write_text("[")
    app = opened()
    assert app.limits() == BARE_LIMITS
    assert "the permanent ratings and the voltage bands of the grid's own data" in app.ask("What is the state of the grid?").answer


def test_a_broken_rule_does_not_stop_the_owner_from_measuring(opened: Opened, folder: Path) -> None:
    """The plant is looked at, the fault is named, what is approved waits; with the file mended it is carried out."""
    app = opened(rules=str(folder))
    for name, role in (("olga", Role.OPERATOR), ("sven", Role.SUPERVISOR)):
        add(app.engine, name, role, by="test", now=app.now())
    owner = app.new_owner("training")
    owner.take()
    state, source = app.present()
    verdict = app.gate().check(state, [Action(kind="set_tap", element="T Trafo 1", position=1)], "voltage", source)
    proposal = app.ledger.submit(verdict, "voltage", "olga")
    sven = get(app.engine, "sven")
    assert sven is not None
    app.ledger.decide(proposal.id, sven, "approve", proposal.verdict_hash, "")
    mended = (folder / "voltage-110.yaml").read_text()
    rewrite(folder / "voltage-110.yaml", mended + BREAK)
    looked = owner.plant._rounds  # how often it was measured
    owner.tick()
    assert owner.plant._rounds == looked + 1
    assert "'voltage-110.yaml', field 'weight'" in str(owner.fault)
    assert app.ledger.get(proposal.id).status is ProposalStatus.APPROVED
    rewrite(folder / "voltage-110.yaml", mended)
    owner.tick()
    assert owner.fault is None
    assert app.ledger.get(proposal.id).status is ProposalStatus.EXECUTED
    owner.stop()


def test_the_host_says_that_it_is_degraded(opened: Opened, folder: Path) -> None:
    """With file and field, and without failing itself."""
    rewrite(folder / "lost-load.yaml", "[")
    health = opened(rules=str(folder)).health()
    assert (health["status"], health["rules"]) == ("degraded", None)
    assert "lost-load.yaml" in str(health["fault"])


def test_a_companys_limit_is_that_of_chat_and_gate(opened: Opened, tmp_path: Path) -> None:
    """And one that loosens blocks, without stopping questions."""
    text = (COMMON / "branch-loading.yaml").read_text()
    rewrite(tmp_path / "company" / "branch-loading.yaml", text.replace("max: 100.0", "max: 20.0"))
    app = opened(company_rules=tmp_path / "company")
    assert app.limits().max_loading_percent == 20.0
    assert app.gate().pack.name == "entsoe-continental + company"
    rewrite(tmp_path / "company" / "branch-loading.yaml", text.replace("max: 100.0", "max: 120.0"))
    with pytest.raises(InvalidRule, match=r"'branch-loading\.yaml', field 'limits\.2026-11-01\.max'"):
        app.gate()
    assert app.limits().max_loading_percent == 20.0


def rated(tmp_path: Path, case14: Grid, mva: float) -> Path:
    rows = "".join(f"  {name}: {{rating_mva: {mva}}}\n" for name in case14.model.branches.name)
    rewrite(tmp_path / "company" / "ratings" / "case14.yaml", RATED + rows)
    return tmp_path / "company"


def test_supplied_ratings_are_those_of_chat_studies_and_gate(opened: Opened, tmp_path: Path, grid_cache: Path) -> None:
    """A grid whose source has placeholders is judged, and its state has another id than without them."""
    case14 = load_grid("case14", grid_cache)
    bare = opened("case14")
    app = opened("case14", company_rules=rated(tmp_path, case14, 500.0))
    wanted = with_ratings(case14.model, dict.fromkeys(case14.model.branches.name, SuppliedRating(rating_mva=500.0)), "anybody")
    context = app.study_context()
    assert context.state.model.content_hash == wanted.content_hash != bare.present()[0].model.content_hash
    assert context.state.state_id != bare.present()[0].state_id
    assert context.state.model.ratings_usable
    assert "not usable" not in app.ask("How loaded are the lines?").answer
    verdict = app.gate().check(context.state, [Action(kind="open", element="Line 1-2 (1)")], "maintenance", "standing")
    assert verdict.state_id == context.state.state_id
    assert {c.rule: c.outcome for c in verdict.clauses}["ratings-usable"] is Outcome.PASS


def test_ratings_that_changed_or_broke_block_what_was_made_without_them(opened: Opened, tmp_path: Path, grid_cache: Path) -> None:
    """A state with the old ratings is not judged by the new ones; a broken file leaves the source's and is told."""
    case14 = load_grid("case14", grid_cache)
    app = opened("case14", company_rules=rated(tmp_path, case14, 500.0))
    old = app.present()[0]
    order = [Action(kind="open", element="Line 1-2 (1)")]
    rated(tmp_path, case14, 400.0)
    verdict = app.gate().check(old, order, "maintenance", "standing")
    assert [c.outcome for c in verdict.clauses] == [Outcome.NOT_CHECKABLE]
    assert "ratings of 'case14' changed" in verdict.clauses[0].explanation
    rewrite(tmp_path / "company" / "ratings" / "case14.yaml", RATED + "  Line 1-99: {rating_a: 5}\n")
    assert "There is no element 'Line 1-99'" in str(app.rules_doubt())
    assert not app.study_context().state.model.ratings_usable
    assert app.gate().check(app.present()[0], order, "maintenance", "standing").blocked
    rewrite(tmp_path / "company" / "ratings" / "case14.yaml", "[")
    with pytest.raises(InvalidRule, match=r"case14\.yaml"):
        app.gate()


def test_a_plant_with_other_ratings_is_another_plant(opened: Opened, tmp_path: Path, grid_cache: Path) -> None:
    """The stored state of a grid without them would be refused as another grid's."""
    before = opened("case14").new_owner("case14")
    before.take()
    before.stop()
    app = opened("case14", company_rules=rated(tmp_path, load_grid("case14", grid_cache), 500.0))
    owner = app.new_owner("case14")
    owner.take()
    live = app.live()
    assert live is not None
    assert live.state.model.ratings_usable
    owner.stop()
