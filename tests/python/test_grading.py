"""Problem sets: the solution gets full marks, the empty one none, wrong, broken and cheating ones are caught."""

from __future__ import annotations

import contextlib
import csv
import inspect
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qsm import course
from qsm.__main__ import main
from qsm.course import _grade
from qsm.course._grade import _Answers, _judge, _run, code_of, read_cells
from qsm.course._problems import Draws, plain, references

ROOT = Path(__file__).resolve().parents[2]
SETS = {
    path.stem.removesuffix("_teacher"): path for path in sorted((ROOT / "notebooks/problem_sets").glob("*_teacher.py"))
}
TEACHER = SETS["52"]
KNOWN = references(TEACHER)
MOST = 90  # points of a set
SALT, SECRET = "test", "hidden"
VARIANTS = 30


def problems() -> list[Any]:
    return [
        pytest.param(path, problem, id=f"{name}-{problem.name}")
        for name, path in SETS.items()
        for problem in course.problem_set(name).problems
    ]


def right(problem: course.Problem, answer: Any, numbers: dict[str, Any], truth: Any) -> bool:
    return not problem.complaint(answer, numbers) and (problem.verify is not None or problem.near(answer, truth))


def try_variants(path: Path, problem: course.Problem, count: int) -> None:
    """The reference passes, every misconception fails with its own hint, and numbers differ between students."""
    reference = references(path)[problem.name]
    seen = []
    for student in range(count):
        numbers = problem.numbers(f"student {student}", SALT)
        seen.append(json.dumps(numbers))
        truth = plain(reference(**numbers))
        assert right(problem, truth, numbers, truth), (numbers, problem.complaint(truth, numbers))
        hints = set()
        for wrong in problem.misconceptions:
            answer = plain(wrong.model(**numbers))
            assert not right(problem, answer, numbers, truth), (numbers, wrong.hint)
            if problem.verify is None:
                assert abs(answer - truth) > 5 * problem.tolerance * abs(truth), (numbers, wrong.hint)
            hints.add(problem.complaint(answer, numbers))
        assert hints <= {wrong.hint for wrong in problem.misconceptions}
    assert len(set(seen[:VARIANTS])) >= 0.95 * VARIANTS  # a class; among a thousand the same birthdays recur


@pytest.mark.parametrize(("path", "problem"), problems())
def test_variants(path: Path, problem: course.Problem) -> None:
    try_variants(path, problem, VARIANTS)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "problem"), problems())
def test_many_variants(path: Path, problem: course.Problem) -> None:
    try_variants(path, problem, 1000)


def test_numbers_belong_to_student_and_salt() -> None:
    problem = course.problem_set("52")["tail"]
    assert problem.numbers("ada", "salt") == problem.numbers("ada", "salt")
    assert problem.numbers("ada", "salt") != problem.numbers("bob", "salt")
    assert problem.numbers("ada", "salt") != problem.numbers("ada", "other")
    hidden = problem.hidden_numbers("ada", "secret")
    assert problem.numbers("ada", "salt") not in hidden
    assert len({json.dumps(numbers) for numbers in hidden}) == problem.hidden


def test_draws_stay_in_range() -> None:
    draws = Draws("range")
    assert {draws.integer(3, 5) for _ in range(200)} == {3, 4, 5}
    values = [draws.uniform(0.3, 0.6) for _ in range(500)]
    assert min(values) == 0.3
    assert max(values) == 0.6
    assert sum(draws.times(2.0, 20_000)) / 20_000 == pytest.approx(2, rel=0.03)


# --- the notebook of a student ---------------------------------------------------------------------------------------


def submission(folder: Path, student: str = "ada", content: str = "52", **code: str) -> Path:
    """A submission: the empty notebook with some functions' code replaced, and cells before and after."""
    task = course.assignment(content, student, SALT)
    notebook = json.loads(course.student_notebook(task))
    for cell in notebook["cells"]:
        name = cell["id"].removesuffix("-code")
        if cell["id"].endswith("-code") and name in code:
            cell["source"] = code[name]
    extra = {"cell_type": "code", "id": "x", "metadata": {}, "outputs": [], "execution_count": None}
    if "before" in code:
        notebook["cells"].insert(0, {**extra, "source": code["before"]})
    if "after" in code:
        notebook["cells"].append({**extra, "id": "y", "source": code["after"]})
    path = folder / f"{content}_{student}.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def solution(folder: Path, student: str = "ada", content: str = "52") -> Path:
    path = folder / f"{content}_{student}.ipynb"
    path.write_text(course.student_notebook(course.assignment(content, student, SALT), references(SETS[content])))
    return path


def graded(path: Path, seconds: float = 20) -> course.Grade:
    return course.grade(path, SETS[path.name[:2]], salt=SALT, secret=SECRET, seconds=seconds)


