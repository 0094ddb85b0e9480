"""What stands in which column of the kernel's tables."""

# Columns of a unit's constants.
RISE, GRADIENT, TAU_OIL, TAU_WINDING, LOSS_RATIO, X, Y, K11, K21, K22, SHARE, INDOOR, UPGRADED, LIMIT_OIL, LIMIT_HOT = range(15)
# Columns of a path's result.
PEAK_OIL, PEAK_HOT, FIRST, LIFE = range(4)
NEVER = -1.0
