"""Which ratings are real? Many published cases carry placeholders where a rating is missing.

All bounds are engineering judgement, wide on purpose: a real rating must never be called a placeholder.
"""

from dataclasses import replace

import numpy as np

from grid_models.twin.model import BoolArray, Branches, FloatArray

# Largest current one circuit can carry [kA], by nominal voltage from [kV]. Low voltage: busbar trunking ends at 6.3 kA. Up to 200 kV:
# a bundled line or generator bus duct of a small machine. Above: the strongest 4-bundle circuit carries 5 kA, and one row of a reduced
# network may stand for two (10.05 kA in GBreducednetwork).
_LARGEST_CIRCUIT_KA = ((0.0, 7.0), (1.0, 8.0), (200.0, 12.0))
_LARGEST_TRANSFORMER_MVA = 5000.0  # the largest three-phase banks built are below 3.5 GVA
# Values that stand for "no limit": 9900 and 9999 in the IEEE and MATPOWER collections; 99999 is what pandapower's converter writes
# for a rate A of zero, and 99.999 MVA what became of it in transformers when nameplates changed from kVA to MVA.
_UNLIMITED_MVA = (9900.0, 9999.0, 99999.0)
_UNLIMITED_TRANSFORMER_MVA = 99.999
_SAME = 1e-4  # relative: how equal two ratings are that were converted from one number
_ALIKE_FROM = 10  # so many branches of several voltage levels never share one MVA rating by chance: conductors are rated in kA


def placeholders(is_line: BoolArray, nameplate_mva: FloatArray, nominal_kv: FloatArray) -> BoolArray:
    """(branches,) True where the source has no rating or a stand-in for one.

    `nameplate_mva`: rating of one circuit or unit [MVA], NaN or ≤ 0 where there is none; `nominal_kv`: of its from bus.
    """
    with np.errstate(invalid="ignore"):
        missing = ~(np.isfinite(nameplate_mva) & (nameplate_mva > 0))
        marked = np.any([np.isclose(nameplate_mva, v, rtol=_SAME, atol=0) for v in _UNLIMITED_MVA], axis=0)
        marked |= ~is_line & np.isclose(nameplate_mva, _UNLIMITED_TRANSFORMER_MVA, rtol=1e-7, atol=0)
        largest = np.where(is_line, _largest_mva(nominal_kv), _LARGEST_TRANSFORMER_MVA)
        beyond = nameplate_mva > largest
    bad = missing | marked | beyond
    return np.ones_like(bad) if _all_alike(nameplate_mva[~missing], nominal_kv[~missing]) else bad


def _largest_mva(nominal_kv: FloatArray) -> FloatArray:
    from_kv = np.array([kv for kv, _ in _LARGEST_CIRCUIT_KA])
    largest_ka = np.array([ka for _, ka in _LARGEST_CIRCUIT_KA])
    return np.asarray(np.sqrt(3) * nominal_kv * largest_ka[np.searchsorted(from_kv, nominal_kv, side="right") - 1])


def _all_alike(mva: FloatArray, nominal_kv: FloatArray) -> bool:
    """One MVA value on every branch of several voltage levels."""
    return len(mva) >= _ALIKE_FROM and len(np.unique(nominal_kv)) > 1 and bool(np.all(np.isclose(mva, mva[0], rtol=_SAME)))


def without_placeholders(branches: Branches, bad: BoolArray) -> Branches:
    """The branches with NaN where the rating is no rating."""
    return replace(
        branches,
        rating_from_ka=np.where(bad, np.nan, branches.rating_from_ka),
        rating_to_ka=np.where(bad, np.nan, branches.rating_to_ka),
        temporary_from_ka=np.where(bad, np.nan, branches.temporary_from_ka),
        temporary_to_ka=np.where(bad, np.nan, branches.temporary_to_ka),
    )


def rating_note(branches: Branches, where: str = "in the source") -> tuple[bool, str]:
    """Whether every branch is rated, and one sentence on what the ratings allow."""
    total, rated = len(branches), int(branches.rated.sum())
    temporary = int(np.sum(np.isfinite(branches.temporary_from_ka) | np.isfinite(branches.temporary_to_ka)))
    tiers = f"{temporary} also have a temporary one (TATL)" if temporary else "no temporary ratings"
    if rated == total:
        return True, f"All {total} branches have one permanent rating (PATL) {where}; {tiers}."
    unrated = f"{total - rated} of {total} branches have a placeholder or no rating {where}"
    if not rated:
        return False, f"Ratings are not usable: {unrated}, so loadings and thermal verdicts are withheld; voltages are still judged."
    return False, (
        f"Ratings are not usable everywhere: {unrated}, so loadings and thermal verdicts are given only for the {rated} that are rated "
        f"({tiers}); voltages are judged everywhere."
    )