def points(grade: course.Grade) -> dict[str, float]:
    return {item.problem: item.points for item in grade.items if item.points}


def words(grade: course.Grade, problem: str) -> str:
    return next(item.words for item in grade.items if item.problem == problem)


@pytest.mark.parametrize("content", SETS)
def test_the_solution_gets_full_marks(content: str, tmp_path: Path) -> None:
    grade = graded(solution(tmp_path, content=content))
    assert grade.points == grade.most == MOST
    assert grade.notes == ()
    assert graded(solution(tmp_path, content=content)) == grade, "grading is not the same twice"


@pytest.mark.parametrize("content", SETS)
def test_the_empty_submission_gets_nothing(content: str, tmp_path: Path) -> None:
    grade = graded(submission(tmp_path, content=content))
    assert grade.points == 0
    assert {item.words for item in grade.items} == {"not answered"}
    assert grade.notes == ()


def test_a_misconception_is_named(tmp_path: Path) -> None:
    grade = graded(
        submission(tmp_path, tail="def tail(arrival_rate, service_rate):\n    return 1 / (service_rate - arrival_rate)")
    )
    assert grade.points == 0
    assert words(grade, "tail").startswith("That is the mean time in the system.")


def test_magics_and_numpy_are_fine(tmp_path: Path) -> None:
    code = "def tail(arrival_rate, service_rate):\n    return np.float64(math.log(100)) / (service_rate - arrival_rate)"
    path = submission(tmp_path, before="%matplotlib inline\n!ls\nif True:\n    %time 1", tail=code)
    assert points(graded(path)) == {"tail": 10}
    assert read_cells(path)[0].count("pass") == 3


