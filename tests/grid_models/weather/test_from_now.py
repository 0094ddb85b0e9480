"""An ambient temperature that holds from a moment on."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from grid_models.weather.climatology import climatology_of
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.from_now import FromNow
from grid_models.weather.moments import InvalidAmbient

NOW = datetime(2016, 8, 12, 10, 7, tzinfo=UTC)
USUAL = climatology_of("1-HV-mixed--0-sw")


def test_before_now_it_is_as_it_was() -> None:
    """Up to the last moment before now, with the doubt and the source of what it was."""
    first = NOW - timedelta(minutes=60)
    past, usual = FromNow(35.0, NOW, USUAL).ambient(first, 4, 15.0), USUAL.ambient(first, 4, 15.0)
    assert np.array_equal(past.celsius, usual.celsius)
    assert (past.sigma_k, past.day_to_day, past.unverified) == (usual.sigma_k, usual.day_to_day, usual.unverified)


def test_from_now_it_holds_exactly() -> None:
    """As exact as the person says: no day strays from it, and only it is named."""
    held = FromNow(35.0, NOW, USUAL).ambient(NOW, 96, 15.0)
    assert (held.celsius == 35.0).all()
    assert (held.sigma_k, held.unverified) == (0.0, "")
    assert held.source == "35 °C as given"


def test_across_now() -> None:
    """The moment of now itself is already the given one; both sources are named."""
    both = FromNow(35.0, NOW, ConstantAmbient(5.0)).ambient(NOW - timedelta(minutes=30), 5, 15.0)
    assert both.celsius.tolist() == [5.0, 5.0, 35.0, 35.0, 35.0]
    assert both.source == "5 °C as given; then 35 °C as given"


@pytest.mark.parametrize("celsius", [61.0, -61.0, float("nan")])
def test_no_such_air(celsius: float) -> None:
    """A temperature that no air has is refused, whichever moments are asked for."""
    for first in (NOW, NOW - timedelta(days=3)):
        with pytest.raises(InvalidAmbient, match="would work"):
            FromNow(celsius, NOW, USUAL).ambient(first, 4, 15.0)
