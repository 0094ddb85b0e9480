"""Are the grid's ratings usable? Many published cases carry placeholders instead."""

import numpy as np

from grid_models.twin.model import Branches, Buses

# Engineering judgement: no overhead line or cable carries 10 kA (a 4-bundle 400-kV line is rated near 4 kA), and a
# transformer rated above 5 GVA does not exist. Beyond that a rating is a placeholder.
_LARGEST_LINE_RATING_KA = 10.0
_LARGEST_TRANSFORMER_MVA = 5000.0


def audit_ratings(branches: Branches, buses: Buses) -> tuple[bool, str]:
    """Whether thermal verdicts can be given, and one sentence why (or why not)."""
    kv = buses.nominal_kv[branches.from_bus]
    rated_mva = np.sqrt(3) * branches.rating_from_ka * kv
    absurd = np.where(branches.is_line, branches.rating_from_ka > _LARGEST_LINE_RATING_KA, rated_mva > _LARGEST_TRANSFORMER_MVA)
    missing = ~np.isfinite(branches.rating_from_ka) | (branches.rating_from_ka <= 0)
    bad = int(np.sum(absurd | missing))
    if not bad:
        return True, f"All {len(branches)} branches have one permanent rating (PATL) in the source; no temporary ratings."
    return False, (
        f"Ratings are not usable: {bad} of {len(branches)} branches have a placeholder or no rating in the source, "
        "so loadings and thermal verdicts are withheld; voltages are still judged."
    )