BROKEN = {
    "crash": "def tail(arrival_rate, service_rate):\n    return 1 / 0",
    "syntax": "def tail(arrival_rate, service_rate:\n    return 1",
    "arguments": "def tail():\n    return 1",
    "hang": "def tail(arrival_rate, service_rate):\n    while True:\n        pass",
    "stubborn": "def tail(arrival_rate, service_rate):\n    while True:\n        try:\n            while True:\n"
    "                pass\n        except BaseException:\n            pass",
    "exit": "import os\n\ndef tail(arrival_rate, service_rate):\n    os._exit(0)",
    "exit in the cell": "import os\nos._exit(0)",
    "leave": "def tail(arrival_rate, service_rate):\n    raise SystemExit",
    "deep": "def tail(arrival_rate, service_rate):\n    return tail(arrival_rate, service_rate)",
    "nan": "def tail(arrival_rate, service_rate):\n    return math.nan",
    "text": "def tail(arrival_rate, service_rate):\n    return '0.5'",
    "true": "def tail(arrival_rate, service_rate):\n    return True",
    "huge number": "def tail(arrival_rate, service_rate):\n    return 10**400",
    "memory": "def tail(arrival_rate, service_rate):\n    return bytearray(1 << 40)",
    "loop": "def tail(arrival_rate, service_rate):\n    x = []\n    x.append(x)\n    return x",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_function_costs_its_own_points_alone(kind: str, tmp_path: Path) -> None:
    enough = "def enough(arrival_rate, service_rate, wait):\n    return queueing.servers_for_wait(arrival_rate, service_rate, wait, 0.99)"
    path = submission(tmp_path, tail=BROKEN[kind], enough=enough)
    grade = graded(path, seconds=2 if kind in ("hang", "stubborn") else 20)
    assert points(grade) == {"enough": 10}
    assert words(grade, "tail")


ODD = (
    10**400,
    1e308,
    math.inf,
    math.nan,
    -1,
    "x",
    [],
    {},
    None,
    [[]],
    [10**400] * 150,
    [[-1e308, 1e308] * 100, [1.0] * 200],
)


@pytest.mark.parametrize(("path", "problem"), problems())
def test_odd_answers_are_judged(path: Path, problem: course.Problem) -> None:
    numbers = problem.numbers("ada", SALT)
    known = references(path)
    for odd in ODD:
        answers = _Answers()
        line = json.dumps({"call": problem.name, "at": 0, "value": odd})
        assert not answers.take(line.encode())
        assert _judge(problem, [numbers], answers, known[problem.name]).points == 0, odd

        def function(answer: Any = odd, **_: Any) -> Any:
            return answer

        function.__name__ = problem.name
        course.assignment(path.name[:2], "ada", SALT).check(function)


def test_messages_that_are_not_ours() -> None:
    answers = _Answers()
    for line in (
        b"",
        b"[]",
        b"3",
        b'{"cell": 1e999, "error": 1}',
        b'{"call": "tail", "at": -1e999, "value": 1}',
        b"\xff",
    ):
        assert not answers.take(line)
    answers.take(json.dumps({"call": "tail", "at": 0, "error": "x" * 10_000}).encode())
    assert len(answers.values["tail"][0][1]) <= 300


def test_a_line_of_python_is_not_taken_for_a_magic(tmp_path: Path) -> None:
    code = "def tail(arrival_rate, service_rate):\n    name = (\n        '%g'\n        % 1\n    )\n    return math.log(100) / (service_rate - arrival_rate)"
    assert points(graded(submission(tmp_path, tail=code))) == {"tail": 10}
    asked = "%matplotlib inline\nqueueing.mmc?\n" + code.replace("'%g'\n        % 1", "''")
    assert points(graded(submission(tmp_path, tail=asked))) == {"tail": 10}


def test_files_that_are_no_notebooks(tmp_path: Path) -> None:
    for text in ("", "not json", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code"}]}'):
        path = tmp_path / "52_ada.ipynb"
        path.write_text(text)
        grade = graded(path)
        assert (grade.points, grade.most) == (0, 90)
        assert "is not a notebook" in grade.notes[0]


CHEATS = {
    # The right answer to the student's own numbers, as a friend or a search would give it.
    "a number written in": "",
    "accept everything": "class Yes(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return Yes(0)\n"
    "    def __float__(self): return 0.0\n\ndef tail(arrival_rate, service_rate):\n    return Yes(1.0)",
    "change the check": "import qsm.course._problems as p\np.Problem.near = lambda *a: True\np.Problem.complaint = lambda *a: ''\n"
    "course.Assignment.check = lambda *a: 'public checks passed'\ndef tail(arrival_rate, service_rate):\n    return 1.0",
    "search the namespace": "import gc, sys, inspect, types\n"
    "def tail(arrival_rate, service_rate):\n"
    "    for thing in gc.get_objects():\n"
    "        if isinstance(thing, types.FunctionType) and thing.__name__ == 'tail' and thing is not tail:\n"
    "            return thing(arrival_rate, service_rate)\n"
    "    frame = inspect.currentframe()\n"
    "    while frame:\n"
    "        for name, value in {**frame.f_globals, **frame.f_locals}.items():\n"
    "            if name in ('reference', 'references', 'known', 'truth', 'teacher'):\n"
    "                return value['tail'](arrival_rate, service_rate)\n"
    "        frame = frame.f_back",
    "import the teacher": "import importlib\ndef tail(arrival_rate, service_rate):\n"
    "    for name in ('teacher', '52_teacher', 'qsm.course.teacher_52'):\n"
    "        try:\n            return importlib.import_module(name).tail(arrival_rate, service_rate)\n"
    "        except ImportError:\n            pass",
    "write to the pipe": "import os, json\ndef tail(arrival_rate, service_rate):\n"
    "    for fd in range(3, 50):\n        try:\n"
    '            os.write(fd, b\'{"end": true}\\n{"points": 100}\\n[]\\n\\xff\\n{"call": "tail", "at": 99, "value": 1}\\n\')\n'
    "        except OSError:\n            pass\n    return 1.0",
    "ask the network": "import urllib.request\ndef tail(arrival_rate, service_rate):\n"
    "    return float(urllib.request.urlopen('http://127.0.0.1:9/').read())",
    "remember": "calls = []\ndef tail(arrival_rate, service_rate):\n    calls.append(1)\n    return 1.0 * len(calls)",
}


@pytest.mark.parametrize("kind", CHEATS)
def test_cheating_gets_nothing(kind: str, tmp_path: Path) -> None:
    code = CHEATS[kind]
    if kind == "a number written in":
        own = course.assignment("52", "ada", SALT).numbers("tail")
        code = f"def tail(**numbers):\n    return {KNOWN['tail'](**own)!r}"
    grade = graded(submission(tmp_path, tail=code))
    assert points(grade) == {}
    if kind == "a number written in":
        assert words(grade, "tail").startswith("Right for your own numbers, wrong for 12 of 12 others.")


def alone() -> bool:
    """Whether this system lets a process have files of its own."""
    code = "import ctypes\nraise SystemExit(ctypes.CDLL(None).unshare(0x10020000) != 0)"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def beats(pipe: int, seconds: float = 1.0) -> bool:
    """Whether something goes on writing to a pipe."""
    for _ in range(2):
        with contextlib.suppress(BlockingIOError):
            while os.read(pipe, 1 << 16):
                pass
        time.sleep(seconds)
        with contextlib.suppress(BlockingIOError):
            return os.read(pipe, 1) != b""
    return False


@pytest.fixture
def mark() -> Iterator[tuple[Path, int]]:
    """A pipe with a name, to which a submission may write though it may write no file; and the end to read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "mark"
        os.mkfifo(path)
        path.chmod(0o666)
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        yield path, reader
        os.close(reader)


BEAT = """import os, time
def beat():
    pipe = os.open({path!r}, os.O_WRONLY)
    while True:
        os.write(pipe, b"x")
        time.sleep(0.02)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the processor-time limit alone ends it")
def test_a_submission_dies_with_the_grader(tmp_path: Path, mark: tuple[Path, int]) -> None:
    path = submission(tmp_path, before=BEAT.format(path=str(mark[0])) + "beat()")
    code = f"from qsm import course; course.grade({str(path)!r}, {str(TEACHER)!r}, salt='s', secret='t', seconds=60)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as grader:
        deadline = time.monotonic() + 30
        while not (alive := beats(mark[1], 0.1)) and time.monotonic() < deadline:
            pass
        assert alive, "the submission itself must run"
        grader.kill()
    time.sleep(0.2)
    assert not beats(mark[1]), "it runs on without a grader"


@pytest.mark.skipif(sys.platform != "linux", reason="process namespaces")
def test_what_a_submission_leaves_running_is_ended(tmp_path: Path, mark: tuple[Path, int]) -> None:
    probe = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000 | 0x20000000 | 0x40000000) != 0)"
    if subprocess.run([sys.executable, "-c", probe], check=False).returncode:
        pytest.skip("this system grants no namespaces")
    leave = "if os.fork() == 0:\n    os.setsid()\n    beat()\ntime.sleep(0.5)\n"
    graded(submission(tmp_path, before=(BEAT + leave).format(path=str(mark[0]))))
    assert os.read(mark[1], 1) == b"x", "it must have run"
    assert not beats(mark[1]), "a process of the submission outlives its grading"


