"""Chainlit's home: in the data folder, never in the current one, and with our labels."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from agent.web.chainlit_home import prepare


def test_importing_the_chat_unprepared_fails_and_leaves_nothing(tmp_path: Path) -> None:
    """Chainlit would otherwise make folders wherever the process was started."""
    root = Path(__file__).resolve().parents[3]
    code = "import agent.web.chat"
    environment = {"PYTHONPATH": str(root), "PATH": ""}
    result = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "see-chainlit_home" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_root_is_a_writable_copy_with_our_labels(core: Any) -> None:
    """Our words lie on top of Chainlit's own; none of its labels is missing."""
    root = prepare(core)
    assert root.is_relative_to(core.settings.data_dir)
    labels = json.loads((root / ".chainlit" / "translations" / "en-US.json").read_text())
    assert labels["auth"]["login"]["title"] == "Sign in to AEIP"
    assert labels["common"]["actions"]["cancel"] == "Cancel"
    config = root / ".chainlit" / "config.toml"
    config.write_text("old")
    prepare(core)
    assert "allow_origins" in config.read_text()


def test_other_applications_keys_are_not_used(core: Any, monkeypatch: Any) -> None:
    """Chainlit would start integrations that call out."""
    import os

    for name in ("LITERAL_API_KEY", "SLACK_BOT_TOKEN", "DATABASE_URL"):
        monkeypatch.setenv(name, "somebody's")
    prepare(core)
    assert not {"LITERAL_API_KEY", "SLACK_BOT_TOKEN", "DATABASE_URL"} & set(os.environ)
