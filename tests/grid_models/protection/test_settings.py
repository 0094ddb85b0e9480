"""Settings of a grid's relays: defaults by level, overridden by element, errors by entry."""

from math import inf
from pathlib import Path

import numpy as np
import pytest

from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.heating.iec_parameters import Cooling
from grid_models.protection import thermal_relays
from grid_models.protection.curves import Curve, InvalidRelay
from grid_models.protection.defaults import protection_defaults
from grid_models.protection.element_settings import ElementSettings
from grid_models.protection.loadability import bears_pu
from grid_models.protection.relays import instant_s, inverse_reset_s, inverse_s
from grid_models.protection.settings import ProtectionSettings, settings_of
from grid_models.protection.settings_file import read_settings
from grid_models.twin.model import FloatArray, GridModel
from grid_models.twin.profiles import Grid


@pytest.fixture(scope="module")
def model(default_grid: Grid) -> GridModel:
    return default_grid.model


@pytest.fixture(scope="module")
def usual(model: GridModel) -> ProtectionSettings:
    return settings_of(model)


def row_of(model: GridModel, name: str) -> int:
    return model.registry.exact(name)[0].index


def loading(model: GridModel, **at: float) -> FloatArray:
    """40 % everywhere, and what is given by name (spaces as underscores)."""
    found = np.full(len(model.branches), 0.4)
    for name, value in at.items():
        found[row_of(model, name.replace("_", " "))] = value
    return found


def test_every_default_has_its_source() -> None:
    """Nothing in the data file is silent: each entry names a source, and what is judgement says what is unverified."""
    known = protection_defaults()
    singles = [known.line_thermal, known.transformer_thermal, known.zone3, known.load_undervoltage, known.hidden_failure]
    for each in [*known.overcurrent, *singles, *known.voltage_sets.values(), *known.frequency_sets.values()]:
        assert each.source
        assert each.unverified or "judgement" not in each.source


def test_defaults_by_voltage_level(model: GridModel, usual: ProtectionSettings) -> None:
    """110-kV lines pick up at 130 %, 220- and 380-kV transformers at the 150 % of PRC-023; the zone bears 150 % of every line's rating."""
    branches, line = usual.branches, model.branches.is_line
    assert set(branches.pickup_pu[line]) == {1.3}
    assert set(branches.pickup_pu[~line]) == {1.5}
    kv = model.buses.nominal_kv[model.branches.from_bus]
    borne = bears_pu(branches.zone3_reach_ohm, branches.zone3_torque_angle_degree, model.branches.rating_from_ka, kv)
    assert borne[line] == pytest.approx(1.5)
    assert np.isnan(branches.zone3_reach_ohm[~line]).all()
    assert usual.errors == ()
    assert any("unverified" in phrase for phrase in usual.assumed)


def test_the_overload_of_the_demo(model: GridModel, usual: ProtectionSettings) -> None:
    """HV1 Line 54 at 156 %: at once by instant relays, after 0.3·0.14/(1.2^0.02 − 1) = 11.5 s by SI, nobody else ever."""
    loads, row = loading(model, HV1_Line_54=1.56), row_of(model, "HV1 Line 54")
    assert np.flatnonzero(np.isfinite(instant_s(usual.branches, loads))).tolist() == [row]
    times = inverse_s(usual.branches, loads)
    assert np.flatnonzero(np.isfinite(times)).tolist() == [row]
    assert times[row] == pytest.approx(0.3 * 0.14 / (1.2**0.02 - 1.0))


def test_higher_ratings_never_trip_sooner(model: GridModel, usual: ProtectionSettings) -> None:
    """A rating factor of 1.3 lets 120 % pass an instant relay, and slows an inverse one."""
    loads, row = loading(model, HV1_Line_54=1.2), row_of(model, "HV1 Line 54")
    assert instant_s(usual.branches, loads, 1.3)[row] == inf
    assert inverse_s(usual.branches, 2.0 * loads, 1.3)[row] > inverse_s(usual.branches, 2.0 * loads)[row]


def test_an_override_holds_for_its_element_alone(model: GridModel, usual: ProtectionSettings) -> None:
    """What is given of one line is used there, nothing changes elsewhere, and what is not given stays the default."""
    given = ElementSettings(element="hv1 line 54", curve=Curve.IEC_EI, pickup_pu=1.1, reset="inverse", zone3_reach_ohm=50.0)
    found, row = settings_of(model, [given]).branches, row_of(model, "HV1 Line 54")
    assert (found.curve[row], found.pickup_pu[row], found.k_s[row], found.reset_s[row]) == (Curve.IEC_EI, 1.1, 80.0, 58.2)
    assert (found.zone3_reach_ohm[row], found.time_multiplier[row]) == (50.0, usual.branches.time_multiplier[row])
    for name in ("pickup_pu", "k_s", "reset_s", "zone3_reach_ohm", "conductor_trip_celsius"):
        others = np.delete(np.arange(len(found.k_s)), row)
        assert np.array_equal(getattr(found, name)[others], getattr(usual.branches, name)[others], equal_nan=True)
    assert inverse_reset_s(found, loading(model))[row] > 0.0 == inverse_reset_s(usual.branches, loading(model))[row]