def test_processor_time_is_bounded() -> None:
    code = "import resource\ndef most():\n    return resource.getrlimit(resource.RLIMIT_CPU)[1]"
    kind, most = _run([code], {"most": [{}]}, 3, "", []).values["most"][0]
    assert (kind, 0 < most < 600) == ("value", True)


FORGE = """import json, os, time
def say(**message):
    for fd in range(3, 64):
        try:
            os.write(fd, (json.dumps(message) + "\\n").encode())
        except OSError:
            pass
"""


@pytest.mark.parametrize("label", ["foo", "cell abc", "cell 999", "call tail", ""])
def test_a_forged_beginning_does_not_end_the_batch(label: str, tmp_path: Path) -> None:
    """Only the forger pays."""
    path = submission(tmp_path, before=FORGE + f"say(begin={label!r})\nos._exit(0)")
    assert points(graded(path)) == {}


def test_a_submission_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither new beginnings nor many slow cells buy more time than the whole has."""
    monkeypatch.setattr(_grade, "_PATIENCE", -59.5 / 0.1)
    chatter = "n = 0\nwhile True:\n    try:\n        n += 1\n        say(begin=f'call {n}')\n        time.sleep(0.05)\n    except BaseException:\n        pass"
    begin = time.monotonic()
    assert _run([FORGE + chatter], {"tail": [{}]}, 0.1, "", []).cells[1].startswith("the whole ran longer than")
    assert _run(["import time\ntime.sleep(0.09)"] * 1000, {}, 0.1, "", []).cells
    assert time.monotonic() - begin < 10


ORACLE = """
import gc, importlib, pathlib, sys, types
import numpy

def verifier(name):
    # The check itself, by import, by what lies in memory, and from its file.
    try:
        return importlib.import_module("qsm.course.problem_set_52").PROBLEMS[name].verify
    except Exception:
        pass
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == "_verify_" + name:
            return thing
    import qsm
    space = {"__name__": "found"}
    text = (pathlib.Path(qsm.__file__).parent / "course" / "problem_set_52.py").read_text()
    exec(text, space)
    return space["_verify_" + name]

def enough(**numbers):
    verify = verifier("enough")
    return next(n for n in range(1, 3000) if not verify(n, **numbers))
"""


def test_a_search_cannot_ask_the_check(tmp_path: Path) -> None:
    """The verifier would tell it which answer is right; while a submission is graded there is none."""
    space: dict[str, Any] = {}
    exec(ORACLE, space)  # noqa: S102
    numbers = course.assignment("52", "ada", SALT).numbers("enough")
    assert space["enough"](**numbers) == KNOWN["enough"](**numbers), "the cheat itself must work"
    assert points(graded(submission(tmp_path, enough=ORACLE))) == {}


def test_a_submission_still_has_its_own_numbers(tmp_path: Path) -> None:
    code = "def tail(arrival_rate, service_rate):\n    own = task.numbers('tail')\n    assert own.keys() == {'arrival_rate', 'service_rate'}\n"
    code += "    return math.log(100) / (service_rate - arrival_rate)"
    assert points(graded(submission(tmp_path, tail=code))) == {"tail": 10}


WRITE = """
import os, pathlib, qsm

def spoil(place):
    path = pathlib.Path(place)
    try:
        path.write_text("spoiled")
        return True
    except OSError:
        return False
