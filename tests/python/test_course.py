"""Course blocks: feedback without answers, bets that lock, missions judged by the model, proofs that can fail; the runner."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from qsm import course, exponential, latency
from qsm.balancing import mean_field_sojourn
from qsm.course.episode_51 import SERVER
from qsm.queueing import mm1, mmc, servers_for_wait
from qsm.sharding import cross_shard_probability, least_peak, ring_deviation, two_phase_commit
from qsm.sketches import HyperLogLog, bloom_rate, lsh_probability


@pytest.fixture
def episode() -> course.Episode:
    return course.start("episode-52")


CHECKS = [(name, check) for name in course.episodes() for check in course.start(name).content.checks]


@pytest.mark.parametrize(("which", "name"), CHECKS)
def test_check_knows_right_from_misconception(which: str, name: str) -> None:
    episode = course.start(which)
    check = episode.content.checks[name]
    truth = check.answer()
    assert repr(episode.check(name, truth * 1.001)).endswith("right")
    seen = set()
    for value, hint in check.misconceptions:
        shown = repr(episode.check(name, value(**check.numbers())))
        assert "not yet" in shown
        assert hint in shown
        assert abs(value(**check.numbers()) - truth) > 5 * check.tolerance * abs(truth), (
            "a misconception too near the truth"
        )
        seen.add(hint)
    assert len(seen) == len(check.misconceptions)


@pytest.mark.parametrize(("which", "name"), CHECKS)
def test_feedback_never_says_the_answer(which: str, name: str) -> None:
    episode = course.start(which)
    truth = episode.content.checks[name].answer()
    for answer in (None, truth * 3, truth * 1e6, -truth, 0.0):
        shown = repr(episode.check(name, answer))
        for digits in (f"{truth:.4g}", f"{truth:.2f}", f"{truth:.3f}"):
            assert not re.search(rf"(?<![\d.]){re.escape(digits)}(?![\d.])", shown.split(": ", 1)[1])


def test_checks_have_the_right_answers(episode: course.Episode) -> None:
    """Against sums and integrals done here by brute force."""
    checks = episode.content.checks
    assert checks["geometric"].answer() == pytest.approx(sum(n * 0.1 * 0.9**n for n in range(1000)), rel=1e-12)
    assert checks["poisson"].answer() == pytest.approx((1 - 2e-6) ** 1_000_000, rel=1e-5)
    step = 1e-3
    tail = sum(math.exp(-(30 + (i + 0.5) * step) / 10) * step for i in range(300_000)) / math.exp(-3)
    assert checks["memoryless"].answer() == pytest.approx(tail, rel=1e-6)
    checks = course.start("episode-54").content.checks
    law = [math.comb(1000, k) * 0.1**k * 0.9 ** (1000 - k) for k in range(400)]
    assert checks["spread"].answer() ** 2 == pytest.approx(sum(p * (k - 100) ** 2 for k, p in enumerate(law)), rel=1e-9)
    missing = sum((-1) ** (k + 1) * math.comb(10, k) / (1 - (1 - k / 10)) for k in range(1, 11))  # inclusion, exclusion
    assert checks["each-one"].answer() == pytest.approx(missing, rel=1e-9)
    assert checks["busy"].answer() == pytest.approx(mmc(0.9, 1, 1).mean_sojourn, rel=1e-12)
    checks = course.start("episode-61").content.checks
    assert checks["modulo"].answer() == pytest.approx(sum(i % 4 != i % 5 for i in range(20)) / 20, rel=1e-12)
    assert checks["zipf"].answer() == pytest.approx(1 / (math.log(1000.5) + 0.57721566490), rel=1e-6)
    assert checks["share"].answer() == pytest.approx(math.sqrt(1000) / 1000, rel=1e-12)
    checks = course.start("episode-60").content.checks
    assert checks["empty"].answer() == pytest.approx((1 - 1e-6) ** 1_000_000, rel=1e-5)
    assert checks["zeros"].answer() == pytest.approx(sum(i < 2**13 for i in range(2**16)) / 2**16, rel=1e-12)
    assert 2 / checks["harmonic"].answer() == pytest.approx(1 / 1 + 1 / 3, rel=1e-12)
    checks = course.start("episode-51").content.checks
    assert math.log(checks["geometric-mean"].answer()) == pytest.approx((math.log(10) + math.log(4000)) / 2, rel=1e-12)
    late = sum(all(int(digit) for digit in f"{i:05}") for i in range(100_000))  # a zero in ten is late
    assert checks["all-in-time"].answer() == pytest.approx(late / 100_000, rel=1e-12)
    assert checks["mixture-mean"].answer() == pytest.approx(sum([1] * 9 + [51]) / 10, rel=1e-12)


def test_unanswered_is_no_error(episode: course.Episode) -> None:
    assert "not answered yet" in repr(episode.check("poisson"))
    assert "open" in repr(episode.bet("slots"))


@pytest.mark.parametrize("answer", [math.nan, True, "0.1", [0.1], np.array([0.1, 0.2]), 10**400])
def test_check_refuses_what_is_no_number(episode: course.Episode, answer: object) -> None:
    with pytest.raises(ValueError, match="finite number"):
        episode.check("poisson", answer)  # type: ignore[arg-type]


def test_unknown_names_are_listed(episode: course.Episode) -> None:
    with pytest.raises(ValueError, match="there are: memoryless, poisson, geometric"):
        episode.check("nothing", 1)
    with pytest.raises(ValueError, match="no episode 'episode-0'; there are: episode-51, episode-52"):
        course.start("episode-0")
    with pytest.raises(ValueError, match="mission 'enough': give servers; got server"):
        episode.mission("enough", server=10)
    for several in ([10], np.array([10, 11]), None):
        with pytest.raises(ValueError, match="mission 'enough': servers must be a single value"):
            episode.mission("enough", servers=several)


def test_first_bet_counts(episode: course.Episode) -> None:
    episode.bet("slots", 40)
    assert "already locked at 40" in repr(episode.bet("slots", 52))
    assert "factor of 1.30" in repr(episode.reveal("slots", 52))
    assert episode.record["bet slots"] == "off by a factor of 1.30"


def test_choice_bet(episode: course.Episode) -> None:
    with pytest.raises(ValueError, match="Choose one of: second server, no variability"):
        episode.bet("second-server", "more memory")
    episode.bet("second-server", "no variability")
    assert "wrong" in repr(episode.reveal("second-server", "second server"))


def test_reveal_without_a_bet_closes_it(episode: course.Episode) -> None:
    block = episode.reveal("slots", 52)
    assert block.folded
    assert "<details" in block._repr_html_()
    late = repr(episode.bet("slots", 104))
    assert "closed" in late
    assert "off by a factor of 2.00. It does not count" in late
    assert episode.record["bet slots"] == "no guess"
    episode.reveal("second-server", "second server")
    assert "right, Brier score 0.01. It does not count" in repr(
        episode.bet("second-server", "second server", confidence=0.9)
    )
    with pytest.raises(ValueError, match="must be a number > 0"):
        episode.bet("slots", -1)


@pytest.mark.parametrize("guess", [0, -1, math.nan, True, "many"])
def test_bet_refuses(episode: course.Episode, guess: object) -> None:
    with pytest.raises(ValueError, match="number > 0"):
        episode.bet("slots", guess)  # type: ignore[arg-type]


def fewest_pooled() -> int:
    return next(c for c in range(9, 11) if mmc(80, 10, c).mean_wait <= 0.4)


def best_site(customers: str = "New York, London, Singapore") -> dict[str, float]:
    """The place with the least worst floor, by a search over the Earth and then around the best."""
    names = customers.split(", ")

    def worst(at: tuple[float, float]) -> float:
        return max(latency.propagation_delay(at, name, round_trip=True) for name in names)

    best = min(((a, b) for a in range(-80, 90, 10) for b in range(-180, 180, 10)), key=worst)
    for step in (3.0, 1.0, 0.3):
        near = [(best[0] + i * step, best[1] + j * step) for i in range(-4, 5) for j in range(-4, 5)]
        best = min((place for place in near if abs(place[0]) < 90), key=worst)
    return {"latitude": best[0], "longitude": best[1]}


MISSIONS: dict[str, dict[str, tuple[dict[str, float], list[dict[str, float]]]]] = {
    "episode-51": {
        "site": (best_site(), [{"latitude": 0.0, "longitude": 0.0}, {"latitude": 51.5, "longitude": 0.0}]),
        "promise": ({"probability": 0.99 ** (1 / 100)}, [{"probability": 0.99}, {"probability": 0.99999}]),
        "hedge": ({"delay": 0.02}, [{"delay": 0.01}, {"delay": 0.1}]),
        "timeout": (
            {"timeout": 0.03, "attempts": 3},
            [{"timeout": 0.2, "attempts": 2}, {"timeout": 0.01, "attempts": 3}, {"timeout": 0.2, "attempts": 9}],
        ),
    },
    "episode-52": {
        "enough": ({"servers": int(servers_for_wait(90, 10, 0.1, 0.99))}, [{"servers": 10}, {"servers": 20}]),
        "pool": ({"servers": fewest_pooled()}, [{"servers": 8}, {"servers": 10}]),
        "steady": ({"service_scv": 0.33}, [{"service_scv": 1.0}, {"service_scv": 0.0}]),
        "knee": ({"arrival_rate": 5.39}, [{"arrival_rate": 9.0}, {"arrival_rate": 1.0}]),
    },
    "episode-54": {
        "choices": ({"choices": 3}, [{"choices": 2}, {"choices": 5}]),
        "load": ({"utilization": 0.81}, [{"utilization": 0.7}, {"utilization": 0.9}]),
        "subset": ({"size": 13}, [{"size": 5}, {"size": 30}]),
        "table": ({"size": 20_011}, [{"size": 1009}, {"size": 65_537}]),
    },
    "episode-61": {
        "points": ({"virtual_nodes": 1056}, [{"virtual_nodes": 160}, {"virtual_nodes": 2000}]),
        "isolate": ({"shards": 20}, [{"shards": 10}, {"shards": 21}]),
        "local": ({"local": 0.9}, [{"local": 0.5}, {"local": 1.0}]),
        "commit": ({"participants": 6}, [{"participants": 5}, {"participants": 7}]),
    },
    "episode-60": {
        "filter": ({"bits": 9_600_000, "hashes": 7}, [{"bits": 9_590_000, "hashes": 3}, {"bits": 2e7, "hashes": 7}]),
        "cardinality": ({"precision": 15}, [{"precision": 14}, {"precision": 16}]),
        "heavy": ({"width": 27_200, "rows": 7}, [{"width": 27_200, "rows": 3}, {"width": 100_000, "rows": 7}]),
        "near": (
            {"bands": 21, "rows": 6},
            [{"bands": 32, "rows": 4}, {"bands": 16, "rows": 8}, {"bands": 32, "rows": 6}],
        ),
    },
}


@pytest.mark.parametrize(("which", "name"), [(which, name) for which in MISSIONS for name in MISSIONS[which]])
def test_missions(which: str, name: str) -> None:
    episode = course.start(which)
    wins, losses = MISSIONS[which][name]
    for attempt in losses:
        assert "not yet" in repr(episode.mission(name, **attempt))
    assert f"won (attempt {len(losses) + 1})" in repr(episode.mission(name, **wins))
    episode.mission(name, **losses[0])
    assert episode.record[f"mission {name}"].startswith("won"), "a later failure takes nothing away"
    assert "won" in repr(episode.mission(name, **wins)), "and the same attempt again wins again"


def first(good: Callable[[float], bool], low: float, high: float) -> float:
    """Where something begins to hold."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high


