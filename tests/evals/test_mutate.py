"""A mutation that no longer applies, or that nothing notices, is loud."""

from pathlib import Path

import pytest

from evals import mutate
from evals.mutate import CannotMutate, apply_edit
from evals.mutation import Edit, Mutation
from evals.mutations import MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.name)
def test_every_mutation_applies_to_the_sources_of_today(mutation: Mutation) -> None:
    """Each text occurs exactly once and each test file exists; `make mutate` itself takes minutes."""
    for edit in mutation.edits:
        assert (mutate.ROOT / edit.file).read_text(encoding="utf-8").count(edit.old) == 1
    for test in mutation.tests:
        assert (mutate.ROOT / test.partition("::")[0]).is_file()


def test_the_promises_of_the_issues_are_mutated() -> None:
    """Six of the gate and the answers (no N-1, own approval, ... no grounding), ten of the grid studies, nine of the live twin."""
    assert len(MUTATIONS) >= 25
    assert len({m.name for m in MUTATIONS}) == len(MUTATIONS)


@pytest.mark.parametrize(("old", "count"), [("three", 0), ("one", 2)])
def test_a_text_that_does_not_occur_once_is_refused(tmp_path: Path, old: str, count: int) -> None:
    """Nothing is written, and the sentence names the file."""
    (tmp_path / "a.py").write_text("one two one")
    with pytest.raises(CannotMutate, match=f"occurs {count} times in a.py"):
        apply_edit(tmp_path, Edit("a.py", old, "four"))
    assert (tmp_path / "a.py").read_text() == "one two one"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that moved is a mutation to bring up to date."""
    with pytest.raises(CannotMutate, match=r"occurs 0 times in gone\.py"):
        apply_edit(tmp_path, Edit("gone.py", "one", "two"))


@pytest.mark.slow
def test_a_failing_test_is_named_and_passing_tests_are_not(tmp_path: Path) -> None:
    """What pytest says is read right: failure, success, and tests that cannot be run."""
    (tmp_path / "test_both.py").write_text("def test_good(): pass\ndef test_bad(): assert 0\n")
    (tmp_path / "test_good.py").write_text("def test_good(): pass\n")
    (tmp_path / "test_broken.py").write_text("import no_such_module\n")
    assert mutate.failing(tmp_path, ["test_both.py"]) == "test_both.py::test_bad"
    assert mutate.failing(tmp_path, ["test_good.py"]) is None
    with pytest.raises(CannotMutate, match="could not be run"):
        mutate.failing(tmp_path, ["test_broken.py"])
