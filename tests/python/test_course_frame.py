"""The frame of all episodes: twelve blocks, a ledger that survives, sealed bets, depths, tracks, audits, reports, primers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qsm import course
from qsm.__main__ import main
from qsm.course import _form

EPISODES = sorted(course.episodes())


@pytest.fixture(params=EPISODES)
def episode(request: pytest.FixtureRequest) -> course.Episode:
    return course.start(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "ledger.jsonl"


def work(episode: course.Episode) -> course.Episode:
    """A little of everything."""
    episode.part("header")
    episode.part("primer")
    episode.level(2)
    episode.check("geometric", 9.0)
    episode.check("poisson", 0.5)
    episode.bet("slots", 40)
    episode.bet("second-server", "no variability", confidence=0.9)
    episode.reveal("slots", 52)
    episode.mission("knee", arrival_rate=9)
    episode.mission("knee", arrival_rate=5.39)
    episode.audit("billions", "verified")
    return episode


def test_twelve_blocks(episode: course.Episode) -> None:
    assert len(course.PARTS) == 12
    assert episode.content.minutes == 180
    blocks = [episode.part(part.name) for part in course.PARTS]
    assert episode.content.title in repr(blocks[0])
    assert "Block 2 of 12" in repr(blocks[1])
    assert "2:55 to 3:00 of 3:00" in repr(blocks[-1])
    assert "Welcome back" in repr(episode)
    with pytest.raises(ValueError, match="no block 'dessert' in this episode; there are: header, primer"):
        episode.part("dessert")


def test_contents_are_full(episode: course.Episode) -> None:
    content = episode.content
    assert len(content.claims) >= 3
    assert len(content.checks) >= 3
    assert len(content.bets) >= 2
    assert len(content.missions) >= 3
    assert len(content.ideas) >= 3
    assert len(content.tracks) == 4
    assert len(content.published) >= 1
    assert len(content.questions) >= 3
    for track in content.tracks.values():
        assert set(track.missions) <= set(content.missions)
        assert set(track.numbers) == set(next(iter(content.tracks.values())).numbers)


def test_notebook_has_all_blocks_and_calls_all_content(episode: course.Episode) -> None:
    path = course.episodes()[episode.content.name]
    parts = course.parts(path)
    text = "\n".join("".join(cell["source"]) for cells in parts.values() for cell in cells)
    named = {"check": episode.content.checks, "bet": episode.content.bets, "reveal": episode.content.bets}
    named |= {
        "mission": episode.content.missions,
        "idea": episode.content.ideas,
        "reproduce": episode.content.published,
    }
    for method, entries in named.items():
        for name in entries:
            assert f'episode.{method}("{name}"' in text, f"{method} {name} is not in the notebook"
    assert text.count(".step(") >= 4
    assert text.count("plots.") >= 8
    assert sum(cell["cell_type"] == "markdown" for cells in parts.values() for cell in cells) >= 25


def test_notebooks_are_no_wrappers() -> None:
    """At least 30 % of the runs of eight words of each notebook stand in no other."""

    def shingles(path: Path) -> set[tuple[str, ...]]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        words = " ".join("".join(cell["source"]) for cell in cells).split()
        return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}

    known = {name: shingles(path) for name, path in course.episodes().items()}
    for name, mine in known.items():
        others = set().union(*(theirs for other, theirs in known.items() if other != name))
        assert len(mine - others) >= 0.3 * len(mine)


# --- the ledger ----------------------------------------------------------------------------------------------------------


def test_ledger_survives_the_kernel(path: Path) -> None:
    first = work(course.start("episode-52", path))
    again = course.start("episode-52", path)
    assert repr(again.report()) == repr(first.report())
    assert again.record == first.record
    assert "already locked at 40" in repr(again.bet("slots", 60))
    assert "level 2, which you chose" in repr(again.part("theory"))
    assert "attempt 2" in repr(again.mission("knee", arrival_rate=5.39))
    assert "Welcome back: you last opened the block “Proof”" in repr(again)


def test_running_a_notebook_again_adds_nothing(path: Path) -> None:
    work(course.start("episode-52", path))
    before = path.read_bytes()
    work(course.start("episode-52", path))
    assert path.read_bytes() == before


def test_two_episodes_in_one_ledger_keep_apart(path: Path) -> None:
    work(course.start("episode-52", path))
    other = [name for name in EPISODES if name != "episode-52"]
    for name in other:
        assert course.start(name, path).record == {}
    assert [entry.episode for entry in course.Ledger(path).entries("episode-52")]


def test_two_kernels_write_one_ledger(path: Path) -> None:
    one, two = course.Ledger(path), course.Ledger(path)
    one.add("e", "check", "a", state="right")
    two.add("e", "check", "b", state="right")
    one.add("e", "check", "c", state="right")
    assert [entry.name for entry in course.Ledger(path).entries()] == ["a", "b", "c"]


def test_half_a_line_is_forgiven_and_goes(path: Path) -> None:
    ledger = course.Ledger(path)
    ledger.add("e", "check", "a", state="right")
    with path.open("ab") as file:
        file.write(b'{"episode": "e", "ki')
    again = course.Ledger(path)
    assert len(again.entries()) == 1
    again.add("e", "check", "b", state="right")
    assert [entry.name for entry in course.Ledger(path).entries()] == ["a", "b"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda lines: [lines[0].replace(b"40.0", b"52.0"), *lines[1:]], ":1: the seal does not fit"),
        (lambda lines: lines[1:], ":1: the seal does not fit"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], ":1: the seal does not fit"),
        (lambda lines: [lines[0], b"nothing", *lines[1:]], ":2: no event"),
        (lambda lines: [lines[0], b"\xff\xfe", *lines[1:]], ":2: no event"),
        (lambda lines: [lines[0], b"[1, 2]", *lines[1:]], ":2: no event"),
        (lambda lines: [lines[0], b'{"seal": "x"}', *lines[1:]], ":2: no event"),
        (lambda lines: [b"[" * 100_000, *lines], ":1: no event"),
    ],
)
def test_a_changed_ledger_is_refused_and_kept(path: Path, damage, message: str) -> None:  # type: ignore[no-untyped-def]
    episode = course.start("episode-52", path)
    episode.bet("slots", 40)
    episode.check("geometric", 9)
    damaged = b"\n".join(damage(path.read_bytes().splitlines())) + b"\n"
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match=message):
        course.start("episode-52", path)
    with pytest.raises(ValueError, match=message):
        episode.check("poisson", 0.5)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("kind", "name", "what"),
    [
        ("bet", "slots", {}),
        ("bet", "slots", {"guess": "x", "nonce": "", "seal": "", "confidence": None}),
        ("level", "", {"level": 77}),
        ("track", "nobody", {}),
        ("part", "nowhere", {}),
        ("attempt", "enough", {"attempt": 3, "won": False}),
        ("no such kind", "x", {}),
    ],
)
def test_an_event_of_another_version_is_refused_by_name(
    path: Path, kind: str, name: str, what: dict[str, object]
) -> None:
    course.Ledger(path).add("episode-52", kind, name, **what)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=f"no event that this version knows: {kind} {name}"):
        course.start("episode-52", path)
    assert path.read_bytes() == before


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is a folder; give a file"):
        course.start("episode-52", tmp_path)


def test_reports_and_visitors_do_not_touch_the_ledger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QSM_HEADLESS", "1")
    work(course.start("episode-52", path))
    monkeypatch.delenv("QSM_HEADLESS")
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    work(course.start("episode-52", path))
    assert not path.exists()


# --- bets ----------------------------------------------------------------------------------------------------------------


def test_the_seal_binds_and_hides() -> None:
    seals = {course.start("episode-52").bet("slots", 40).lines[1] for _ in range(3)}
    assert len(seals) == 3, "the same guess must not have the same seal, or it could be found by trying"
    episode = course.start("episode-52")
    sealed = episode.bet("slots", 40).lines[1].rpartition(" ")[2]
    opened = episode.reveal("slots", 52).lines[-1]
    nonce = opened.removesuffix(".").rpartition(" ")[2]
    assert course.commitment("episode-52", "slots", 40.0, nonce) == sealed
    assert course.commitment("episode-52", "slots", 41.0, nonce) != sealed


@pytest.mark.parametrize("confidence", [0.0, 1.1, -1, float("nan"), True, "high"])
def test_confidence_is_a_probability(confidence: object) -> None:
    with pytest.raises(ValueError, match=r"confidence must be in \(0, 1\]"):
        course.start("episode-52").bet("second-server", "second server", confidence=confidence)  # type: ignore[arg-type]


def test_a_number_takes_no_confidence() -> None:
    with pytest.raises(ValueError, match="belongs to a choice"):
        course.start("episode-52").bet("slots", 40, confidence=0.5)


@pytest.mark.parametrize(
    ("name", "truth"), [("slots", 0), ("slots", "many"), ("second-server", "third"), ("slots", True)]
)
def test_reveal_refuses_what_is_no_result(name: str, truth: object) -> None:
    with pytest.raises(ValueError, match="the result must be"):
        course.start("episode-52").reveal(name, truth)  # type: ignore[arg-type]


def test_scores_are_proper() -> None:
    """Brier: sure and right 0, sure and wrong 1, even odds 1/4; the record says so."""
    for guess, sure, score in (("second server", 1, 0), ("no variability", 1, 1), ("no variability", 0.5, 0.25)):
        episode = course.start("episode-52")
        episode.bet("second-server", guess, confidence=sure)
        episode.reveal("second-server", "second server")
        assert f"Mean Brier score of your choices: {score:.2f}" in repr(episode.report())


# --- depths, tracks, claims, ideas ------------------------------------------------------------------------------------------


def test_depths_fold_what_is_deeper(episode: course.Episode) -> None:
    name = next(iter(episode.content.ideas))
    assert not any(block.folded for block in episode.idea(name).inside)
    episode.level(1)
    assert [block.folded for block in episode.idea(name).inside][:3] == [False, True, True]
    page = episode.idea(name)._repr_html_()
    assert "<details><summary>The formula" in page
    assert "<details open><summary>The picture" in page
    proof = episode.proof("p")
    proof.step("one is one.", 1, 1)
    assert "<details><summary>p, step 1: holds" in proof._repr_html_()
    for level in (0, 5, True, "2"):
        with pytest.raises(ValueError, match="must be 1, 2, 3 or 4"):
            episode.level(level)  # type: ignore[arg-type]


def test_formulas_become_mathml(episode: course.Episode) -> None:
    pytest.importorskip("latex2mathml")
    for name in episode.content.ideas:
        page = episode.idea(name)._repr_html_()
        assert "<math" in page
        assert "$" not in page
    assert "costs $5 or $6" in course.Block("x", ("costs $5 or $6",))._repr_html_()
    assert "<script" not in course.Block("x", ("<script>$<script>$",))._repr_html_()


def test_tracks_change_the_numbers(episode: course.Episode) -> None:
    worlds = []
    for name in episode.content.tracks:
        assert "Your missions" in repr(episode.track(name))
        worlds.append(tuple(episode.numbers.values()))
    assert len(set(worlds)) == len(worlds)
    with pytest.raises(ValueError, match="no track 'nobody'"):
        episode.track("nobody")


def test_audit_yours_before_ours(episode: course.Episode) -> None:
    for name, claim in episode.content.claims.items():
        asked = repr(episode.audit(name))
        assert claim.because not in asked
        other = next(verdict for verdict in course.VERDICTS if verdict != claim.verdict)
        assert f"we say: {claim.verdict}" in repr(episode.audit(name, other))
        assert "as we see it" in repr(episode.audit(name, claim.verdict))
        with pytest.raises(ValueError, match="the verdict must be one of verified"):
            episode.audit(name, "true")
    with pytest.raises(ValueError, match="Claim: verdict must be one of"):
        course.Claim("a", "b", "c", "true", "d")


def test_published_numbers_can_fail(episode: course.Episode) -> None:
    for name, number in episode.content.published.items():
        assert "reproduced" in repr(episode.reproduce(name, number.value * (1 + number.tolerance / 2)))
        with pytest.raises(course.ProofError, match="is not reproduced"):
            episode.reproduce(name, number.value * (1 + 2 * number.tolerance))
        with pytest.raises(course.ProofError):
            episode.reproduce(name, float("nan"))


# --- the report ----------------------------------------------------------------------------------------------------------


def test_report_marks_what_is_missing(tmp_path: Path) -> None:
    episode = work(course.start("episode-52"))  # with the usual numbers
    episode.student = "Ada"
    report = course.read_report(episode.export(tmp_path / "a" / "report.json"))
    assert not report["complete"]
    assert "mission enough" in report["missing"]
    assert "mission knee" not in report["missing"]
    assert set(report["bets"]["second-server"]) == {"seal"}, "what has no result yet stays sealed"
    assert report["bets"]["slots"]["guess"] == 40.0
    text = episode.export(tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.count("(missing)") >= len(report["missing"])
    with pytest.raises(ValueError, match=r"must end in \.json or \.md"):
        episode.export(tmp_path / "report.doc")


def test_a_complete_report(tmp_path: Path) -> None:
    episode = course.start("episode-52", student="Ada")
    content = episode.content
    for name, check in content.checks.items():
        episode.check(name, check.answer(**check.numbers(*episode._path("check", name))))
    for name, bet in content.bets.items():
        episode.bet(name, bet.choices[0] if bet.choices else 1.0)
        episode.reveal(name, bet.choices[0] if bet.choices else 2.0)
    for name, claim in content.claims.items():
        episode.audit(name, claim.verdict)
    for name, attempt in {
        "enough": {"servers": 12},
        "pool": {"servers": 9},
        "steady": {"service_scv": 0.33},
        "knee": {"arrival_rate": 5.39},
    }.items():
        episode.mission(name, **attempt)
    for name in content.missions:
        if not episode.record.get(f"mission {name}", "").startswith("won"):
            episode._note("attempt", name, attempt={}, won=True)
    episode.reflect(**dict.fromkeys(content.questions, "because"))
    report = course.read_report(episode.export(tmp_path / "report.json"))
    assert report["missing"] == []
    assert report["complete"]
    assert "(missing)" not in episode.export(tmp_path / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r["bets"]["slots"].update(guess=52.0), "guess of bet 'slots' does not fit its seal"),
        (lambda r: r["bets"]["slots"].update(nonce="0"), "guess of bet 'slots' does not fit its seal"),
        (lambda r: r["bets"].update(slots=1), "bet 'slots' has no seal"),
        (lambda r: r.pop("student"), "field 'student' must be of kind str"),
        (lambda r: r.update(level=True), "field 'level' must be of kind int"),
        (lambda r: r.update(complete=True), "field 'complete' does not fit"),
        (lambda r: r.update(format=2), "format 2 is not known"),
    ],
)
def test_a_changed_report_is_refused(tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    path = work(course.start("episode-52")).export(tmp_path / "report.json")
    report = json.loads(path.read_text(encoding="utf-8"))
    change(report)
    path.write_text(json.dumps(report), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        course.read_report(path)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000])
def test_no_report(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="is no report in JSON"):
        course.read_report(path)


def test_reflection_refuses(episode: course.Episode) -> None:
    with pytest.raises(ValueError, match="no question 'nothing'"):
        episode.reflect(nothing="x")
    name = next(iter(episode.content.questions))
    with pytest.raises(ValueError, match="must be a text"):
        episode.reflect(**{name: 3})  # type: ignore[arg-type]


# --- notebooks -----------------------------------------------------------------------------------------------------------


def notebook(path: Path, *sources: str) -> Path:
    head = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**head, "id": f"c{number}", "source": source} for number, source in enumerate(sources)]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return path


def test_parts_refuses(tmp_path: Path) -> None:
    marks = [f'episode.part("{part.name}")' for part in course.PARTS]
    assert list(course.parts(notebook(tmp_path / "a.ipynb", *marks))) == [part.name for part in course.PARTS]
    with pytest.raises(ValueError, match="'primer' stands twice"):
        course.parts(notebook(tmp_path / "a.ipynb", *marks[:2], marks[1]))
    with pytest.raises(ValueError, match="the blocks must be header, primer"):
        course.parts(notebook(tmp_path / "a.ipynb", *marks[1:]))
    with pytest.raises(ValueError, match="the blocks must be header, primer"):
        course.parts(notebook(tmp_path / "a.ipynb", marks[1], marks[0], *marks[2:]))


def test_primers_are_a_course(tmp_path: Path) -> None:
    written = course.primers(tmp_path / "primers", course.episodes())
    assert len(written) == len(EPISODES)
    for path, name in zip(written, course.episodes(), strict=True):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
        assert text.count("episode.check(") >= 3
        assert f'course.start("{name}"' in text
        assert "episode.mission" not in text
    report = course.run(f"primer-{EPISODES[0].rpartition('-')[2]}", tmp_path)
    assert report.path.name.endswith("_primer.html")
    assert "not answered yet" in report.path.read_text(encoding="utf-8")


def test_a_report_folds_what_is_deeper(tmp_path: Path) -> None:
    marks = [f'from qsm import course\nepisode = course.start("{EPISODES[0]}", "l")\nepisode.part("header")']
    marks += [f'episode.part("{part.name}")\nprint("in {part.name}")' for part in course.PARTS[1:]]
    path = notebook(tmp_path / "all.ipynb", *marks, "episode.level()")
    page = course.run(path, tmp_path, level=2).path.read_text(encoding="utf-8")
    folds = re.findall(r"<details><summary>([^<]*: level \d[^<]*)</summary>(.*?)</details>", page, flags=re.DOTALL)
    assert [head for head, _ in folds] == ["Proof: level 3, theory", "Research: level 4, research"]
    assert "in theory" in folds[0][1]
    assert "in case_study" not in folds[0][1] + folds[1][1]
    assert "in case_study" in page
    assert "Level 2: practice" in page, "the blocks of the library fold as well"
    assert not (tmp_path / "l").exists()
    for level in (0, 5, True):
        with pytest.raises(ValueError, match="level must be 1, 2, 3 or 4"):
            course.run(path, tmp_path, level=level)


def test_primers_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "qsm", "primers", "--output", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == len(EPISODES)


def test_the_level_of_a_report_is_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["run", EPISODES[0], "--level", "7", "--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "qsm: run: level must be 1, 2, 3 or 4, got 7\n"


# --- forms ---------------------------------------------------------------------------------------------------------------


def test_forms_answer_without_a_browser(episode: course.Episode) -> None:
    """What a browser would send, sent by hand."""
    widget = _form._class()
    if widget is None:
        pytest.skip("anywidget is not installed")
    bets = episode.content.bets
    for name, bet in bets.items():
        block = episode.bet(name)
        assert block.form is not None
        fields, act = block.form
        form = widget(fields, block._repr_html_(), act)
        form.entered = {"count": 1, "guess": "nothing of the kind" if bet.choices else -1.0}
        assert "Not accepted" in form.shown
        form.entered = {"count": 2, "guess": bet.choices[0] if bet.choices else 12.0}
        assert "locked at" in form.shown
    for name in episode.content.missions:
        block = episode.mission(name)
        assert block.form is not None
        assert block.form[0], "a mission has something to enter"


def test_forms_stay_out_of_saved_pages(episode: course.Episode) -> None:
    name = next(iter(episode.content.checks))
    bundle = episode.check(name)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