def test_an_unprotected_element_never_trips(model: GridModel) -> None:
    """`protected: false` switches off every relay of a line, a transformer, a generator and a load."""
    names = ["HV1 Line 54", "HV1 Trafo 1", model.generators.name[0], model.loads.name[0]]
    found = settings_of(model, [ElementSettings(element=name, protected=False) for name in names])
    loads = loading(model, HV1_Line_54=5.0, HV1_Trafo_1=5.0)
    relays = thermal_relays.thermal_relays(model, found.branches)
    state = thermal_relays.settled(relays, loading(model), 20.0)
    for times in (
        instant_s(found.branches, loads),
        inverse_s(found.branches, loads),
        thermal_relays.time_to_trip(relays, state, loads, 20.0),
    ):
        assert np.all(times == inf)
    assert np.isnan(found.branches.zone3_reach_ohm[row_of(model, "HV1 Line 54")])
    assert np.all(found.generator_voltage.delay_s[0] == inf)
    assert np.all(found.generator_frequency.delay_s[0] == inf)
    assert np.all(found.load_voltage.delay_s[0] == inf)


def test_generators_follow_the_grid_s_frequency(case118: Grid, usual: ProtectionSettings) -> None:
    """A 60-Hz grid has the sets of PRC-024, a 50-Hz grid Europe's; sets may be given by name; unrated branches never trip."""
    found = settings_of(case118.model)
    assert 59.4 in found.generator_frequency.threshold
    assert 47.5 in usual.generator_frequency.threshold
    assert np.all(inverse_s(found.branches, np.full(len(case118.model.branches), np.nan)) == inf)
    first = case118.model.generators.name[0]
    british = settings_of(case118.model, [ElementSettings(element=first, frequency_set="RfG Great Britain")])
    assert 52.0 in british.generator_frequency.threshold[0]
    assert 52.0 not in british.generator_frequency.threshold[1]


def test_what_does_not_fit_is_told(model: GridModel, usual: ProtectionSettings) -> None:
    """A wrong name, a wrong kind, an unknown set and two entries for one element are told in sentences, and none is used."""
    load, park = model.loads.name[0], model.generators.name[0]
    found = settings_of(
        model,
        [
            ElementSettings(element="HV1 Line 540", pickup_pu=1.1),
            ElementSettings(element=load, pickup_pu=1.1),
            ElementSettings(element=park, voltage_set="Mars"),
            ElementSettings(element="HV1 Line 54", pickup_pu=1.1),
            ElementSettings(element="HV1 Line 54", pickup_pu=1.2),
        ],
        errors=["from the file"],
    )
    told = "\n".join(found.errors)
    assert found.errors[0] == "from the file"
    for words in ("no element 'HV1 Line 540'", "pickup_pu is no setting of a load", "voltage_set is 'Mars'", "2 relay settings fit"):
        assert words in told
    assert np.array_equal(found.branches.pickup_pu, usual.branches.pickup_pu)


def test_a_file_with_good_and_bad_entries(tmp_path: Path) -> None:
    """Good entries are used; each bad one is told by entry, setting and what would work."""
    path = tmp_path / "relays.yaml"
    path.write_text(
        "- {element: HV1 Line 54, pickup_pu: 1.2, curve: IEC VI, source: setting sheet 7}\n"
        "- {element: HV1 Line 55, pickup: 1.2}\n- {element: HV1 Line 56, pickup_pu: 120}\n- nonsense\n- {pickup_pu: 1.2}\n",
        encoding="utf-8",
    )
    found = read_settings(path)
    assert [(s.element, s.pickup_pu, s.curve) for s in found.settings] == [("HV1 Line 54", 1.2, Curve.IEC_VI)]
    told = "\n".join(found.errors)
    for words in ("entry 2: 'pickup' is no setting", "pickup_pu may be meant", "entry 3: pickup_pu is '120'", "entry 4: it is 'nonsense'"):
        assert words in told
    assert "entry 5: element is missing" in told


@pytest.mark.parametrize("text", ["a: 1", "[1", ""])
def test_a_file_that_is_no_list(tmp_path: Path, text: str) -> None:
    """A file that holds no list is refused as a whole."""
    path = tmp_path / "relays.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRelay, match="would work"):
        read_settings(path)


def test_thermal_relays_of_lines_and_transformers(model: GridModel, usual: ProtectionSettings) -> None:
    """At 160 % a line trips within minutes, a transformer later; marching on to the trip leaves no time; at 40 % none ever trips."""
    relays = thermal_relays.thermal_relays(model, usual.branches)
    state = thermal_relays.settled(relays, loading(model), 20.0)
    assert np.all(thermal_relays.time_to_trip(relays, state, loading(model), 20.0) == inf)
    loads = loading(model, HV1_Line_54=1.6, HV1_Trafo_1=1.6)
    times = thermal_relays.time_to_trip(relays, state, loads, 20.0)
    line, transformer = row_of(model, "HV1 Line 54"), row_of(model, "HV1 Trafo 1")
    assert np.flatnonzero(np.isfinite(times)).tolist() == sorted([line, transformer])
    assert 120.0 < times[line] < times[transformer]
    later = thermal_relays.warmed(relays, state, loads, 20.0, float(times[line]))
    rest = thermal_relays.time_to_trip(relays, later, loads, 20.0)
    assert rest[line] == pytest.approx(0.0, abs=1e-6)
    assert rest[transformer] == pytest.approx(times[transformer] - times[line], rel=1e-6)


def test_a_record_changes_the_transformer_s_time(model: GridModel, usual: ProtectionSettings) -> None:
    """What a utility knows of a transformer is used: without its fans it trips sooner."""
    book = AssetBook.of(model, [AssetRecord("HV1 Trafo 1", cooling=Cooling.ONAF, cooling_lost=True)])
    loads, row = loading(model, HV1_Trafo_1=1.4), row_of(model, "HV1 Trafo 1")

    def seconds(of: AssetBook | None) -> float:
        relays = thermal_relays.thermal_relays(model, usual.branches, of)
        state = thermal_relays.settled(relays, loading(model), 20.0)
        return float(thermal_relays.time_to_trip(relays, state, loads, 20.0)[row])

    assert seconds(book) < seconds(None)
