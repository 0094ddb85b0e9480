"""An area's own voltage band, through the whole gate."""

from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.profiles import Grid
from guardrails.gate import Gate
from guardrails.rule import Limits
from guardrails.rule_pack import ENTSOE_CONTINENTAL, RulePack, load_pack
from guardrails.verdict import Verdict

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
USUAL = next(r for r in PACK.rules if r.id == "voltage-300")
HIGHER = Action(kind="set_voltage", element="Generator at Bus 36", vm_pu=1.08)


def asked(case39: Grid, bands: dict[str, float]) -> Verdict:
    """What the gate says with an upper limit for each area, and none for areas not named."""
    own = [
        USUAL.model_copy(update={"id": f"voltage-300-{area}", "areas": (area,), "limit": Limits(min=0.9, max=high)})
        for area, high in bands.items()
    ]
    pack = RulePack(name="areas", on=PACK.on, rules=(*(r for r in PACK.rules if "voltage" not in r.id), *own))
    return Gate(pack).check(case39.state_at(), [HIGHER], "test")


def test_an_area_s_own_band_refuses_what_another_s_would_not(case39: Grid) -> None:
    """The machine at bus 36 lifts its own area most; only where that one's band is narrow is it refused."""
    model, (area,) = case39.model, {case39.model.buses.area[case39.model.buses.name.index("Bus 36")]}
    others = [name for name in model.buses.areas if name != area]
    assert others
    narrow = asked(case39, {area: 1.06, **dict.fromkeys(others, 1.2)})
    blocking = [c for c in narrow.clauses if c.outcome.blocks]
    assert [c.rule for c in blocking] == [f"voltage-300-{area}"]
    assert model.buses.area[model.buses.name.index(blocking[0].element or "")] == area
    wide = asked(case39, {area: 1.2, **dict.fromkeys(others, 1.2)})
    assert not wide.blocked


@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "fail"), (1e-4, "pass")])
def test_the_band_of_an_area_on_both_sides(case39: Grid, offset: float, outcome: str) -> None:
    """The highest voltage of the area's own nodes decides, though another area has a higher one."""
    area = case39.model.buses.area[case39.model.buses.name.index("Bus 36")]
    everywhere = dict.fromkeys(case39.model.buses.areas, 1.2)
    value = next(c for c in asked(case39, everywhere | {area: 1.06}).clauses if c.rule == f"voltage-300-{area}").value
    assert value is not None
    found = next(c for c in asked(case39, everywhere | {area: value + offset}).clauses if c.rule == f"voltage-300-{area}")
    assert found.outcome == outcome


def test_a_grid_without_the_area_is_not_judged_by_its_band(case39: Grid) -> None:
    """Nothing to judge is no pass."""
    found = next(c for c in asked(case39, {"Elsewhere": 1.0}).clauses if c.rule == "voltage-300-Elsewhere")
    assert found.outcome is Outcome.NOT_APPLICABLE
