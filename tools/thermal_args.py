"""What `thermal_rul` can be asked."""

from typing import Annotated, Literal, Self

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, model_validator

from grid_models.actions import Action
from grid_models.heating.iec_parameters import Size
from tools.result import Args

Method = Literal["iec", "ieee_clause_7", "ieee_annex_g"]
_AnySize = Annotated[Size, BeforeValidator(lambda name: name.strip().lower() if isinstance(name, str) else name)]


class _Symbols(Args):
    """Constants may be given by name or by the symbol of the standard."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _constant(*symbols: str, description: str) -> float | None:
    """An optional positive constant that also answers to its symbols."""
    found: float | None = Field(default=None, gt=0, validation_alias=AliasChoices(*symbols), description=description)
    return found


class StartArgs(_Symbols):
    top_oil_celsius: float | None = Field(default=None, description="top-oil temperature before the first step")
    top_oil_rise_k: float | None = Field(default=None, description="instead of the temperature: rise over the first ambient temperature")
    hot_spot_gradient_k: float = Field(default=0.0, ge=0, description="hot-spot above top oil before the first step")


class AnnexGArgs(Args):
    """Nameplate and heat-run values of IEEE C57.91 Annex G; masses and oil in kg and litres, or in pounds and US gallons."""

    cooling: Literal["ONAN", "ONAF", "OFAF", "ODAF"] = "ONAF"
    conductor: Literal["copper", "aluminium"] = "copper"
    loss_base_mva: float = Field(gt=0, description="rating at which the losses were measured")
    load_base_mva: float = Field(gt=0, description="rating that 1 pu of the load and the rises mean")
    loss_temperature_celsius: float = Field(default=75.0, description="reference temperature of the losses")
    winding_loss_w: float = Field(gt=0, description="PW: I²R losses")
    eddy_loss_w: float = Field(default=0.0, ge=0, description="PE: eddy losses of the windings")
    stray_loss_w: float = Field(default=0.0, ge=0, description="PS: stray losses elsewhere")
    core_loss_w: float = Field(gt=0, description="PC")
    rated_winding_rise_k: float = Field(default=65.0, gt=0, description="average winding rise on the nameplate")
    tested_winding_rise_k: float = Field(gt=0, description="average winding rise as measured")
    hot_spot_rise_k: float = Field(gt=0, description="hot-spot rise over ambient")
    top_oil_rise_k: float = Field(gt=0)
    bottom_oil_rise_k: float = Field(gt=0)
    rated_ambient_celsius: float = Field(default=30.0, ge=-60, le=60)
    winding_time_constant_min: float = Field(default=5.0, gt=0)
    core_and_coils_kg: float | None = Field(default=None, gt=0)
    core_and_coils_lb: float | None = Field(default=None, gt=0)
    tank_kg: float | None = Field(default=None, gt=0)
    tank_lb: float | None = Field(default=None, gt=0)
    oil_l: float | None = Field(default=None, gt=0)
    oil_gal: float | None = Field(default=None, gt=0)
    hot_spot_height_pu: float = Field(default=1.0, ge=0, le=1, description="height of the hot-spot in the winding, 1 at the top")
    hot_spot_eddy_pu: float = Field(default=0.0, ge=0, description="eddy loss at the hot-spot, of the I²R loss there")

    @model_validator(mode="after")
    def _one_unit_each(self) -> Self:
        for metric, other in (("core_and_coils_kg", "core_and_coils_lb"), ("tank_kg", "tank_lb"), ("oil_l", "oil_gal")):
            if (getattr(self, metric) is None) == (getattr(self, other) is None):
                raise ValueError(f"Annex G needs one of {metric} and {other}")
        return self


class NameplateArgs(_Symbols):
    """Class and constants; each constant replaces that of the class. Nothing given: the record of the transformer, else its class."""

    cooling: str | None = Field(default=None, description="ONAN, ONAF, OF or OD")
    size: _AnySize | None = Field(default=None, description="distribution, medium (up to 100 MVA) or large; with cooling or all constants")
    restricted_flow: bool = Field(default=False, description="of the oil; with cooling")
    paper: Literal["non-upgraded", "thermally upgraded"] | None = None
    top_oil_rise_k: float | None = _constant("top_oil_rise_k", "dtheta_or", "d_or", description="Δθor [K]")
    hot_spot_gradient_k: float | None = _constant("hot_spot_gradient_k", "dtheta_hr", "d_hr", description="Δθhr = H·gr [K]")
    winding_gradient_k: float | None = _constant("winding_gradient_k", "gr", description="gr [K], with hot_spot_factor")
    hot_spot_factor: float | None = _constant("hot_spot_factor", "H", description="H")
    oil_time_constant_min: float | None = _constant("oil_time_constant_min", "tau_o_min", "tau_o", description="τo [min]")
    winding_time_constant_min: float | None = _constant("winding_time_constant_min", "tau_w_min", "tau_w", description="τw [min]")
    loss_ratio: float | None = _constant("loss_ratio", "R", description="R: load loss over no-load loss")
    oil_exponent: float | None = _constant("oil_exponent", "x", "n", description="x of IEC, n of IEEE")
    winding_exponent: float | None = _constant("winding_exponent", "y", description="y of IEC: the gradient grows with K^y")
    winding_exponent_m: float | None = _constant("winding_exponent_m", "m", description="m of IEEE clause 7: it grows with K^2m")
    k11: float | None = Field(default=None, gt=0)
    k21: float | None = Field(default=None, gt=0)
    k22: float | None = Field(default=None, gt=0)
    annex_g: AnnexGArgs | None = Field(default=None, description="for method ieee_annex_g")


class ProfileArgs(_Symbols):
    """A load and what surrounds it. IEC and clause 7: each value holds for one step; Annex G: points joined by straight lines."""

    step_min: float | tuple[float, ...] = Field(
        default=15.0, description="length of every step, or of each; for Annex G between points [min]"
    )
    load_pu: tuple[float, ...] = Field(min_length=1, description="of the nameplate rating, never negative")
    ambient_celsius: float | tuple[float, ...] | None = Field(
        default=None,
        validation_alias=AliasChoices("ambient_celsius", "theta_a"),
        description="one for each step, or one for all; the weather where not given",
    )


class ThermalArgs(Args):
    transformer: str | None = Field(default=None, description="a transformer, or a three-winding one; none: all of them")
    horizon_hours: float | None = Field(
        default=None, gt=0, le=720, description="how far to look [h]; 720 for the forecast, 24 for load_percent; a profile has its own end"
    )
    load_percent: float | None = Field(
        default=None, ge=0, le=400, description="hold this load (of the rating) for the horizon, from the present state"
    )
    ambient_celsius: float | None = Field(
        default=None, ge=-60, le=60, description="hold this ambient temperature [°C] instead of the weather's"
    )
    profile: ProfileArgs | str | None = Field(
        default=None, description="a load series to calculate, inline or as CSV text with columns step_min, load_pu, ambient_celsius"
    )
    nameplate: NameplateArgs | None = Field(default=None, description="cooling class or named constants, over the asset record's")
    start: StartArgs | None = Field(default=None, description="temperatures before the first step; the present ones, or steady ones, else")
    method: Method = Field(default="iec", description="IEC 60076-7, or IEEE C57.91 clause 7 or Annex G (both for a given load)")
    growth_percent_per_year: float | None = Field(
        default=None, ge=-20, le=50, description="load growth; the record's, else 0 with its uncertainty"
    )
    cooling_lost: bool = Field(default=False, description="fans and pumps of the transformer(s) out of service")
    changes: tuple[Action, ...] = Field(default=(), description="what-if changes of the grid first (an outage, a set-point, scaled loads)")
    top: int = Field(default=10, ge=1, le=1000, description="how many transformers, causes and remedies to list")
