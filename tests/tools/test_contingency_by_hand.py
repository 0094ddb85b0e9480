"""Contingency analysis on a feeder small enough to be worked out by hand, with and without changes.

Bus A (110 kV, infeed) and B are joined by the equal circuits L1 and L2; B feeds C over L3. B draws 60 MW; C draws 20 MW and a park
there injects 5 MW. The lines are short, so every voltage is 1.00 pu and a current is P / (sqrt(3) 110 kV) to within 0.2 %. All
ratings are 0.3 kA, that is 57.16 MW:

* before any outage L1 and L2 carry 37.5 MW each, 65.6 %
* without L1, L2 carries 75 MW: 131.2 %; and the other way round
* without L3, C is dead: 20 MW of load and 5 MW of generation lost; L1 and L2 carry 30 MW each, 52.5 %
* without the infeed everything is lost: 80 MW
"""

from functools import cache
from typing import Any

import pandapower as pp
import pytest

from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.intake.net import model_from_net
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.contingency_analysis import ContingencyResult
from tools.registry import run_study

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")
PERCENT_OF_ONE_MW = 100 / (3**0.5 * 110 * 0.3)  # loading of a circuit by 1 MW
CLOSE = 0.003  # losses and reactive power of the short lines
NO_RATING_KA = 99_999.0


@cache  # a state is immutable
def feeder(rating_ka: float = 0.3, second_x_ohm: float = 0.2, radial_rating_ka: float = 0.3) -> GridState:
    """The feeder of the docstring."""
    net = pp.create_empty_network(name="feeder")
    a, b, c = (pp.create_bus(net, 110, name=n, type="b", min_vm_pu=0.9, max_vm_pu=1.1) for n in ("A", "B", "C"))
    for name, start, end, x_ohm, ka in (
        ("L1", a, b, 0.2, rating_ka),
        ("L2", a, b, second_x_ohm, rating_ka),
        ("L3", b, c, 0.2, radial_rating_ka),
    ):
        pp.create_line_from_parameters(net, start, end, 1.0, 0.002, x_ohm, 0.0, ka, name=name)
    pp.create_ext_grid(net, a, vm_pu=1.0, name="Infeed A")
    pp.create_load(net, b, 60.0, 0.0, name="Load B")
    pp.create_load(net, c, 20.0, 0.0, name="Load C")
    pp.create_sgen(net, c, 5.0, 0.0, sn_mva=10, type="Wind", name="Park C")
    return GridState.at_start(model_from_net(net, "feeder"))


def analyse(state: GridState, **args: Any) -> ContingencyResult:
    result = run_study("contingency_analysis", args, StudyContext(state, LIMITS))
    assert isinstance(result, ContingencyResult)
    return result


def scale(factor: float) -> dict[str, object]:
    return {"kind": "scale", "group": "loads", "factor": factor}