SOLVERS: dict[str, Callable[..., dict[str, float]]] = {  # what wins whatever the numbers are
    "site": best_site,
    "promise": lambda servers: {"probability": 0.9905 ** (1 / servers)},
    "hedge": lambda budget, goal: {"delay": first(lambda d: 1 - float(SERVER.cdf(d)) <= budget, 0, 1)},
    "timeout": lambda goal: {"timeout": 0.02, "attempts": 4},
    "enough": lambda **numbers: {"servers": int(servers_for_wait(*numbers.values()))},
    "pool": lambda lines, arrival_rate, service_rate: {
        "servers": next(
            c
            for c in range(1, 99)
            if mmc(lines * arrival_rate, service_rate, c).mean_wait <= mm1(arrival_rate, service_rate).mean_wait
        )
    },
    "steady": lambda goal, least: {"service_scv": (goal + least) / 0.9 - 1},
    "knee": lambda service_rate, times: {
        "arrival_rate": 0.999
        * first(lambda rate: service_rate - rate <= math.log(100) * service_rate / times, 0, service_rate)
    },
    "choices": lambda load, most: {
        "choices": next(d for d in itertools.count(1) if mean_field_sojourn(load, d) <= most)
    },
    "load": lambda most, least: {
        "utilization": first(lambda load: mean_field_sojourn(load, 2) > (most + least) / 2, 0, 1)
    },
    "subset": lambda clients, spread: {"size": next(c for c in range(1, 101) if 100 / c - 1 <= clients * spread**2)},
    "table": lambda servers: {
        "size": next(n for n in itertools.count(100 * servers + 1) if all(n % i for i in range(2, math.isqrt(n) + 1)))
    },
    "filter": lambda keys, percent, megabytes: {
        "bits": (bits := round(8e6 * megabytes)),
        "hashes": min(range(1, 33), key=lambda k: float(bloom_rate(keys, bits, k))),
    },
    "cardinality": lambda percent: {
        "precision": next(
            p for p in range(4, 22) if 3 * float(HyperLogLog(p).relative_error("improved")) <= percent / 100
        )
    },
    "heavy": lambda events, excess, items, kilobytes: {
        "rows": (rows := next(d for d in range(1, 99) if math.exp(-d) <= 1 / items)),
        "width": 1000 * kilobytes // (4 * rows),
    },
    "near": lambda alike, unlike: next(
        {"bands": b, "rows": r}
        for r in range(1, 129)
        for b in range(1, 128 // r + 1)
        if float(lsh_probability(alike, b, r)) >= 0.99 and float(lsh_probability(unlike, b, r)) <= 0.05
    ),
    "points": lambda nodes, spread: {
        "virtual_nodes": next(v for v in range(1, 9999) if ring_deviation(nodes, v) <= spread)
    },
    "isolate": lambda share, peak: {"shards": max(n for n in range(1, 999) if least_peak(share, n) <= peak + 1e-9)},
    "local": lambda shards, keys, most: {"local": 1 - (most - 0.002) / float(cross_shard_probability(shards, keys))},
    "commit": lambda trip, log, budget: {
        "participants": max(
            n
            for n in range(1, 99)
            if two_phase_commit(exponential(1000 / trip), n, log / 1000).latency <= budget / 1000
        )
    },
}


@pytest.mark.parametrize("which", course.episodes())
def test_every_student_has_numbers_of_their_own(which: str) -> None:
    students = [f"student {i}" for i in range(40)]
    content = course.start(which).content
    for name, check in content.checks.items():
        seen = set()
        for student in students:
            episode = course.start(which, student=student)
            numbers = check.numbers("episode", which, "check", name, student)
            seen.add(tuple(numbers.values()))
            assert "With your own numbers: " in repr(episode.check(name))
            for wrong, hint in check.misconceptions:
                assert hint in repr(episode.check(name, wrong(**numbers)))
            assert repr(episode.check(name, check.answer(**numbers))).endswith("right")
        assert len(seen) > 8
        assert "own numbers" not in repr(course.start(which).check(name)), "who has no name meets the usual ones"
    for name, mission in content.missions.items():
        seen = set()
        for student in students[:12]:
            numbers = mission.numbers("episode", which, "mission", name, student)
            seen.add(tuple(numbers.values()))
            shown = repr(course.start(which, student=student).mission(name, **SOLVERS[name](**numbers)))
            assert "won (attempt 1)" in shown, (student, numbers, shown)
            assert mission.goal.format(**numbers) in shown
        assert len(seen) > 2
        assert "{" not in repr(course.start(which).mission(name))
    with pytest.raises(ValueError, match=r"give \w+"):
        course.start(which, student="a").mission(name, **mission.numbers())  # the numbers are no part of an attempt


def test_every_mission_has_a_test() -> None:
    for name in course.episodes():
        assert set(course.start(name).content.missions) == set(MISSIONS[name])


@pytest.mark.parametrize(
    ("which", "name", "attempt"),
    [
        ("episode-51", "site", {"latitude": 91.0, "longitude": 0.0}),
        ("episode-51", "promise", {"probability": 1.0}),
        ("episode-51", "promise", {"probability": math.nan}),
        ("episode-51", "hedge", {"delay": -1.0}),
        ("episode-51", "timeout", {"timeout": 0.1, "attempts": 0}),
        ("episode-51", "timeout", {"timeout": 0.0, "attempts": 2}),
        ("episode-52", "enough", {"servers": 0}),
        ("episode-52", "steady", {"service_scv": math.inf}),
        ("episode-52", "knee", {"arrival_rate": -1.0}),
        ("episode-54", "choices", {"choices": 0}),
        ("episode-54", "load", {"utilization": -0.1}),
        ("episode-54", "subset", {"size": 0}),
        ("episode-54", "table", {"size": 20_000}),
        ("episode-61", "points", {"virtual_nodes": 0}),
        ("episode-61", "isolate", {"shards": 0}),
        ("episode-61", "local", {"local": 1.5}),
        ("episode-61", "commit", {"participants": 0}),
        ("episode-60", "filter", {"bits": 0, "hashes": 7}),
        ("episode-60", "cardinality", {"precision": 40}),
        ("episode-60", "heavy", {"width": 0, "rows": 4}),
        ("episode-60", "near", {"bands": 0, "rows": 4}),
    ],
)
def test_missions_refuse_what_cannot_be(which: str, name: str, attempt: dict[str, float]) -> None:
    episode = course.start(which)
    with pytest.raises(ValueError, match=r"\w"):
        episode.mission(name, **attempt)
    assert f"mission {name}" not in episode.record, "what is refused is no attempt"


def test_proof_step_can_fail() -> None:
    proof = course.Proof("Little's law")
    assert "step 1: holds" in repr(proof.step("areas are equal.", 1.0, 1.0 + 1e-12))
    with pytest.raises(course.ProofError, match="step 2 does not hold"):
        proof.step("areas are equal.", 1.0, 1.01)
    with pytest.raises(course.ProofError):
        proof.step("nothing equals NaN.", math.nan, 1.0)


def test_report_lists_what_is_open(episode: course.Episode) -> None:
    episode.check("geometric", 9)
    assert "1 of 12 done" in repr(episode.report())


def test_claims_carry_sources_and_verdicts(episode: course.Episode) -> None:
    for claim in episode.content.claims.values():
        assert claim.source
        assert claim.verdict
    assert f"{50e9 / 86400:,.0f}" in repr(episode.claims())


def write(path: Path, *cells: str) -> Path:
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "a-kernel-that-is-not-registered", "display_name": "?"}
    for number, source in enumerate(cells):
        kind, text = source.split(":", 1)
        make = nbformat.v4.new_markdown_cell if kind == "md" else nbformat.v4.new_code_cell
        cell = make(text)
        cell.id = f"c{number}"
        if kind == "answer":
            cell.metadata["tags"] = ["answer"]
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    return path


def test_run_writes_a_page_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path / "small.ipynb", "md:# A <title>\n\n## Part\n\nAs $x^2$.", "code:1 + 1", "answer:'forty-two'")
    report = course.run(path, tmp_path / "deep" / "reports")
    assert report.answer == "'forty-two'"
    page = report.path.read_text(encoding="utf-8")
    assert "<msup>" in page
    assert '<html lang="en">' in page
    assert '<a href="#part-0">Part</a>' in page
    assert "<script" not in page


def test_a_failing_cell_is_named_and_the_report_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "broken.ipynb", "md:# Broken", "code:a = 1", "code:b = 2\nc = a / 0", "code:d = 4")
    with pytest.raises(course.EpisodeError) as caught:
        course.run(path, tmp_path)
    message = str(caught.value)
    assert "broken.ipynb, cell 3, line 2: c = a / 0" in message
    assert "ZeroDivisionError: division by zero" in message
    page = caught.value.path.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in page
    assert "Broken" in page


def test_run_refuses_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no episode 'episode-99'; there are: .*episode-52"):
        course.run("episode-99", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"none\.ipynb"):
        course.run(tmp_path / "none.ipynb", tmp_path)
    assert "episode-52" in course.episodes()
