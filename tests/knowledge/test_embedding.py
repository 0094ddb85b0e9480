"""The sentence model: only the published weights are used."""

from pathlib import Path

import pytest

from knowledge.embedding import check_weights


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """A file that is not the published model is not loaded."""
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"something else")
    with pytest.raises(ValueError, match="published model"):
        check_weights(file)
