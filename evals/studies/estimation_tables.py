"""The tables of `docs/estimation.md` from what `aeip bench estimation-quality --json` printed.

aeip bench estimation-quality --json > quality.json && python -m evals.studies.estimation_tables quality.json docs/estimation.md
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

GRIDS = {"case14": "case14", "case118": "case118", "1-HV-mixed--0-sw": "default"}
_CALIBRATION = {
    "mean of J over degrees of freedom": ("mean of J over its degrees of freedom", "{:.3f}"),
    "variance of J over twice that": ("variance of J over twice that", "{:.2f}"),
    "Kolmogorov-Smirnov p of J": ("Kolmogorov-Smirnov p of J against chi-square", "{:.2f}"),
    "sets rejected by the chi-square test": ("rejected by the chi-square test", "{:.1f} %"),
    "magnitudes within their 95 % interval": ("magnitudes within their 95 % interval", "{:.1f} %"),
    "angles within their 95 % interval": ("angles within their 95 % interval", "{:.1f} %"),
}
_CELL = re.compile(r"(?P<wrong>[a-z ]+), (?P<sigma>\d+) sigma, threshold (?P<threshold>[\d.]+)")
_HOW = re.compile(r"removed a set (?P<good>[\d.]+); chi-square noticed (?P<chi>\d+) %")
Found = Mapping[str, tuple[float, str]]


def tables(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Markdown by the name of its place in the document."""
    found: Found = {str(r["name"]): (float(str(r["value"])), str(r["how"])) for r in rows}
    return {"calibration": _calibration(found), "false-alarms": _false_alarms(found), "detection": _detection(found)}


def _calibration(found: Found) -> str:
    lines = [f"| | {' | '.join(GRIDS.values())} |", "|---" * (len(GRIDS) + 1) + "|"]
    for key, (said, form) in _CALIBRATION.items():
        values = [form.format(found[f"calibration {grid}: {key}"][0]) for grid in GRIDS]
        lines.append(f"| {said} | {' | '.join(values)} |")
    return "\n".join(lines)


def _false_alarms(found: Found) -> str:
    lines = [f"| threshold | {' | '.join(GRIDS.values())} |", "|---" * (len(GRIDS) + 1) + "|"]
    strict = [_strict(found, grid) for grid in GRIDS]
    for said, limits in (("3.0", ["3.00"] * len(GRIDS)), (f"strict: {', '.join(strict)}", strict)):
        values = [f"{found[f'false alarm {g}: threshold {t}'][0]:.1f} %" for g, t in zip(GRIDS, limits, strict=True)]
        lines.append(f"| {said} | {' | '.join(values)} |")
    return "\n".join(lines)


def _detection(found: Found) -> str:
    return "\n\n".join(_one_grid(found, grid, said) for grid, said in GRIDS.items())


def _one_grid(found: Found, grid: str, said: str) -> str:
    strict, start = _strict(found, grid), f"detection {grid}: "
    hidden, of = found[f"hidden {grid}: 20 sigma stay below {strict}"]
    meters = re.search(r"of (\d+) meters", of)
    lines = [
        f"**{said}**. In {hidden:.0f} % of the {meters[1] if meters else '?'} meters an error of 20 standard deviations stays below the",
        "strict threshold: too little else measures what they do.",
        "",
        "| wrong | error in σ | threshold 3.0 | strict | chi-square |",
        "|---|---|---|---|---|",
    ]
    for name in found:
        cell = _CELL.fullmatch(name.removeprefix(start)) if name.startswith(start) else None
        if cell and cell["threshold"] == "3.00":
            (loose, loose_how), (tight, tight_how) = found[name], found[name.replace("threshold 3.00", f"threshold {strict}")]
            shares = f"{_share(loose, loose_how)} | {_share(tight, tight_how)} | {_how(loose_how, 'chi')} %"
            lines.append(f"| {cell['wrong']} | {cell['sigma']} | {shares} |")
    return "\n".join(lines)


def _share(value: float, how: str) -> str:
    return f"{value:.0f} % ({_how(how, 'good')})"


def _how(how: str, what: str) -> str:
    found = _HOW.search(how)
    return found[what] if found else "?"


def _strict(found: Found, grid: str) -> str:
    start = f"false alarm {grid}: threshold "
    return next(name.removeprefix(start) for name in found if name.startswith(start) and not name.endswith(" 3.00"))


def main(source: Path, document: Path) -> None:
    """Write the tables between their marks in the document."""
    text = document.read_text(encoding="utf-8")
    for name, table in tables(json.loads(source.read_text(encoding="utf-8"))["rows"]).items():
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{before}<!-- {name} -->\n{table}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
