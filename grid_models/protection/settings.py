"""Which relays does every element of a grid have? Defaults by voltage level, and over them what a utility says of single elements."""

from collections.abc import Iterable
from dataclasses import dataclass

from grid_models.protection.branch_settings import BranchSettings, branch_settings
from grid_models.protection.defaults import ProtectionDefaults, protection_defaults
from grid_models.protection.element_settings import ElementSettings
from grid_models.protection.placed import Placed, placed
from grid_models.protection.voltage_frequency import Stage, StageBank
from grid_models.protection.words import assumed
from grid_models.twin.model import GridModel


@dataclass(frozen=True, eq=False)
class ProtectionSettings:
    """Every relay of a grid.  assumed: what no utility said, one phrase each with its source.  errors: what could not be used, and why.

    generator_voltage, generator_frequency, load_voltage: a row for each generator or load of the model.
    """

    branches: BranchSettings
    generator_voltage: StageBank
    generator_frequency: StageBank
    load_voltage: StageBank
    hidden_failure_probability: float
    assumed: tuple[str, ...]
    errors: tuple[str, ...]


def settings_of(
    model: GridModel, overrides: Iterable[ElementSettings] = (), defaults: ProtectionDefaults | None = None, errors: Iterable[str] = ()
) -> ProtectionSettings:
    """The relays of a grid.  overrides: of single elements, such as `read_settings(path).settings`; errors: of that file, told first.

    What fits no element, or the wrong kind of element, is not used and told in `errors`; nothing raises.
    """
    known = defaults or protection_defaults()
    given = placed(model, overrides, known)
    return ProtectionSettings(
        branch_settings(model, given.branches, known),
        _generators(model, given, known, frequency=False),
        _generators(model, given, known, frequency=True),
        StageBank.of([_load_stages(given.loads.get(row), known) for row in range(len(model.loads))]),
        known.hidden_failure.probability,
        assumed(model, known),
        (*errors, *given.errors),
    )


def _generators(model: GridModel, given: Placed, known: ProtectionDefaults, *, frequency: bool) -> StageBank:
    usual = known.generators_at(model.frequency_hz)
    sets = known.frequency_sets if frequency else known.voltage_sets
    field, default = ("frequency_set", usual.frequency_set) if frequency else ("voltage_set", usual.voltage_set)

    def stages(of: ElementSettings | None) -> tuple[Stage, ...]:
        if of is not None and not of.protected:
            return ()
        return sets[(of and getattr(of, field)) or default].stages

    return StageBank.of([stages(given.generators.get(row)) for row in range(len(model.generators))])


def _load_stages(of: ElementSettings | None, known: ProtectionDefaults) -> tuple[Stage, ...]:
    usual = known.load_undervoltage
    if of is None:
        return (Stage(usual.threshold_pu, usual.delay_s, over=False),)
    threshold = usual.threshold_pu if of.undervoltage_pu is None else of.undervoltage_pu
    delay = usual.delay_s if of.undervoltage_delay_s is None else of.undervoltage_delay_s
    return (Stage(threshold, delay, over=False),) if of.protected else ()
