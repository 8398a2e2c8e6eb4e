"""The reflection report: a file that a person or a program can read, with what is missing marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qsm._config import __version__
from qsm._table import show
from qsm.course._episode import commitment, done_well

if TYPE_CHECKING:
    from qsm.course._episode import Episode

FORMAT = 1
MISSING = "(missing)"
_FIELDS: dict[str, type] = {
    "format": int,
    "episode": str,
    "title": str,
    "student": str,
    "track": str,
    "level": int,
    "version": str,
    "record": dict,
    "bets": dict,
    "calibration": list,
    "attempts": dict,
    "reflection": dict,
    "missing": list,
    "complete": bool,
    "seal": str,
}


def contents(episode: Episode) -> dict[str, Any]:
    """The report as plain values. A bet whose result has not been shown gives its seal alone."""
    content = episode.content
    record = {name: episode.record.get(name, "open") for name in episode.entries}
    bets: dict[str, dict[str, Any]] = {}
    for name, placed in episode._bets.items():
        shown = name in episode._closed
        bets[name] = {"seal": placed["seal"]}
        if shown:
            bets[name] |= {"guess": placed["guess"], "nonce": placed["nonce"], "result": episode._closed[name]}
    reflection = {name: episode.reflections.get(name, "") for name in content.questions}
    missing = [name for name, state in record.items() if not done_well(name, state)]
    missing += [f"reflection {name}" for name, text in reflection.items() if not text]
    missing += [] if episode.student else ["student"]
    return {
        "format": FORMAT,
        "episode": content.name,
        "title": content.title,
        "student": episode.student,
        "track": episode._track,
        "level": episode._level,
        "version": __version__,
        "record": record,
        "bets": bets,
        "calibration": episode._calibration(),
        "attempts": {name: len(made) for name, made in episode._attempts.items()},
        "reflection": reflection,
        "missing": missing,
        "complete": not missing,
        "seal": episode.ledger.seal,
    }


def write(episode: Episode, path: Path) -> Path:
    """Writes the report."""
    report = contents(episode)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".json":
        path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    elif path.suffix == ".md":
        path.write_text(_markdown(episode, report), encoding="utf-8")
    else:
        raise ValueError(f"export: the name must end in .json or .md, got {path.name!r}")
    return path


def _markdown(episode: Episode, report: dict[str, Any]) -> str:
    lines = [
        f"# {report['title']}: reflection report",
        "",
        f"- Student: {report['student'] or MISSING}",
        f"- Track: {report['track'] or 'none'}; level {report['level']}",
        f"- Complete: {'yes' if report['complete'] else 'no, ' + str(len(report['missing'])) + ' missing'}",
        f"- Seal of the ledger: `{report['seal'] or 'empty'}`",
        "",
        "| block | state |",
        "| --- | --- |",
    ]
    lines += [
        f"| {name} | {state if done_well(name, state) else f'{state} {MISSING}'} |"
        for name, state in report["record"].items()
    ]
    lines += ["", "## Bets", ""]
    for name, bet in report["bets"].items():
        opened = (
            f"guess {show(bet['guess'])}, number {bet['nonce']}, {bet['result']}" if "guess" in bet else "not opened"
        )
        lines.append(f"- {name}: {opened}; seal `{bet['seal']}`")
    lines += [f"- {line}" for line in report["calibration"]] or ["- no result yet"]
    lines += ["", "## Reflection", ""]
    for name, question in episode.content.questions.items():
        lines += [f"**{question}**", "", report["reflection"][name] or MISSING, ""]
    return "\n".join(lines)


def read_report(path: str | Path) -> dict[str, Any]:
    """Reads a report in JSON and checks it: every field of its kind, every opened bet fitting its seal.

    Raises
    ------
    ValueError
        No report, a field that is missing or of another kind, or a guess that its seal does not fit; names the field.
    """
    path = Path(path)
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"read_report: {path} is no report in JSON") from None
    if not isinstance(report, dict):
        raise ValueError(f"read_report: {path} is no report in JSON")
    for name, kind in _FIELDS.items():
        if type(report.get(name)) is not kind:
            raise ValueError(f"read_report: {path}: field {name!r} must be of kind {kind.__name__}")
    if report["format"] != FORMAT:
        raise ValueError(f"read_report: {path}: format {report['format']} is not known, {FORMAT} is")
    if report["complete"] != (not report["missing"]):
        raise ValueError(f"read_report: {path}: field 'complete' does not fit 'missing'")
    for name, bet in report["bets"].items():
        if not isinstance(bet, dict) or not isinstance(bet.get("seal"), str):
            raise ValueError(f"read_report: {path}: bet {name!r} has no seal")
        if "guess" in bet and commitment(report["episode"], name, bet["guess"], str(bet.get("nonce"))) != bet["seal"]:
            raise ValueError(f"read_report: {path}: the guess of bet {name!r} does not fit its seal")
    return dict(report)
