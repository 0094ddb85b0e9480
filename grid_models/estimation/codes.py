"""Codes of the rows of an estimation, in the order the compiled loops rely on."""

V, ANGLE, P, Q, CURRENT, CURRENT_ANGLE = range(6)
