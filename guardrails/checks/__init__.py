"""Small pure functions, one idea a file: `check(change, rule) -> list[ClauseResult]`. `table.py` names them."""