"""


@pytest.mark.skipif(not alone(), reason="no namespaces for an ordinary user here")
def test_nothing_can_be_written_but_in_its_own_folder(tmp_path: Path) -> None:
    """Neither the package that grades the next one, nor a place where the next one finds it."""
    import qsm

    tmp_path.chmod(0o777)
    there = [
        Path(qsm.__file__).parent / "spoiled.py",
        tmp_path / "spoiled",
        Path(tempfile.gettempdir()) / "qsm-spoiled",
    ]
    places = [{"place": str(path)} for path in there] + [{"place": "own"}]
    answers = _run([WRITE], {"spoil": places}, 5, "", [])
    assert [answers.values["spoil"][at] for at in range(4)] == [("value", False)] * 3 + [("value", True)]
    assert not any(path.exists() for path in there)


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux chooses whom to end")
def test_where_memory_runs_out_the_submission_is_ended_first() -> None:
    code = "def badness():\n    return int(open('/proc/self/oom_score_adj').read())"
    assert _run([code], {"badness": [{}]}, 5, "", []).values["badness"][0] == ("value", 1000)


def test_the_network_is_refused_by_name(tmp_path: Path) -> None:
    assert "without a network" in words(graded(submission(tmp_path, tail=CHEATS["ask the network"])), "tail")


def test_from_scratch_means_without_the_library(tmp_path: Path) -> None:
    code = (
        "from qsm import queueing as q\ndef simulator(arrival_times, service_times, servers):\n"
        "    waits, before = [], 0.0\n    for n in range(1, len(arrival_times) + 1):\n"
        "        mean = q.replay(arrival_times[:n], service_times[:n], servers).mean_wait\n"
        "        waits.append(n * mean - before)\n        before = n * mean\n    return waits"
    )
    path = submission(tmp_path, simulator=code)
    task = course.assignment("52", "ada", SALT)
    (tmp_path / "cheat.py").write_text(code)
    assert "public checks passed" in repr(task.check(references(tmp_path / "cheat.py")["simulator"])), (
        "the cheat itself must work"
    )
    assert points(graded(path)) == {}


PEEKS = {
    # Where the grader's command says that the answers are.
    "the grader's command": "import os, re\n\ndef paths():\n"
    "    for one in os.listdir('/proc'):\n"
    "        try:\n"
    "            words = open(f'/proc/{one}/cmdline').read() + open(f'/proc/{one}/environ').read()\n"
    "        except OSError:\n"
    "            continue\n"
    "        yield from re.findall(r'[^\\x00=]*_teacher.py', words)\n",
    # Somebody has told.
    "a path that is known": "def paths():\n    yield {teacher!r}\n",
    "a path that is uncovered": "import ctypes, os\n\ndef paths():\n"
    "    system = ctypes.CDLL(None)\n"
    "    for flags in (0, 0x10020000, 0x20000):\n"
    "        system.unshare(flags)\n"
    "        system.umount2(os.path.dirname({teacher!r}).encode(), 2)\n"
    "        yield {teacher!r}\n",
    "another's submission": "import json, pathlib, tempfile\n\ndef paths():\n"
    "    cells = json.loads(pathlib.Path({neighbour!r}).read_text())['cells']\n"
    "    code = next(''.join(c['source']) for c in cells if c['id'] == 'tail-code')\n"
    "    file = pathlib.Path('copied.py')\n    file.write_text('import math\\n' + code)\n    yield str(file)\n",
}
READ = """
import math, runpy

def tail(arrival_rate, service_rate):
    for path in paths():
        try:
            return runpy.run_path(path)["tail"](arrival_rate, service_rate)
        except Exception:
            pass
"""


@pytest.mark.skipif(not alone(), reason="no namespaces for an ordinary user here")
@pytest.mark.parametrize("kind", PEEKS)
def test_answers_cannot_be_read(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission that looks for answers finds none, though it runs as the user who may read them."""
    for name in ("handed in", "answers"):
        (tmp_path / name).mkdir()
    teacher = tmp_path / "answers" / "52_teacher.py"
    teacher.write_text(TEACHER.read_text())
    neighbour = solution(tmp_path / "handed in", "bob")
    code = PEEKS[kind].replace("{teacher!r}", repr(str(teacher))).replace("{neighbour!r}", repr(str(neighbour)))
    if kind in ("a path that is known", "another's submission"):
        (tmp_path / "cheat.py").write_text(code + READ)
        monkeypatch.chdir(tmp_path)
        assert references(tmp_path / "cheat.py")["tail"](8, 10) == KNOWN["tail"](8, 10), "the cheat itself must work"
    path = submission(tmp_path / "handed in", tail=code + READ)
    words = [
        "grade",
        str(path),
        "--teacher",
        str(teacher),
        "--salt",
        SALT,
        "--secret",
        SECRET,
        "--output",
        str(tmp_path / "out"),
    ]
    subprocess.run([sys.executable, "-m", "qsm", *words], check=True, capture_output=True)
    assert json.loads((tmp_path / "out" / "52_ada.json").read_text())["score"] == 0


