"""The causes of a peak: they add up, nobody is blamed for nothing, and the one that is there alone is named."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from grid_models.actions import Action
from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.life.counterfactual import Cause
from grid_models.life.course import Course, course_of
from grid_models.life.outlook import Outlook
from grid_models.life.paths import simulate
from grid_models.life.why import Why, why
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.from_now import FromNow

Look = Callable[..., Outlook]
Station = Callable[..., Grid]
Expected = Callable[[Outlook, int], Course]


def shares(found: Why) -> dict[Cause, float]:
    return {share.cause: share.share_k for share in found.shares}


def test_shares_add_up_on_every_course(ahead_now: Outlook, expected_course: Expected) -> None:
    """On the expected course and on the path of the middle, to 1e-9 K; the largest comes first."""
    paths = simulate(ahead_now, 60)
    for u in (0, 3):
        for course in (expected_course(ahead_now, u), course_of(ahead_now, u, paths)):
            found = why(ahead_now, u, course)
            assert sum(shares(found).values()) == pytest.approx(found.peak_celsius - found.baseline_celsius, abs=1e-9)
            sizes = [abs(s.share_k) for s in found.shares]
            assert sizes == sorted(sizes, reverse=True)


def test_the_peak_is_that_of_the_look_ahead(ahead_now: Outlook, expected_course: Expected) -> None:
    """What is explained is what was calculated, and `at_step` is when it is."""
    hot = ahead_now.temperatures(ahead_now.loads(ahead_now.ahead.expected)).hot_spot_celsius
    for u in (0, 2):
        found = why(ahead_now, u, expected_course(ahead_now, u))
        assert found.peak_celsius == pytest.approx(hot[u].max(), abs=1e-9)
        assert found.at_step == int(hot[u].argmax())


def test_twins_get_the_same(look: Look, station: Station, expected_course: Expected) -> None:
    """Two equal transformers side by side have equal shares."""
    outlook = look(grid=station(50.0, wind_mw=10.0), growth_percent_per_year=5.0)
    one, two = (why(outlook, u, expected_course(outlook, u)) for u in (0, 1))
    assert shares(one) == pytest.approx(shares(two), abs=1e-9)


def test_nothing_unusual_has_no_causes(look: Look, station: Station, expected_course: Expected) -> None:
    """At a constant load as always no cause has a share."""
    outlook = look(grid=station(50.0))
    assert all(abs(share) < 1e-9 for share in shares(why(outlook, 0, expected_course(outlook, 0))).values())


ALONE: dict[Cause, tuple[dict[str, float], dict[str, object]]] = {
    Cause.WIND_AND_PV: ({"load_mw": 5.0, "wind_mw": 90.0}, {}),
    Cause.SWITCHING: ({}, {"state": lambda s: s.apply([Action(kind="open", element="T2")])}),
    Cause.WEATHER: ({}, {"weather": FromNow(39.0, datetime(2016, 1, 1, tzinfo=UTC), ConstantAmbient(20.0))}),
    Cause.COOLING: ({}, {"cooling_lost": True}),
    Cause.GROWTH: ({"load_mw": 70.0}, {"growth_percent_per_year": 20.0, "hours": 720.0}),
}


@pytest.mark.parametrize("cause", ALONE)
def test_a_cause_that_is_alone_is_named(look: Look, station: Station, expected_course: Expected, cause: Cause) -> None:
    """It has by far the largest share, and without it, until now too, the peak is really lower by that much."""
    built, assumed = ALONE[cause]
    outlook = look(grid=station(**built), **assumed)
    found = why(outlook, 0, expected_course(outlook, 0))
    assert found.shares[0].cause is cause
    assert found.shares[0].share_k > 0.2
    assert sum(abs(s.share_k) for s in found.shares[1:]) < 0.1 * found.shares[0].share_k
    without = look(grid=station(**(built | {"wind_mw": 0.0})), hours=float(assumed.get("hours", 336.0)))
    cool = without.temperatures(without.loads(without.ahead.expected)).hot_spot_celsius[0].max()
    assert found.peak_celsius - cool == pytest.approx(found.shares[0].share_k, rel=0.1, abs=0.1)


def test_cooling_lost_in_the_record_is_a_cause(look: Look, station: Station, expected_course: Expected) -> None:
    """Fans that a record says are out are blamed as those that are imagined to fail."""
    grid = station(50.0)
    book = AssetBook.of(grid.model, [AssetRecord("T1", cooling_lost=True)])
    outlook = look(grid=grid, book=book)
    assert why(outlook, 0, expected_course(outlook, 0)).shares[0].cause is Cause.COOLING
    assert Cause.COOLING not in shares(why(outlook, 1, expected_course(outlook, 1)))


def test_closing_again_really_relieves(look: Look, expected_course: Expected) -> None:
    """On the default grid an opened twin is blamed, and a power flow with it closed again has less on the other one."""

    def opened(state: GridState) -> GridState:
        return state.apply([Action(kind="open", element="HV1 Trafo 2")])

    outlook = look(state=opened)
    found = why(outlook, 0, expected_course(outlook, 0))
    assert shares(found)[Cause.SWITCHING] > 3.0
    hottest = outlook.state_with(outlook.ahead.expected[:, found.at_step])
    closed = hottest.apply([Action(kind="close", element="HV1 Trafo 2")])
    branch = outlook.cases[0].unit.branches[0]
    assert solve(closed).loading_percent[branch] < 0.7 * solve(hottest).loading_percent[branch]


def test_an_outage_that_stands_is_blamed_as_one_imagined(look: Look, expected_course: Expected) -> None:
    """What is warm because of it already would be cool without it: its share is no smaller for having acted until now."""

    def opened(state: GridState) -> GridState:
        return state.apply([Action(kind="open", element="HV1 Trafo 2")])

    imagined = look(state=opened)
    standing = look(state=opened, before=imagined.assumptions.state)
    blamed = [shares(why(o, 0, expected_course(o, 0)))[Cause.SWITCHING] for o in (imagined, standing)]
    assert blamed[1] > 0.9 * blamed[0]
