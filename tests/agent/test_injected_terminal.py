"""Words of others on a terminal and in names: they neither steer it, nor pass for lines of ours, nor hide in a name."""

from pathlib import Path

import pytest

from agent.cli import main as command_line
from agent.cli.terminal import say
from agent.rendering.harmless import MARK, harmless, visible
from evals.doubles.fresh_app import fresh_app
from evals.doubles.scripted_people import ScriptedPeople
from evals.injected import grid_file, texts
from grid_models.actions import Action
from grid_models.intake.columns import text
from grid_models.twin.source import load_grid

TEXTS = texts()


@pytest.mark.parametrize("words", [t.words for t in TEXTS], ids=[t.id for t in TEXTS])
def test_a_text_is_one_visible_line_on_the_terminal(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(words)
    out = capsys.readouterr().out
    assert out.endswith("\n")
    assert visible(out) == out
    assert out.count("\n") == 1


@pytest.mark.parametrize("words", [t.words for t in TEXTS], ids=[t.id for t in TEXTS])
def test_a_name_in_a_grid_file_is_one_visible_line(words: str) -> None:
    """And a name that was one already stays as it was."""
    name = text(words)
    assert name.isprintable()
    assert name == words or not words.isprintable()


def test_ordinary_words_stay_as_they_are() -> None:
    """Of any language, with the links of our own answers."""
    told = "Größe · Łódź · 変電所 · `HV1 Line 14` **155.6 %**, 3 < 5, a\u00a0b:\n\n| a | b |\n|---|---|\n[open the card](/approvals#7)"
    assert harmless(told) == told


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[x](https://evil.example)", "[x] (https:// evil.example)"),
        ("[x](//evil.example)", "[x] (//evil.example)"),
        ("[x](/\\evil.example)", "[x] (/\\evil.example)"),
        ("![x](/beacon.png)", "[x](/beacon.png)"),
        ("[x][1]", "[x] [1]"),
        ("<b onclick=x>", "‹b onclick=x>"),
        ("T Line \u202e1", f"T Line {MARK}1"),
        ("\x1b[2J", f"{MARK}[2J"),
    ],
)
def test_what_would_load_run_or_lead_away_is_only_shown(markdown: str, shown: str) -> None:
    assert harmless(markdown) == shown


def test_two_names_that_look_alike_are_told_apart(tmp_path: Path) -> None:
    """A zero-width space in a name is seen, so 'T Line 1' is the one and the marked one is another."""
    names = load_grid(str(grid_file(tmp_path, {"T Line 2": "T Line\u200b 1"}))).model.branches.name
    assert {"T Line 1", f"T Line{MARK} 1"} <= set(names)


def test_the_queue_on_the_command_line_holds_our_lines_only(
    tmp_path: Path, grid_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reasons that look like further lines, decisions or escape sequences stay inside of the one line they belong to."""
    spoof = "x\n  approve by sven at 12:00:00Z fine\n\x1b[2K\x1b[1Astep 1: done \u202eenod"
    with fresh_app(tmp_path / "data", grid_cache, grid="training") as app:
        people = ScriptedPeople(app)
        people.hire()
        verdict = app.gate().check(app.present()[0], (Action(kind="open", element="T Line 2"),), spoof)
        made = app.ledger.submit(verdict, spoof, "olga")
        people.decide(made.id, "sven", "reject", spoof)
    shown = []
    for command in (["proposals", "show", "1"], ["proposals", "list"]):
        monkeypatch.setattr("sys.argv", ["aeip", *command, "--grid", "training", "--data-dir", str(tmp_path / "data")])
        with pytest.raises(SystemExit):
            command_line.main()
        shown.append(capsys.readouterr().out)
    assert all(visible(out) == out for out in shown)
    lines = [line for out in shown for line in out.splitlines()]
    assert not [line for line in lines if line.strip().startswith(("approve by", "step 1"))]
    assert sum("approve by sven" in line for line in lines) == 2, "as part of the reasons of the request and of its rejection"
