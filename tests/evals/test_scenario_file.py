"""A malformed scenario file is one clear sentence, never a failed scenario."""

from pathlib import Path

import pytest

from evals.scenario_file import InvalidScenario, UnknownSuite, choose, load_scenario, load_scenarios

SOUND = """\
id: tried
suite: answers
title: tried
steps:
  - ask: How are you?
    expect: {status: answered}
"""


def _error(folder: Path, text: str) -> str:
    path = folder / "tried.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidScenario) as caught:
        load_scenario(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("suite: answers", "suite: riddles", "at suite"),
        ("title: tried\n", "", "at title"),
        ("status: answered", "status: delighted", "'delighted'"),
        ("status: answered", "status: answered, tolls: [x]", "tolls"),
        ("- ask:", "- shout:", "a step is one of ask, study, decide"),
        ("ask: How are you?", "ask: [1, 2]", "at steps.0"),
        ("steps:", "steps: []\nrest:", "steps"),
        ("id: tried", "id: other", "the id 'tried' would fit"),
        ("title: tried", "title: tried\nrename: {T Load 1: x}", "'rename' needs 'grid: training'"),
        ("title: tried", "title: tried\ntitle: again", "given twice"),
        ("id: tried", "id: {", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The file, the place, what is wrong and what was found."""
    assert SOUND.count(old) == 1
    message = _error(tmp_path, SOUND.replace(old, new))
    assert message.startswith("Scenario file 'tried.yaml'")
    assert said in message
    assert message.endswith(".")
    assert "\n" not in message


def test_the_sound_file_loads(tmp_path: Path) -> None:
    """The text above is wrong only where a test makes it wrong."""
    (tmp_path / "tried.yaml").write_text(SOUND, encoding="utf-8")
    assert load_scenario(tmp_path / "tried.yaml").id == "tried"


def test_suites_and_ids_choose_scenarios() -> None:
    """A suite, an id, both, or nothing for all; an unknown name says which suites exist."""
    everything = load_scenarios()
    assert choose(everything, []) == everything
    assert {s.suite for s in choose(everything, ["safety"])} == {"safety"}
    assert [s.id for s in choose(everything, ["stale"])] == ["stale"]
    with pytest.raises(UnknownSuite, match="'riddles'; suites are answers, approvals, dialogue, grounding, safety, studies"):
        choose(everything, ["riddles"])


def test_an_empty_folder_is_no_passed_suite(tmp_path: Path) -> None:
    """Nothing to run is an error, not a success."""
    with pytest.raises(InvalidScenario, match="no scenario file"):
        load_scenarios(tmp_path)
