"""Episodes: notebooks whose blocks (self-checks, bets, missions, proofs) one library shows and checks."""

from qsm.course._blocks import Bet, Block, Check, Claim, Content, Mission, Verdict
from qsm.course._episode import Episode, Proof, ProofError, start
from qsm.course._run import EpisodeError, Report, episodes, run

__all__ = [
    "Bet",
    "Block",
    "Check",
    "Claim",
    "Content",
    "Episode",
    "EpisodeError",
    "Mission",
    "Proof",
    "ProofError",
    "Report",
    "Verdict",
    "episodes",
    "run",
    "start",
]
