"""Somebody who watches a study's progress and stops it after a number of reports."""

from evals.checks.score import Score, judged


class Impatience:
    """`reports` seen so far; without `stop_after` they wait until the end."""

    def __init__(self, stop_after: int | None) -> None:
        self.stop_after = stop_after
        self.reports: list[tuple[int, int]] = []

    def told(self, done: int, total: int) -> None:
        """The study's progress callback."""
        self.reports.append((done, total))

    def has_had_enough(self) -> bool:
        """What the study asks between its blocks."""
        return self.stop_after is not None and len(self.reports) >= self.stop_after

    def scores(self) -> list[Score]:
        """A study that was to be stopped told its progress, went on and never beyond its total, and did not run to the end."""
        if self.stop_after is None:
            return []
        growing = all(a[0] <= b[0] for a, b in zip(self.reports, self.reports[1:], strict=False))
        unfinished = bool(self.reports) and all(done < total for done, total in self.reports)
        return [judged("progress", growing and unfinished, f"reports before the stop: {self.reports}")]
