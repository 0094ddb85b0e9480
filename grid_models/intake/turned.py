"""The same branch with its ends exchanged: ours begin at the high-voltage or terminal end, whatever the source does."""

import numpy as np

from grid_models.twin.model import BoolArray, FloatArray


def turned(tables: dict[str, FloatArray], rows: BoolArray) -> dict[str, FloatArray]:
    """Pi parameters with from and to exchanged in these rows.

    With the ratio at the from end, turning makes it 1/ratio with the opposite shift and moves the pi to the other side
    of the ideal transformer: impedances times ratio², admittances divided by it. Both admittance matrices are equal.
    """
    square = tables["ratio"] ** 2
    other = {
        "r_pu": tables["r_pu"] * square,
        "x_pu": tables["x_pu"] * square,
        "g_pu": tables["g_pu"] / square,
        "b_pu": tables["b_pu"] / square,
        "ratio": 1.0 / tables["ratio"],
        "shift_degree": -tables["shift_degree"] + 0.0,
    }
    return {name: np.where(rows, other[name], tables[name]) for name in tables}
