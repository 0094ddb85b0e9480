"""What would keep a transformer cooler? Each candidate is tried on the same course and checked by a power flow of the hottest moment."""

from collections.abc import Iterator

from grid_models.actions import ActionKind
from grid_models.life.candidates import candidates
from grid_models.life.trial import Help, Trial

_TOGETHER = 5  # set-points at once; engineering judgement
_NOTICED_K = 0.2  # less relief is none


def helps(trial: Trial, top: int) -> tuple[Help, ...]:
    """Those that keep the limits first, then those that break no other limit, then the coolest."""
    found = [h for actions in candidates(trial) if (h := trial.help(actions)) is not None]
    if not any(h.within_limits for h in found):
        found += list(_together(trial, [h for h in found if h.actions[0].kind is ActionKind.SET_P]))
    worth = [h for h in found if h.peak_before_celsius - h.peak_after_celsius > _NOTICED_K]
    return tuple(sorted(worth, key=lambda h: (not h.within_limits, h.new_violations, h.peak_after_celsius))[:top])


def _together(trial: Trial, single: list[Help]) -> Iterator[Help]:
    """The strongest set-points one after another, until they suffice or there are too many of them."""
    ordered = sorted(single, key=lambda h: h.peak_after_celsius)[:_TOGETHER]
    for count in range(2, len(ordered) + 1):
        found = trial.help(tuple(h.actions[0] for h in ordered[:count]))
        if found is not None and (found.within_limits or count == len(ordered)):
            yield found
            return
