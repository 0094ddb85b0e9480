"""The house of seven folders: its layers hold, and each contract fails when an import breaks it."""

import ast
import importlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PACKAGES: list[str] = LINTER["root_packages"]
CONTRACTS: dict[str, str] = {contract["id"]: contract["name"] for contract in LINTER["contracts"]}


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter on the packages in `house`, with the configuration that lies there."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    return subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)


def add_import(house: Path, module: str, imported: str) -> None:
    """Appends `import imported` to a module, be it a file or a package."""
    path = house.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    source.write_text(f"{source.read_text()}\nimport {imported}\n")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and of the contracts, free to be broken."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            target = tmp_path / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return tmp_path


def test_every_contract_holds() -> None:
    """The tree as it is keeps all contracts."""
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("contract", "module", "imported"),
    [
        ("house", "grid_models.errors", "tools"),
        ("house", "tools", "guardrails"),
        ("house", "guardrails", "agent"),
        ("house", "agent", "evals"),
        ("knowledge", "knowledge", "grid_models.actions"),
        ("pure-domain", "grid_models.errors", "langgraph.graph"),
        ("pure-domain", "grid_models.errors", "sqlmodel"),
        ("no-langchain-below-agent", "guardrails", "langchain_core.messages"),
        ("no-langchain-below-agent", "tools.context", "fastapi"),
        ("solver-boundary", "tools", "pandapower.networks"),
        ("inner-agent", "agent.settings", "agent.app"),
        ("inner-agent", "agent.cli", "agent.web"),
        ("inner-agent", "agent.rendering", "agent.grounding"),
        ("no-tests", "evals", "tests.conftest"),
    ],
)
def test_a_wrong_import_breaks_its_contract(house: Path, contract: str, module: str, imported: str) -> None:
    """One offending import makes the linter fail and name the contract."""
    add_import(house, module, imported)
    result = lint_imports(house)
    assert result.returncode != 0, result.stdout
    assert f"{CONTRACTS[contract]} BROKEN" in result.stdout, result.stdout + result.stderr


def test_the_two_named_exceptions_are_allowed(house: Path) -> None:
    """Knowledge may raise the common errors, and the registry of tools may speak LangChain."""
    add_import(house, "knowledge", "grid_models.errors")
    add_import(house, "tools.registry", "langchain_core.tools")
    result = lint_imports(house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_the_imported_package_is_ours(package: str) -> None:
    """No installed library shadows one of our plain top-level names."""
    location = importlib.import_module(package).__file__
    assert location is not None
    assert Path(location).resolve() == ROOT / package / "__init__.py"


def test_nothing_imports_from_tests() -> None:
    """Outside pytest the name `tests` belongs to another library; test files share helpers through conftest only."""
    sources = [path for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py")]
    offenders = [str(path.relative_to(ROOT)) for path in sources if "tests" in imported_roots(path)]
    assert sources
    assert not offenders


def test_tests_are_no_package() -> None:
    """An `__init__.py` under tests would make it importable by accident."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def imported_roots(path: Path) -> set[str]:
    """First parts of all absolute imports of a source file."""
    nodes = list(ast.walk(ast.parse(path.read_text(), filename=str(path))))
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
