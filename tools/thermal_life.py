"""The rows of a transformer's life: used, left, and the strength of its paper apart from both."""

from grid_models.life.insulation import Insulation, insulation
from grid_models.life.outlook import Outlook
from grid_models.life.paper import paper_strength
from tools.thermal_result import PolymerisationRow


def life_fields(look: Outlook, u: int, seed: int) -> dict[str, object]:
    """The fields of a `TransformerRow` on used and remaining life; nothing is claimed where no record says since when it runs."""
    found: Insulation = insulation(look, u, seed)
    left = found.remaining
    if left is None:
        return {"life_used_by": found.words}
    return {
        "life_used_percent": left.used * 100.0,
        "life_used_by": found.words,
        "years_to_end": left.median_years,
        "years_to_end_low": left.low_years,
        "years_to_end_high": left.high_years,
        "years_capped": left.capped,
    }


def paper_row(look: Outlook, u: int, seed: int) -> PolymerisationRow | None:
    """None where no record says enough about the paper."""
    found = paper_strength(look, u, seed)
    if found is None:
        return None
    left = found.remaining
    return PolymerisationRow(
        now=found.polymerisation,
        how=found.how,
        life_used_percent=found.used * 100.0,
        years_to_end=left.median_years if left else None,
        years_to_end_low=left.low_years if left else None,
        years_to_end_high=left.high_years if left else None,
        years_capped=left.capped if left else False,
        unverified=found.unverified,
    )