@pytest.mark.skipif(not alone(), reason="no namespaces for an ordinary user here")
def test_processes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission that starts many processes is refused the 257th; root becomes nobody, whom the bound holds."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:  # a Python that nobody can read
            if not Path("/usr/bin/python3").exists():
                pytest.skip("root's Python is hidden from others, and there is no other")
            Path(folder).chmod(0o755)
            child = Path(folder) / "_child.py"
            child.write_text(_grade._CHILD.read_text())
            monkeypatch.setattr(_grade, "_CHILD", child)
            monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
        code = (
            "import os, time\n\ndef bomb():\n    for count in range(600):\n        try:\n            if os.fork() == 0:\n"
            "                time.sleep(5)\n                os._exit(0)\n        except OSError:\n            return count\n"
            "\ndef who():\n    return os.getuid()\n"
        )
        answers = _grade._run([code], {"who": [{}], "bomb": [{}]}, 20, "", [])
    assert answers.values["who"][0] == ("value", os.geteuid() or 65534)
    kind, count = answers.values["bomb"][0]
    assert kind == "value"
    assert 100 < count < 256


AROUND = {
    "meta path": "def simulator(arrival_times, service_times, servers):\n"
    "    import sys\n    sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != '_Away']\n"
    "    from qsm.queueing import replay\n    return waits(replay, arrival_times, service_times, servers)",
    "another Python": "def simulator(arrival_times, service_times, servers):\n"
    "    import inspect, json, subprocess, sys\n    job = json.dumps([arrival_times, service_times, servers])\n"
    "    code = SOURCE + 'import json, sys\\nfrom qsm.queueing import replay\\nprint(waits(replay, *json.loads(sys.argv[1])))'\n"
    "    done = subprocess.run([sys.executable, '-c', code, job], capture_output=True, check=True)\n"
    "    return json.loads(done.stdout)",
}
WAITS = """def waits(replay, arrival_times, service_times, servers):
    out, before = [], 0.0
    for n in range(1, len(arrival_times) + 1):
        mean = replay(arrival_times[:n], service_times[:n], servers).mean_wait
        out.append(float(n * mean - before))
        before = float(n * mean)
    return out
"""


@pytest.mark.parametrize("way", AROUND)
def test_ways_round_are_closed(way: str, tmp_path: Path) -> None:
    code = WAITS + f"SOURCE = {WAITS!r}\n" + AROUND[way]
    assert points(graded(submission(tmp_path, simulator=code))) == {}


def test_a_copied_notebook_is_reported_and_its_numbers_are_not_the_copiers(tmp_path: Path) -> None:
    solution(tmp_path, "ada")
    copy = tmp_path / "52_bob.ipynb"
    copy.write_text((tmp_path / "52_ada.ipynb").read_text())
    empty = submission(tmp_path, "cleo")
    table = course.grade_all(
        [tmp_path / "52_ada.ipynb", copy, empty], TEACHER, tmp_path / "out", salt=SALT, secret=SECRET
    )
    assert table["same as"] == ["bob", "ada", ""]
    assert table["points"] == [90, 90, 0]
    with (tmp_path / "out" / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["student"] for row in rows] == ["ada", "bob", "cleo"]
    results = json.loads((tmp_path / "out" / "52_ada.json").read_text())
    assert results["score"] == 90
    assert {test["visibility"] for test in results["tests"]} == {"visible"}


@pytest.mark.parametrize("odd", ["-" * 200_000 + "1", "(" * 5000 + "1" + ")" * 5000, "'\ud800'", "1\0"])
def test_code_that_no_parser_takes_does_not_end_the_batch(odd: str, tmp_path: Path) -> None:
    path = submission(tmp_path, tail=f"def tail(arrival_rate, service_rate):\n    return {odd}")
    assert "tail" not in code_of(path, ["tail", "enough"])
    assert "enough" in code_of(path, ["tail", "enough"])


def test_checks_say_no_answer(tmp_path: Path) -> None:
    task = course.assignment("52", "ada", SALT)
    for problem in task.content.problems:
        numbers = task.numbers(problem.name)
        truth = plain(KNOWN[problem.name](**numbers))
        if not isinstance(truth, (int, float)):
            continue
        for wrong in (None, 0.0, -1, 1e12, truth * 3, truth * 1e9, "x"):

            def function(answer: Any = wrong, **_: Any) -> Any:
                return answer

            function.__name__ = problem.name
            shown = repr(task.check(function)).split(": ", 1)[1]
            assert f"{truth:.3g}" not in shown.replace(repr(numbers), "")
    assert repr(task).startswith("Problem set 52")


def test_public_part_of_the_package_knows_no_reference() -> None:
    import qsm.course as package

    for path in Path(package.__file__).parent.glob("problem_set_*.py"):
        assert "_teacher" not in path.read_text()
    assert not list(Path(package.__file__).parent.rglob("*_teacher.py"))


