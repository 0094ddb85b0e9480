"""`make mutate`: break the code on purpose, in a copy. A break that no test notices is a promise that nothing keeps."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from evals.mutation import Edit, Mutation
from evals.mutations import MUTATIONS
from grid_models.errors import AeipError

ROOT = Path(__file__).parents[1]
PACKAGES = ("agent", "tools", "guardrails", "knowledge", "grid_models", "evals")
_PYTEST = ("-m", "pytest", "-x", "-q", "--no-header", "-rf", "--tb=no", "-p", "no:cacheprovider")
_FAILED = re.compile(r"^FAILED (\S+)", re.MULTILINE)
_LIMIT_S = 300  # for one run of the tests; a mutation may also make them hang


class CannotMutate(AeipError):
    """A mutation does not apply, or its tests say nothing."""


def main(mutations: Sequence[Mutation] = MUTATIONS) -> int:
    """1 when a mutation survives or does not apply any more."""
    with tempfile.TemporaryDirectory(prefix="aeip-mutate-") as folder:
        copy = Path(folder) / "copy"
        try:
            _copy(copy)
            _require_sound(copy, mutations)
            survived = [mutation.name for mutation in mutations if not _caught(copy, mutation)]
        except CannotMutate as error:
            sys.stderr.write(f"{error}\n")
            return 1
    print(f"{len(mutations) - len(survived)} of {len(mutations)} mutations are caught.")
    return 1 if survived else 0


def _copy(target: Path) -> None:
    for name in (*PACKAGES, "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("*.pyc"))  # compiled loops come along, with their times
    shutil.copy(ROOT / "pyproject.toml", target)


def _require_sound(copy: Path, mutations: Iterable[Mutation]) -> None:
    """The copy is what Python imports there, and every test passes as long as nothing is broken: else a failure would prove nothing."""
    code = f"import {', '.join(PACKAGES)}; print(*({', '.join(f'{name}.__file__' for name in PACKAGES)},), sep='\\n')"
    found = _python(copy, "-c", code).stdout.split()
    if len(found) != len(PACKAGES) or not all(Path(file).is_relative_to(copy.resolve()) for file in found):
        raise CannotMutate(f"Python does not import the copy in '{copy}' but {found}; nothing was tried.")
    failed = failing(copy, dict.fromkeys(test for mutation in mutations for test in mutation.tests))
    if failed is not None:
        raise CannotMutate(f"{failed} fails without any mutation; repair it first.")


def _caught(copy: Path, mutation: Mutation) -> bool:
    kept = {edit.file: (copy / edit.file).read_text(encoding="utf-8") for edit in mutation.edits}
    try:
        for edit in mutation.edits:
            apply_edit(copy, edit)
        name = failing(copy, mutation.tests)
    finally:
        for file, text in kept.items():
            (copy / file).write_text(text, encoding="utf-8")
    print(f"{'caught  ' if name else 'SURVIVED'}  {mutation.name}{f': {name}' if name else ''}", flush=True)
    return name is not None


def apply_edit(root: Path, edit: Edit) -> None:
    """Replace the one occurrence. Raises CannotMutate when there is none, or more than one."""
    path = root / edit.file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if (count := text.count(edit.old)) != 1:
        raise CannotMutate(f"'{edit.old.strip()}' occurs {count} times in {edit.file}, not once; bring evals/mutations.py up to date.")
    path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


def failing(root: Path, tests: Iterable[str]) -> str | None:
    """Name of the first failing test, None when all pass. Raises CannotMutate when the tests could not be run at all."""
    run = _python(root, *_PYTEST, *tests)
    found = _FAILED.search(run.stdout)
    if run.returncode == 0 or found:
        return found.group(1) if found else None
    raise CannotMutate(f"The tests could not be run (exit status {run.returncode}): {(run.stdout + run.stderr).strip()[-500:]}")


def _python(root: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    """Python that sees the copy first, wherever an editable install points; no bytecode, which an edit within a second would outlive."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AEIP_", "PYTEST_"))}
    env |= {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run([sys.executable, *args], cwd=root, env=env, capture_output=True, text=True, timeout=_LIMIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise CannotMutate(f"The tests did not end within {_LIMIT_S} s.") from error


if __name__ == "__main__":
    sys.exit(main())
