"""The matrices of a MATPOWER case, read from `.m` text or a `.mat` file. Nothing in the file is ever executed."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from grid_models.errors import UnknownGrid, UnsupportedGrid
from grid_models.twin.model import FloatArray

_MATRICES = {"bus": 13, "gen": 10, "branch": 11}  # name and the columns that a power flow needs (MATPOWER manual, appendix B)
_WORKS = "a MATPOWER case of version 2 with the matrices bus, gen and branch would load"
_NAMES = ("bus_name", "genfuel")
# A statement that begins by changing a part of the case, or the whole, or a value that is neither a number nor a matrix.
_COMPUTED = re.compile(r"(?:^|;)[ \t]*(mpc(?:\.(?:bus|gen|branch|baseMVA)(?=[ \t]*(?:\(|=[ \t]*[^\[\s\d.+-]))|(?=[ \t]*=)))", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Case:
    """`bus`, `gen`, `branch`: rows and columns as in MATPOWER's manual, version 2. `words`: cell arrays of text by name."""

    base_mva: float
    bus: FloatArray
    gen: FloatArray
    branch: FloatArray
    words: dict[str, tuple[str, ...]]
    links: int  # HVDC lines, which MATPOWER's own power flow leaves out too


def case_from_file(path: Path) -> Case:
    """Raises UnknownGrid or UnsupportedGrid in one sentence."""
    return _from_mat(path) if path.suffix == ".mat" else case_from_text(path.read_bytes(), path.name)


def case_from_text(data: bytes, name: str) -> Case:
    """Plain assignments of numbers only: a file that computes values would be read wrongly, so it is refused.

    Every pattern is linear in the text: a hostile file costs no more time than an honest one of its size.
    """
    if b"\x00" in data:
        raise UnknownGrid(f"File '{name}' is binary, not MATPOWER text; {_WORKS}.")
    text = re.sub(r"\.\.\.[^\n]*\n?", " ", _without_comments(data.decode("utf-8", errors="replace")))
    computed = _COMPUTED.search(text)
    if computed:
        raise UnsupportedGrid(
            f"File '{name}' computes {computed[1]} by MATLAB code, which is not executed; saved from MATLAB as .mat it would load."
        )
    base = re.search(r"^[ \t]*mpc\.baseMVA\s*=\s*([^;\n]*)", text, re.MULTILINE)
    matrices = {matrix: _matrix(text, matrix, name) for matrix in _MATRICES}
    words = {cell: found for cell in _NAMES if (found := _cell(text, cell))}
    links = _matrix(text, "dcline", name) if re.search(r"mpc\.dcline\s*=", text) else np.zeros((0, 3))
    return _checked(name, _numbers(base[1] if base else "", "baseMVA", name), matrices, words, int(np.sum(links[:, 2:3] > 0)))


def _without_comments(text: str) -> str:
    """Comments begin with % outside of quotes; block comments stand between lines of %{ and %}, also one in another."""
    kept, depth = [], 0
    for line in text.splitlines():
        mark = line.strip()
        depth = depth + 1 if mark == "%{" else max(depth - 1, 0) if mark == "%}" else depth
        if not depth and mark != "%}":
            kept.append(line)
    return re.sub(r"('[^'\n]*')|%[^\n]*", lambda m: m[1] or "", "\n".join(kept)) + "\n"


def _matrix(text: str, matrix: str, name: str) -> FloatArray:
    found = re.findall(rf"mpc\.{matrix}\s*=\s*\[([^\[\]]*)\]", text)
    if len(found) != 1:
        what = "no complete" if not found else "more than one"
        raise UnknownGrid(f"File '{name}' has {what} matrix mpc.{matrix} (it may be cut off); {_WORKS}.")
    rows = [r.replace(",", " ").split() for r in re.split(r"[;\n]", found[0]) if r.strip()]
    if len({len(r) for r in rows}) > 1:
        raise UnknownGrid(f"File '{name}' has rows of unequal length in mpc.{matrix}; {_WORKS}.")
    flat = _numbers(" ".join(value for row in rows for value in row), matrix, name)
    return flat.reshape(len(rows), -1) if rows else np.zeros((0, _MATRICES.get(matrix, 3)))


def _numbers(text: str, what: str, name: str) -> FloatArray:
    try:
        return np.array([float(v) for v in text.split()], dtype=np.float64)
    except ValueError as error:
        raise UnknownGrid(f"File '{name}' has something other than numbers in mpc.{what}; {_WORKS}.") from error


def _cell(text: str, cell: str) -> tuple[str, ...]:
    found = re.search(rf"mpc\.{cell}\s*=\s*\{{([^{{}}]*)\}}", text)
    return tuple(w.strip() for w in re.findall(r"'([^'\n]*)'", found[1])) if found else ()


def _from_mat(path: Path) -> Case:
    import scipy.io

    try:
        content = scipy.io.loadmat(str(path), simplify_cells=True)
    except Exception as error:  # scipy raises what its parser meets: struct.error, ValueError, NotImplementedError (HDF5), ...
        raise UnknownGrid(f"File '{path.name}' is no MATLAB file up to version 7 ({type(error).__name__}); {_WORKS}.") from error
    held = [v for v in [content.get("mpc"), *content.values(), content] if isinstance(v, dict) and _MATRICES.keys() <= v.keys()]
    if not held:
        raise UnknownGrid(f"File '{path.name}' holds no MATPOWER case; {_WORKS}.")
    case = held[0]
    try:
        matrices = {matrix: np.atleast_2d(np.asarray(case[matrix], dtype=np.float64)) for matrix in _MATRICES}
        base = np.atleast_1d(np.asarray(case.get("baseMVA", np.nan), dtype=np.float64))
        words = {cell: tuple(str(w).strip() for w in np.atleast_1d(case[cell])) for cell in _NAMES if cell in case}
        links = np.atleast_2d(np.asarray(case.get("dcline", np.zeros((0, 3))), dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise UnknownGrid(f"File '{path.name}' has something other than numbers in its matrices; {_WORKS}.") from error
    return _checked(path.name, base, matrices, words, int(np.sum(links[:, 2:3] > 0)))


def _checked(name: str, base: FloatArray, matrices: dict[str, FloatArray], words: dict[str, tuple[str, ...]], links: int) -> Case:
    if base.shape != (1,) or not base[0] > 0:
        raise UnknownGrid(f"File '{name}' has no baseMVA above zero; {_WORKS}.")
    for matrix, columns in _MATRICES.items():
        values = matrices[matrix]
        if not len(values) and matrix != "branch":
            raise UnknownGrid(f"File '{name}' has an empty matrix mpc.{matrix}; {_WORKS}.")
        if values.shape[1] < columns:
            raise UnknownGrid(f"File '{name}' has {values.shape[1]} columns in mpc.{matrix}, and {columns} are needed; {_WORKS}.")
    return Case(float(base[0]), matrices["bus"], matrices["gen"], matrices["branch"], words, links)
