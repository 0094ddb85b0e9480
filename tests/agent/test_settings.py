"""Settings come from AEIP_ variables and the command line, and a bad one is one sentence."""

from pathlib import Path

import pytest

from agent.settings import InvalidSettings, read_settings


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option that is not given leaves the environment's value."""
    monkeypatch.setenv("AEIP_GRID", "case39")
    assert read_settings(grid="case14").grid == "case14"
    assert read_settings(grid=None).grid == "case39"


def test_a_bad_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found and which variable to mend."""
    monkeypatch.setenv("AEIP_PORT", "lots")
    with pytest.raises(InvalidSettings, match=r"AEIP_PORT='lots'"):
        read_settings()


def test_the_ledger_is_sqlite_in_the_data_folder_unless_a_database_is_named() -> None:
    """PostgreSQL by one variable."""
    assert read_settings(data_dir=Path("somewhere")).ledger_url == "sqlite:///somewhere/aeip.db"
    assert read_settings(database_url="postgresql+psycopg://x/y").ledger_url == "postgresql+psycopg://x/y"


def test_protected_elements_are_names_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """No brackets or quotes to get wrong; none when the variable is empty."""
    monkeypatch.setenv("AEIP_PROTECTED", " HV1 Line 14,HV1 Trafo 1, ")
    assert read_settings().protected == ("HV1 Line 14", "HV1 Trafo 1")
    monkeypatch.setenv("AEIP_PROTECTED", "")
    assert read_settings().protected == ()
