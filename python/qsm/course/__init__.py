"""Episodes, notebooks whose blocks (self-checks, bets, missions, proofs) one library shows and checks; problem sets."""

from qsm.course._assign import assign, source, student_notebook
from qsm.course._blocks import (
    LEVELS,
    PARTS,
    VERDICTS,
    Bet,
    Block,
    Check,
    Claim,
    Content,
    Idea,
    Mission,
    Part,
    Published,
    Track,
    Verdict,
)
from qsm.course._episode import Episode, Proof, ProofError, commitment, start
from qsm.course._grade import Grade, Item, grade, grade_all, hidden_test
from qsm.course._ledger import Entry, Ledger
from qsm.course._parts import parts, primer, primers
from qsm.course._problems import Assignment, Misconception, Problem, ProblemSet, assignment, problem_set
from qsm.course._report import read_report
from qsm.course._run import EpisodeError, Report, episodes, run

__all__ = [
    "LEVELS",
    "PARTS",
    "VERDICTS",
    "Assignment",
    "Bet",
    "Block",
    "Check",
    "Claim",
    "Content",
    "Entry",
    "Episode",
    "EpisodeError",
    "Grade",
    "Idea",
    "Item",
    "Ledger",
    "Misconception",
    "Mission",
    "Part",
    "Problem",
    "ProblemSet",
    "Proof",
    "ProofError",
    "Published",
    "Report",
    "Track",
    "Verdict",
    "assign",
    "assignment",
    "commitment",
    "episodes",
    "grade",
    "grade_all",
    "hidden_test",
    "parts",
    "primer",
    "primers",
    "problem_set",
    "read_report",
    "run",
    "source",
    "start",
    "student_notebook",
]
