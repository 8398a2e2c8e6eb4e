"""Episodes, notebooks whose blocks (self-checks, bets, missions, proofs) one library shows and checks; problem sets."""

from qsm.course._assign import assign, source, student_notebook
from qsm.course._blocks import Bet, Block, Check, Claim, Content, Mission, Verdict
from qsm.course._episode import Episode, Proof, ProofError, start
from qsm.course._grade import Grade, Item, grade, grade_all, hidden_test
from qsm.course._problems import Assignment, Misconception, Problem, ProblemSet, assignment, problem_set
from qsm.course._run import EpisodeError, Report, episodes, run

__all__ = [
    "Assignment",
    "Bet",
    "Block",
    "Check",
    "Claim",
    "Content",
    "Episode",
    "EpisodeError",
    "Grade",
    "Item",
    "Misconception",
    "Mission",
    "Problem",
    "ProblemSet",
    "Proof",
    "ProofError",
    "Report",
    "Verdict",
    "assign",
    "assignment",
    "episodes",
    "grade",
    "grade_all",
    "hidden_test",
    "problem_set",
    "run",
    "source",
    "start",
    "student_notebook",
]
