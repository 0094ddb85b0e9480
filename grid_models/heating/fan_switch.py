"""Fans that start and stop by the temperature of the oil, in the library's terms.

The library's own controller mixes the natural set into the forced one (it knows no other k11, k21, x and y without fans) and validates
the mixture, which refuses a k21 of 1.3. Ours hands over whole sets; its comparison of temperatures with the two thresholds is inherited.
"""

from transformer_thermal_model.schemas import BaseTransformerSpecifications, TransformerSpecifications
from transformer_thermal_model.schemas.thermal_model import CoolingSwitchConfig, CoolingSwitchSettings, ONANParameters
from transformer_thermal_model.transformer import PowerTransformer
from transformer_thermal_model.transformer.cooling_switch_controller import CoolingSwitchController

from grid_models.heating.iec_library import power_transformer
from grid_models.heating.iec_parameters import IecParameters


class _Fans(CoolingSwitchController):
    """Between two whole sets of constants; `running`: whether the fans run at the start."""

    def __init__(
        self, settings: CoolingSwitchSettings, forced: TransformerSpecifications, natural: TransformerSpecifications, running: bool
    ) -> None:
        super().__init__(onaf_switch=settings, specs=forced)
        self._natural, self._running = natural, running

    def determine_initial_specifications(self, initial_top_oil_temperature: float) -> BaseTransformerSpecifications:
        return self.original_onaf_specs if self._running else self._natural

    def create_onan_specifications(self) -> BaseTransformerSpecifications:
        return self._natural


def switching_transformer(
    forced: IecParameters, natural: IecParameters, on_celsius: float, off_celsius: float, running: bool, step_min: float
) -> PowerTransformer:
    """A transformer of the library which changes between the two sets by the temperature of its top oil."""
    with_fans, without = power_transformer(forced, step_min), power_transformer(natural, step_min)
    settings = CoolingSwitchSettings(
        fan_on=None,
        temperature_threshold=CoolingSwitchConfig(activation_temp=on_celsius, deactivation_temp=off_celsius),
        onan_parameters=_onan_parameters(without.specs),
    )
    with_fans.cooling_controller = _Fans(settings, with_fans.specs, without.specs, running)
    return with_fans


def _onan_parameters(specs: TransformerSpecifications) -> ONANParameters:
    return ONANParameters(**{name: getattr(specs, name) for name in ONANParameters.model_fields})
