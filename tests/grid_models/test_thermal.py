"""The public thermal functions as a caller meets them."""

import doctest

import grid_models.thermal as thermal


def test_the_example_of_the_standard_holds() -> None:
    """What the module shows is what it computes."""
    assert doctest.testmod(thermal).failed == 0


def test_every_public_name_is_there() -> None:
    """The contract's two functions and all that they take and give."""
    assert all(hasattr(thermal, name) for name in thermal.__all__)
    assert {"hot_spot", "annex_g", "ThermalSeries"} <= set(thermal.__all__)
    assert {"IeeeCooling", "Conductor", "kilograms", "litres", "Winding"} <= set(thermal.__all__)
