"""How does frequency move after a step of power if nothing is limited or delayed? The reduced model of one reheat governor, solved exactly.

Source: P. M. Anderson, M. Mirheydar, "A low-order system frequency response model", IEEE Transactions on Power Systems, 1990.
Everything is per unit of one base of power; the step is negative for a loss of generation.
"""

from dataclasses import dataclass
from functools import cached_property
from math import atan2, exp, isfinite, sin, sqrt

from grid_models.dynamics.refused import NotCalculable


@dataclass(frozen=True)
class LinearModel:
    """R, H, Km, FH, TR and D of the paper. Raises NotCalculable where a value is no model, or the answer does not swing (zeta >= 1)."""

    droop_pu: float = 0.05
    inertia_s: float = 4.0
    gain: float = 0.95
    reheat_fraction: float = 0.3
    reheat_s: float = 8.0
    damping_pu: float = 1.0

    def __post_init__(self) -> None:
        positive = (self.droop_pu, self.inertia_s, self.gain, self.reheat_s)
        rest = (self.reheat_fraction, self.damping_pu)
        if not all(map(isfinite, positive + rest)) or min(positive) <= 0.0 or min(rest) < 0.0:
            raise NotCalculable(f"{self} is no frequency model; positive droop, inertia, gain and reheat time would work.")
        if self.damping_ratio >= 1.0:
            raise NotCalculable(
                f"The closed form holds for a response that swings, and this one has a damping ratio of {self.damping_ratio:.3f}; "
                "the integrated trajectory works for any."
            )

    @property
    def stiffness_pu(self) -> float:
        """D·R + Km: the sum that all of the closed form is divided by."""
        return self.damping_pu * self.droop_pu + self.gain

    @cached_property
    def natural_rad_per_s(self) -> float:
        """wn of the undamped swing."""
        return sqrt(self.stiffness_pu / (2.0 * self.inertia_s * self.droop_pu * self.reheat_s))

    @cached_property
    def damping_ratio(self) -> float:
        """Zeta."""
        fast = (self.damping_pu * self.droop_pu + self.gain * self.reheat_fraction) * self.reheat_s
        return (2.0 * self.inertia_s * self.droop_pu + fast) / (2.0 * self.stiffness_pu) * self.natural_rad_per_s

    @property
    def damped_rad_per_s(self) -> float:
        """wr of the swing as it is seen."""
        return self.natural_rad_per_s * sqrt(1.0 - self.damping_ratio**2)

    @property
    def amplitude(self) -> float:
        """Alpha: of the swing, against the steady deviation."""
        turn = self.reheat_s * self.natural_rad_per_s
        return sqrt((1.0 - 2.0 * self.damping_ratio * turn + turn**2) / (1.0 - self.damping_ratio**2))

    @property
    def phase_rad(self) -> float:
        """Phi of the swing."""
        side = sqrt(1.0 - self.damping_ratio**2)
        lead = atan2(self.damped_rad_per_s * self.reheat_s, 1.0 - self.damping_ratio * self.natural_rad_per_s * self.reheat_s)
        return lead - atan2(side, -self.damping_ratio)

    @property
    def nadir_s(self) -> float:
        """When frequency is farthest from nominal; the size of the step does not matter."""
        slow = self.damping_ratio * self.natural_rad_per_s * self.reheat_s
        return atan2(self.damped_rad_per_s * self.reheat_s, slow - 1.0) / self.damped_rad_per_s

    def steady_pu(self, step_pu: float) -> float:
        """Where it settles, as a deviation."""
        return self.droop_pu * step_pu / self.stiffness_pu

    def deviation_pu(self, step_pu: float, at_s: float) -> float:
        """Deviation of frequency at one moment after the step."""
        swing = exp(-self.damping_ratio * self.natural_rad_per_s * at_s) * sin(self.damped_rad_per_s * at_s + self.phase_rad)
        return self.steady_pu(step_pu) * (1.0 + self.amplitude * swing)

    def nadir_pu(self, step_pu: float) -> float:
        """The farthest deviation."""
        return self.deviation_pu(step_pu, self.nadir_s)
