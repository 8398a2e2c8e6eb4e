"""The command line: `qsm analyze trace.csv`, `qsm tool queue`, `qsm run episode-52`, `qsm primers`, `qsm assign`, `qsm grade`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import qsm
from qsm._progress import Bar
from qsm.measure import read_trace
from qsm.tools import analyze
from qsm.tools import cli as tool_cli


def _analyze(options: argparse.Namespace) -> int:
    trace = (
        qsm.datasets.azure_llm_conversation()
        if options.trace == "sample"
        else read_trace("/dev/stdin" if options.trace == "-" else options.trace)
    )
    with Bar("analyze") as bar:
        analysis = analyze(
            trace,
            wait=options.wait,
            probability=options.probability,
            prefill_rate=options.prefill_rate,
            token_time=options.token_time,
            seed=options.seed,
            progress=bar,
        )
    print(json.dumps(analysis.to_dict(), indent=1) if options.json else analysis)
    return 0


def _run(options: argparse.Namespace) -> int:
    from qsm import course  # needs the extra `notebook`, which the other commands do not

    # jsonschema, which reads notebooks, would compile a grammar of internationalised addresses for over a second.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        print(course.run(options.notebook, options.output, level=options.level))
    except course.EpisodeError as error:
        print(f"qsm: {error}", file=sys.stderr)
        return 1
    return 0


def _primers(options: argparse.Namespace) -> int:
    from qsm import course

    for path in course.primers(options.output, course.episodes()):
        print(path)
    return 0


def _assign(options: argparse.Namespace) -> int:
    from qsm import course

    if options.form != "notebook":
        if not options.teacher or not options.secret:
            raise ValueError(f"assign: --form {options.form} needs --teacher and --secret")
        text = course.source(options.set, options.teacher, options.salt, options.secret, options.form)
        folder = Path(options.output)
        folder.mkdir(parents=True, exist_ok=True)
        if options.form == "otter":
            (folder / Path(options.teacher).name).write_text(Path(options.teacher).read_text("utf-8"), "utf-8")
        path = folder / f"problem_set_{options.set}.ipynb"
        path.write_text(text, encoding="utf-8")
        print(path)
        return 0
    if not options.students:
        raise ValueError("assign: --students is needed, a text file with a name on each line")
    try:
        lines = Path(options.students).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"assign: {options.students} is not a text file in UTF-8") from error
    names = [line.strip() for line in lines if line.strip()]
    if not names:
        raise ValueError(f"assign: no students in {options.students}")
    for path in course.assign(options.set, names, options.salt, options.output):
        print(path)
    return 0


def _grade(options: argparse.Namespace) -> int:
    from qsm import course

    with Bar("grade") as bar:
        table = course.grade_all(
            options.notebooks,
            options.teacher,
            options.output,
            salt=options.salt,
            secret=options.secret,
            seconds=options.seconds,
            progress=bar,
        )
    print(table)
    return 0


def _tool(options: argparse.Namespace) -> int:
    return tool_cli(options.tool, options.arguments)


def _config(_: argparse.Namespace) -> int:
    qsm.show_config()
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    main = argparse.ArgumentParser(
        prog="qsm", description="Quantitative systems mastery: how long, how many, how likely, how much."
    )
    main.add_argument("--version", action="version", version=f"qsm {qsm.__version__}")
    main.add_argument("--includes", action="store_true", help="print the include folder for a C++ compiler")
    main.add_argument("--cmakedir", action="store_true", help="print the folder of the CMake package")
    main.add_argument("--pkgconfigdir", action="store_true", help="print the folder of the pkg-config file")
    commands = main.add_subparsers(dest="command", metavar="command")

    one = commands.add_parser("analyze", help="how many slots a trace needs, by formula, simulation and replay")
    one.add_argument(
        "trace",
        help="CSV file, '-' for standard input, or 'sample' for the packaged conversation trace; columns: a time "
        "(arrival_time, timestamp), and service_time or prompt_tokens and output_tokens",
    )
    one.add_argument("--wait", type=float, default=1.0, help="longest wait [s] (default 1)")
    one.add_argument("--probability", type=float, default=0.99, help="share that waits no longer (default 0.99)")
    one.add_argument("--prefill-rate", type=float, default=7000.0, help="prompt tokens per second (default 7000)")
    one.add_argument("--token-time", type=float, default=0.03, help="seconds per output token (default 0.03)")
    one.add_argument("--seed", type=int, default=52, help="seed of the simulation (default 52)")
    one.add_argument("--json", action="store_true", help="print as JSON")
    one.set_defaults(run=_analyze)

    one = commands.add_parser("run", help="run an episode and write its report")
    one.add_argument("notebook", help="an episode, such as episode-52, its primer, primer-52, or a notebook file")
    one.add_argument("--output", default="reports", help="folder for the report (default reports)")
    one.add_argument(
        "--level", type=int, default=4, help="fold what is deeper: 1 intuition, 2 practice, 3 theory, 4 none"
    )
    one.set_defaults(run=_run)

    one = commands.add_parser("primers", help="write the primers of all episodes as notebooks: a course of its own")
    one.add_argument("--output", default="primers", help="folder for the notebooks (default primers)")
    one.set_defaults(run=_primers)

    one = commands.add_parser("assign", help="write a problem set's notebooks, each student with numbers of their own")
    one.add_argument("set", help="number of the episode, such as 52")
    one.add_argument("--students", help="text file with a student's name on each line")
    one.add_argument("--salt", required=True, help="a word for the course; other salt, other numbers")
    forms = ("notebook", "otter", "nbgrader")
    one.add_argument(
        "--form", choices=forms, default="notebook", help="for whom (default: a notebook for each student)"
    )
    one.add_argument("--teacher", help="the teacher's file, for otter and nbgrader")
    one.add_argument("--secret", help="a word that chooses the hidden numbers, for otter and nbgrader")
    one.add_argument("--output", default="assignments", help="folder for the notebooks (default assignments)")
    one.set_defaults(run=_assign)

    one = commands.add_parser("grade", help="grade notebooks of a problem set, offline")
    one.add_argument("notebooks", nargs="+", help="submissions, named NUMBER_STUDENT.ipynb")
    one.add_argument("--teacher", required=True, help="the teacher's file, such as 52_teacher.py")
    one.add_argument("--salt", required=True, help="the word that 'qsm assign' was given")
    one.add_argument("--secret", help="a word that chooses the hidden numbers (default: a new one, which is printed)")
    one.add_argument("--output", default="grades", help="folder for results (default grades)")
    one.add_argument("--seconds", type=float, default=20, help="most time for a cell or a function (default 20)")
    one.set_defaults(run=_grade)

    one = commands.add_parser("tool", help="a calculator, such as queue; 'qsm tool queue --help' tells what it takes")
    names = "{accuracy,balancing,latency,queue,sharding}"
    one.add_argument("tool", metavar=names, help="which one; 'qsm tool queue --help' tells what it takes")
    one.add_argument("arguments", metavar="...", nargs=argparse.REMAINDER, help="what it takes")
    one.set_defaults(run=_tool)

    one = commands.add_parser("config", help="what this installation is made of")
    one.set_defaults(run=_config)
    return main


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; bad input is one line on standard error and exit status 2."""
    grammar = parser()
    options = grammar.parse_args(arguments)
    folders = {
        "includes": qsm.get_include(),
        "cmakedir": qsm.get_cmake_dir(),
        "pkgconfigdir": str(Path(qsm.get_cmake_dir()).parents[1] / "pkgconfig"),
    }
    asked = [folder for name, folder in folders.items() if getattr(options, name)]
    if asked:
        print("\n".join(asked))
        return 0
    if not options.command:
        grammar.print_help()
        return 2
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read the output has enough, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains of it when it ends
        return 141
    except (ValueError, OSError, ImportError) as error:
        print(f"qsm: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("qsm: interrupted", file=sys.stderr)
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
