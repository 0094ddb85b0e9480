"""How long does an operator wait? Twenty questions in one process, through the wiring of the chat."""

from functools import partial

from agent.app import App
from evals.bench.row import Row, percentile, seconds
from guardrails.people import LOCAL

QUESTIONS = (
    "How does the grid look right now?",
    "What are the five most loaded lines?",
    "Which transformer is most heavily loaded?",
    "Are any voltages out of band?",
    "What is the lowest voltage?",
    "Tell me about HV1 Trafo 3",
    "How loaded is line 14?",
    "What if line 14 trips?",
    "What if we opened HV1 Line 12?",
    "Which single outage hurts most right now?",
    "Are we N-1 secure?",
    "Are we still n-1 secure if line 14 is out?",
    "Anything I should worry about tonight?",
    "How much wind is there?",
    "List all loads",
    "Open line 140",
    "Please open HV1 Line 12",
    "Please open HV1 Line 14",
    "What is waiting for approval?",
    "What can you do?",
)


def chat_times(app: App) -> list[Row]:
    """Every question in a conversation of its own, each asked once."""
    times = [seconds(partial(app.ask, question, person=LOCAL)) for question in QUESTIONS]
    how = f"{len(QUESTIONS)} questions asked once, the first one included"
    return [
        Row("chat: first question", times[0], "s", "straight after the start, while the similarity model still loads"),
        Row("chat: p50", percentile(times, 0.50), "s", how),
        Row("chat: p95", percentile(times, 0.95), "s", how),
        Row("chat: slowest after the first", max(times[1:]), "s", QUESTIONS[1 + times[1:].index(max(times[1:]))]),
    ]
