"""Faults come from a file as they are written, or one sentence says what is wrong with it."""

from pathlib import Path

import pytest

from grid_models.telemetry.fault_file import read_faults
from grid_models.telemetry.faults import InvalidFault, LostRtu, SignFlip
from grid_models.telemetry.quantities import Quantity


def test_faults_are_read_in_order(tmp_path: Path) -> None:
    """Quantities by name, times as YAML writes them."""
    path = tmp_path / "faults.yaml"
    path.write_text(
        "- {kind: sign_flip, quantity: P_FROM, element: HV1 Line 12}\n- {kind: lost_rtu, station: S, since: 2016-08-12T09:50:00Z}\n"
    )
    first, second = read_faults(path)
    assert isinstance(first, SignFlip)
    assert first.quantity is Quantity.P_FROM
    assert isinstance(second, LostRtu)
    assert second.since is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {kind: gremlin}", "at 0"),
        ("- {kind: sign_flip, quantity: P_FROM}", "element"),
        ("a: [b", "cannot be read"),
        ("just words", "at the file"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    """It names the file and the entry."""
    path = tmp_path / "faults.yaml"
    path.write_text(text)
    with pytest.raises(InvalidFault, match=said) as told:
        read_faults(path)
    assert "faults.yaml" in str(told.value)
    assert "\n" not in str(told.value)