# --- the command line ------------------------------------------------------------------------------------------------


def test_assign_and_grade_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster = tmp_path / "roster.txt"
    roster.write_bytes(b"\xef\xbb\xbfada\r\n\r\nbob\r\n")  # as Windows writes it
    assert main(["assign", "52", "--students", str(roster), "--salt", "s", "--output", str(tmp_path / "out")]) == 0
    made = capsys.readouterr().out.split()
    assert [Path(path).name for path in made] == ["52_ada.ipynb", "52_bob.ipynb"]
    assert len({Path(path).read_text() for path in made}) == 2
    command = ["grade", made[0], "--teacher", str(TEACHER), "--salt", "s", "--output", str(tmp_path / "grades")]
    assert main(command) == 0
    shown = capsys.readouterr().out
    assert "ada" in shown
    assert "--secret" in shown
    assert json.loads((tmp_path / "grades" / "52_ada.json").read_text())["score"] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assign", "99", "--students", "{roster}", "--salt", "s"], "problem_set: no problem set '99'"),
        (
            ["assign", "52", "--students", "{twice}", "--salt", "s", "--output", "{out}"],
            "assign: student 'ada' comes twice",
        ),
        (
            ["assign", "52", "--students", "{evil}", "--salt", "s", "--output", "{out}"],
            "assign: a student's name must be",
        ),
        (["grade", "{one}", "--teacher", "none.py", "--salt", "s"], "grade: no teacher's file none.py"),
        (["grade", "{one}", "--teacher", "{evil}", "--salt", "s"], "grade: the teacher's file "),
        (
            ["grade", "{one}", "none/52_eve.ipynb", "--teacher", "{teacher}", "--salt", "s"],
            "grade: no such file: none/52",
        ),
        (["grade", "{one}", "{formula}", "--teacher", "{teacher}", "--salt", "s"], "grade: a student's name must be"),
        (["grade", "{one}", "{latin}", "--teacher", "{teacher}", "--salt", "s"], "grade: a student's name must be"),
        (["grade", "{one}", "{again}", "--teacher", "{teacher}", "--salt", "s"], "grade: two files named 52_ada.ipynb"),
        (["grade", "{one}", "--teacher", "{teacher}", "--salt", "s", "--seconds", "-1"], "grade: seconds must be"),
        (["grade", "{one}", "--teacher", "{teacher}", "--salt", "s", "--seconds", "nan"], "grade: seconds must be"),
        (
            ["grade", "{one}", "--teacher", "{teacher}", "--salt", "s", "--secret", ""],
            "grade: secret must not be empty",
        ),
        (["grade", "{one}", "--teacher", "{teacher}", "--salt", ""], "grade: salt must not be empty"),
        (["assign", "52", "--students", "{roster}", "--salt", "", "--output", "{out}"], "assignment: salt must not be"),
        (["assign", "52", "--students", "{nobody}", "--salt", "s"], "assign: no students"),
        (["assign", "52", "--students", "{binary}", "--salt", "s"], "assign: {binary} is not a text file"),
        (
            ["grade", "{one}", "{named}", "--teacher", "{teacher}", "--salt", "s"],
            "grade: cannot tell the student from ada.ipynb",
        ),
    ],
)
def test_refusals(arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {"roster": "ada", "twice": "ada\nada", "evil": "../ada", "nobody": "\n \n", "binary": "\udfff"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, errors="surrogatepass")
    places = {name: str(tmp_path / name) for name in (*files, "out")} | {"teacher": str(TEACHER)}
    places["named"] = str(tmp_path / "ada.ipynb")
    Path(places["named"]).write_text("{}")
    for name, odd in (("formula", "=1+1"), ("latin", "J\udcf6rg")):  # a table would compute it, or not take it
        places[name] = str(tmp_path / f"52_{odd}.ipynb")
        Path(places[name]).write_text("{}")
    for name in ("one", "again"):
        (tmp_path / f"{name}-folder").mkdir()
        places[name] = str(tmp_path / f"{name}-folder" / "52_ada.ipynb")
        Path(places[name]).write_text("{}")
    extra = ["--output", str(tmp_path / "o")] if arguments[0] == "grade" else []
    assert main([argument.format(**places) for argument in arguments] + extra) == 2
    assert capsys.readouterr().err.startswith(f"qsm: {message.format(**places)}")
    assert not (tmp_path / "o").exists(), "refused before any work"
    assert not (tmp_path / "out").exists(), "refused before any work"


def test_the_teachers_file_must_answer_everything(tmp_path: Path) -> None:
    (tmp_path / "t.py").write_text("def tail(arrival_rate, service_rate):\n    return 1")
    with pytest.raises(ValueError, match="has no function spread, pool, network"):
        course.grade(tmp_path / "52_ada.ipynb", tmp_path / "t.py", salt=SALT, secret=SECRET)


# --- other graders ---------------------------------------------------------------------------------------------------


def test_hidden_test_and_public_test_raise_what_is_wrong() -> None:
    task = course.assignment("52", "ada", SALT)
    course.hidden_test(KNOWN["tail"], TEACHER, task, secret=SECRET)
    task.require(KNOWN["tail"])

    def tail(arrival_rate: float, service_rate: float) -> float:
        return 1 / (service_rate - arrival_rate)

    with pytest.raises(AssertionError, match="That is the mean time in the system"):
        course.hidden_test(tail, TEACHER, task, secret=SECRET)
    with pytest.raises(AssertionError, match="That is the mean time in the system"):
        task.require(tail)


@pytest.mark.parametrize("content", SETS)
@pytest.mark.parametrize("form", ["otter", "nbgrader"])
def test_sources_for_other_graders(form: str, content: str, tmp_path: Path) -> None:
    teacher = SETS[content]
    command = ["assign", content, "--form", form, "--teacher", str(teacher), "--salt", SALT, "--output", str(tmp_path)]
    assert main([*command, "--secret", "very-secret"]) == 0
    cells = json.loads((tmp_path / f"problem_set_{content}.ipynb").read_text())["cells"]
    assert (tmp_path / teacher.name).exists() == (form == "otter"), "nbgrader releases what lies beside its notebook"
    assert sum("very-secret" in "".join(cell["source"]) for cell in cells) == 8
    if form == "nbgrader":
        assert sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in cells) == MOST
    assert main(command) == 2, "without a secret"