def test_single_outages_of_the_feeder() -> None:
    """Four cases, ranked: the infeed (100 % of the load lost), L1 and L2 (31.2 points over, in the grid's order), L3 (25 % lost)."""
    result = analyse(feeder())
    assert [row.outage for row in result.worst] == [("Infeed A",), ("L1",), ("L2",), ("L3",)]
    infeed, one, _, radial = result.worst
    assert (infeed.total_loss, infeed.lost_load_mw, infeed.max_loading_percent, infeed.vm_min_pu) == (True, 80.0, None, None)
    assert [(o.element, o.rating_tier) for o in one.overloaded] == [("L2", "permanent")]
    assert one.max_loading_percent == pytest.approx(75 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert (radial.lost_load_mw, radial.lost_generation_mw, radial.islands, radial.total_loss) == (20.0, 5.0, 1, False)
    assert radial.max_loading_percent == pytest.approx(30 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert [row.severity for row in result.worst] == pytest.approx([100.0, 31.2, 31.2, 25.0], abs=0.3)
    assert (result.cases, result.total, result.overloading, result.losing_load, result.total_losses) == (4, 4, 2, 2, 1)
    assert result.cases_by_kind == {"line": 3, "infeed": 1}
    assert "is a total loss of supply, 80.0 MW of load" in result.headline()


def test_branches_that_overload_are_grouped() -> None:
    """Each circuit overloads when its twin fails; without the park L3 carries 20 MW and never does."""
    result = analyse(feeder())
    assert [(row.element, row.cases, row.worst_outage) for row in result.by_element] == [("L1", 1, ("L2",)), ("L2", 1, ("L1",))]
    assert (result.overloaded_elements, len(analyse(feeder(), top=1).by_element)) == (2, 1)


def test_pairs_of_the_named_elements() -> None:
    """Three pairs: both circuits lose all 80 MW; a circuit and L3 lose 20 MW and load the other one to 60 MW, 105.0 %."""
    result = analyse(feeder(), level=2, elements=["lines"])
    assert [row.outage for row in result.worst] == [("L1", "L2"), ("L1", "L3"), ("L2", "L3")]
    assert [row.lost_load_mw for row in result.worst] == [80.0, 20.0, 20.0]
    assert result.worst[1].max_loading_percent == pytest.approx(60 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert (result.pairs, result.confirmed, result.left_out, result.islanding) == (3, 3, 0, 3)
    assert result.headline().startswith("3 of 3 pairs break a limit or lose load; the worst, L1 and L2,")


def test_every_pair_of_branches() -> None:
    """Without names the pairs are screened first: the same three, two of them overload, all of them island (L3 is a bridge)."""
    result = analyse(feeder(), level=2)
    named = analyse(feeder(), level=2, elements=["lines"])
    assert (result.pairs, result.screened, result.islanding, result.confirmed, result.left_out) == (3, 3, 3, 3, 0)
    assert (result.cases, result.total, result.overloading, result.secure) == (3, 3, 2, False)
    assert {row.outage for row in result.worst} == {row.outage for row in named.worst}
    assert [row.severity for row in result.worst] == pytest.approx([row.severity for row in named.worst], rel=1e-6)
    assert result.screening_method


def test_pairs_are_compared() -> None:
    """Half the load: both circuits together lose 40 MW instead of 80; 30 MW over one circuit, 52.5 %: two overloads resolved."""
    compared = analyse(feeder(), level=2, changes=[scale(0.5)]).comparison
    assert compared is not None
    assert (compared.cases, compared.resolved_total, compared.new_total) == (3, 2, 0)
    most = compared.lost_load[0]
    assert (most.outage, most.before_mw, most.after_mw) == (("L1", "L2"), 80.0, 40.0)


def test_dc_by_hand() -> None:
    """Without losses the loadings are those of the docstring to a millionth; voltages are unknown, and so is whether it is secure."""
    result = analyse(feeder(), method="dc")
    rows = {row.outage: row for row in result.worst}
    assert rows[("L1",)].max_loading_percent == pytest.approx(75 * PERCENT_OF_ONE_MW, rel=1e-6)
    assert rows[("L3",)].max_loading_percent == pytest.approx(30 * PERCENT_OF_ONE_MW, rel=1e-6)
    assert (rows[("L3",)].lost_load_mw, rows[("L3",)].total_loss, rows[("L3",)].vm_min_pu) == (20.0, False, None)
    assert (rows[("Infeed A",)].lost_load_mw, rows[("Infeed A",)].total_loss) == (80.0, True)
    calm = analyse(feeder(1.0), method="dc", elements=["L1", "L2"])
    assert (calm.secure, calm.secure_note) == (None, "the DC approximation knows no voltages")


def test_the_callers_groups() -> None:
    """One group of both circuits; a group of one is that element; the same group in another order is one case."""
    result = analyse(feeder(), outages=[["L1", "L2"], ["L3"], ["L2", "L1"]])
    assert [(row.outage, row.kind) for row in result.worst] == [(("L1", "L2"), "group"), (("L3",), "line")]
    assert result.headline().startswith("2 of 2 outages asked for")


def test_secure_needs_every_rating() -> None:
    """With 1 kA no circuit overloads: secure. Where L3 has a placeholder, the same finding proves nothing: unknown."""
    named = ["L1", "L2"]
    rated, unrated = analyse(feeder(1.0), elements=named), analyse(feeder(1.0, radial_rating_ka=NO_RATING_KA), elements=named)
    assert (rated.secure, rated.headline()) == (True, "All 2 single outages are secure.")
    assert (unrated.secure, unrated.unrated) == (None, 1)
    assert unrated.headline() == (
        "None of 2 single outages breaks a limit that could be judged or loses load, "
        "but whether that is secure is unknown: 1 of 3 branches have no usable rating."
    )
    assert analyse(feeder(radial_rating_ka=NO_RATING_KA), elements=named).secure is False


def test_one_outage_is_told_by_its_name() -> None:
    """Harmless or not."""
    assert analyse(feeder(1.0), elements=["L1"]).headline() == "Losing L1 breaks no limit and loses no load."
    assert analyse(feeder(), elements=["L1"]).headline() == "Losing L1 loads L2 to 131.2 %."


def test_an_outage_without_solution_is_listed_with_its_reason() -> None:
    """Over 100 ohm at most 110 kV squared / (2 * 100 ohm) = 60.5 MW flow, so without L1 the 75 MW have no solution; that is insecure."""
    result = analyse(feeder(1.0, second_x_ohm=100.0), elements=["L1", "L2"])
    assert [(case.outage, bool(case.reason)) for case in result.failed] == [(("L1",), True)]
    assert (result.failed_total, result.total, result.secure) == (1, 0, False)
    assert result.headline() == "1 of 2 single outages has no power-flow solution."
    half = analyse(feeder(1.0, second_x_ohm=100.0), elements=["L1", "L2"], changes=[scale(0.5)]).comparison
    assert half is not None
    assert (half.newly_solved, half.newly_failed, half.cases) == ((("L1",),), (), 1)


def test_what_is_out_of_service_cannot_fail() -> None:
    """It is said, and no case is counted; nothing studied is not secure."""
    state = feeder()
    result = analyse(state, elements=["L2"], changes=[{"kind": "open", "element": "L2"}])
    assert (result.cases, result.secure, result.out_of_service) == (0, None, ("L2",))
    assert "L2 is out of service already" in result.headline()
    both = analyse(state, elements=["L1", "L2"], changes=[{"kind": "open", "element": "L2"}])
    assert (both.cases, both.out_of_service) == (1, ("L2",))


def test_relief_is_compared() -> None:
    """Half the load: 35 MW instead of 75 over one circuit, 61.2 %: both overloads resolved; lost loads 80 to 40 and 20 to 10 MW."""
    result = analyse(feeder(), changes=[scale(0.5)])
    compared = result.comparison
    assert compared is not None
    assert [(row.outage, row.element) for row in compared.resolved] == [(("L1",), "L2"), (("L2",), "L1")]
    assert compared.resolved[0].before_percent == pytest.approx(75 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert compared.resolved[0].after_percent == pytest.approx(35 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert [(r.outage, r.change, r.before_mw, r.after_mw) for r in compared.lost_load] == [
        (("Infeed A",), "improved", 80.0, 40.0),
        (("L3",), "improved", 20.0, 10.0),
    ]
    assert (compared.cases, compared.total_before, result.total) == (4, 4, 2)
    assert (compared.new_total, compared.worsened_total, compared.improved_total, compared.voltages_total) == (0, 0, 0, 0)
    assert "overloads 2 resolved, lost load differs after 2 outages" in result.headline()


def test_harm_is_compared() -> None:
    """From half the load back to all of it, the overloads are new; a fifth more load makes the present ones worse, a tenth less better."""
    relieved = feeder().apply([])
    half = relieved.with_arrays(load_p_mw=relieved.load_p_mw * 0.5)
    new = analyse(half, changes=[scale(2.0)]).comparison
    worse = analyse(relieved, changes=[scale(1.2)]).comparison
    better = analyse(relieved, changes=[scale(0.9)]).comparison
    assert new is not None
    assert worse is not None
    assert better is not None
    assert (new.new_total, new.new[0].outage, new.new[0].element) == (2, ("L1",), "L2")
    assert (worse.worsened_total, worse.new_total) == (2, 0)
    assert worse.worsened[0].after_percent == pytest.approx(91 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert (better.improved_total, better.resolved_total) == (2, 0)


def test_small_differences_are_no_findings() -> None:
    """0.1 % more load moves 131.2 % by 0.14 points and 80 MW by 0.08 MW: within the tolerances."""
    result = analyse(feeder(), changes=[scale(1.001)])
    assert result.comparison is not None
    assert result.headline().endswith("no difference beyond the tolerances.")
    totals = {k: v for k, v in result.comparison.model_dump().items() if k.endswith("_total")}
    assert set(totals.values()) == {0}


def test_an_opened_circuit_is_compared() -> None:
    """Opening L2 leaves L1 with all 75 MW: losing L3 now overloads L1 (60 MW, 105.0 %), losing L1 takes 80 MW; L2 cannot fail any more."""
    compared = analyse(feeder(), changes=[{"kind": "open", "element": "L2"}]).comparison
    assert compared is not None
    assert [(row.outage, row.element) for row in compared.new] == [(("L3",), "L1")]
    assert compared.new[0].before_percent == pytest.approx(30 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert compared.new[0].after_percent == pytest.approx(60 * PERCENT_OF_ONE_MW, rel=CLOSE)
    assert [(row.outage, row.element, row.after_percent) for row in compared.resolved] == [(("L1",), "L2", None)]
    assert [(row.outage, row.change, row.after_mw) for row in compared.lost_load] == [(("L1",), "new", 80.0)]
    assert (compared.only_before, compared.only_after) == ((("L2",),), ())


def test_tables_are_bounded_and_totals_are_not() -> None:
    """One row each, and how many there are."""
    result = analyse(feeder(), changes=[scale(0.5)], top=1)
    assert result.comparison is not None
    assert (len(result.worst), result.total) == (1, 2)
    assert (len(result.comparison.resolved), result.comparison.resolved_total) == (1, 2)
    assert (len(result.comparison.lost_load), result.comparison.lost_load_total) == (1, 2)


def test_progress_and_cancel_reach_the_solver() -> None:
    """Two phases with changes, done in the end; a stopped study says how far it came."""
    seen: list[tuple[int, int]] = []
    ctx = StudyContext(feeder(), LIMITS, progress=lambda done, total: seen.append((done, total)))
    run_study("contingency_analysis", {"changes": [scale(0.5)]}, ctx)
    assert seen[-1] == (8, 8)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    with pytest.raises(StudyCancelled, match="stopped after 0 of"):
        run_study("contingency_analysis", {}, StudyContext(feeder(), LIMITS, cancelled=lambda: True))


def test_a_state_without_a_power_flow_is_explained() -> None:
    """Four thousand times the load is beyond what the circuits carry: the error says how far it would go."""
    with pytest.raises(PowerFlowDiverged, match=r"It solves at \d+ % of the present load"):
        analyse(feeder(), changes=[scale(4000.0)])


def test_only_the_changed_state_has_a_power_flow() -> None:
    """The loads are brought down to what the feeder carries: its outages are told, with why there is no comparison."""
    overloaded = feeder().apply([Action(kind="scale", group="loads", factor=4000.0)])
    result = analyse(overloaded, changes=[scale(1 / 4000)])
    assert (result.cases, result.comparison) == (4, None)
    assert "Without the changes there is no power flow" in result.comparison_note
    assert result.comparison_note in result.headline()


def test_dc_ends_supply_only_without_an_infeed() -> None:
    """DC knows no voltages; a total loss is still the loss of the only infeed, or of the busbar it feeds, and of nothing else."""
    result = analyse(feeder(), method="dc", elements=["all"])
    assert sorted(row.outage for row in result.worst if row.total_loss) == [("A",), ("Infeed A",)]
    assert result.total_losses == 2


@pytest.mark.parametrize("method", ["ac", "dc"])
def test_a_grid_of_one_bus(method: str) -> None:
    """No branch to load: the loss of the infeed, or of its busbar, is a total loss of supply, with load and without."""
    for load_mw in (5.0, 0.0):
        net = pp.create_empty_network()
        bus = pp.create_bus(net, 110.0, name="A")
        pp.create_ext_grid(net, bus, name="Infeed A")
        pp.create_load(net, bus, load_mw)
        result = analyse(GridState.at_start(model_from_net(net, "one bus")), elements=["all"], method=method)
        assert [(row.outage, row.lost_load_mw, row.severity) for row in result.worst] == [
            (("Infeed A",), load_mw, 100),
            (("A",), load_mw, 100),
        ]
        assert (result.secure, result.total, result.total_losses, result.failed_total) == (False, 2, 2, 0)
        assert "total loss of supply" in result.headline()