def secrets_of(content: str) -> tuple[str, ...]:
    """What must not be in the students' notebook: the secret, the tests, and the longest line of every answer."""
    codes = [inspect.getsource(reference) for reference in references(SETS[content]).values()]
    lines = [max(code.split("\n")[1:], key=len).strip() for code in codes]
    return ("very-secret", "hidden_test", "_teacher", *lines)


@pytest.mark.slow
@pytest.mark.parametrize("content", SETS)
def test_otter_gives_the_same_marks(content: str, tmp_path: Path) -> None:
    """The empty notebook that `otter assign` makes gets nothing, the solved one everything; no answer is left in it."""
    pytest.importorskip("otter")
    source, dist = tmp_path / "source", tmp_path / "dist"
    name, teacher = f"problem_set_{content}.ipynb", SETS[content]
    common = ["--teacher", str(teacher), "--salt", SALT, "--secret", "very-secret", "--output", str(source)]
    assert main(["assign", content, "--form", "otter", *common]) == 0
    otter = [sys.executable, "-m", "otter"]
    subprocess.run([*otter, "assign", str(source / name), str(dist)], check=True, cwd=source)
    student = (dist / "student" / name).read_text()
    assert not any(word in student for word in secrets_of(content))
    assert not (dist / "student" / teacher.name).exists()
    (archive,) = (dist / "autograder").glob("*.zip")
    for kind, points in (("student", 0), ("autograder", MOST)):
        out = tmp_path / kind
        out.mkdir()
        run = [*otter, "run", str(dist / kind / name), "-a", str(archive), "-o", str(out)]
        subprocess.run(run, check=True, cwd=out)
        results = json.loads((out / "results.json").read_text())
        assert sum(test.get("score") or 0 for test in results["tests"]) == points


@pytest.mark.slow
@pytest.mark.parametrize("content", SETS)
def test_nbgrader_gives_the_same_marks(content: str, tmp_path: Path) -> None:
    """As for otter-grader, by `nbgrader generate_assignment` and `autograde`."""
    pytest.importorskip("nbgrader")
    source = tmp_path / "source" / "ps"
    name = f"problem_set_{content}.ipynb"
    common = ["--teacher", str(SETS[content]), "--salt", SALT, "--secret", "very-secret", "--output", str(source)]
    assert main(["assign", content, "--form", "nbgrader", *common]) == 0

    def nbgrader(*command: str) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic by name
        command_line = [sys.executable, "-m", "nbgrader", *command]
        subprocess.run(command_line, check=True, cwd=tmp_path, env={**os.environ, "PATH": path})

    nbgrader("generate_assignment", "ps")
    released = tmp_path / "release" / "ps" / name
    assert not any(word in released.read_text() for word in secrets_of(content))
    assert [path.name for path in released.parent.iterdir()] == [released.name]
    for student, path in (("blank", released), ("right", source / name)):
        folder = tmp_path / "submitted" / student / "ps"
        folder.mkdir(parents=True)
        (folder / path.name).write_text(path.read_text())
    nbgrader("autograde", "ps")
    nbgrader("export")
    with (tmp_path / "grades.csv").open() as file:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)} == {"blank": 0, "right": MOST}
