"""Figures that everybody can read: a drawing with a title, a description in words, and its numbers as a table."""

from qsm._table import Table
from qsm.plots._charts import bars, curves, rate, survival
from qsm.plots._figure import Figure
from qsm.plots._live import Frame, Number, Scene, Text, controls
from qsm.plots._motion import Animation

__all__ = [
    "Animation",
    "Figure",
    "Frame",
    "Number",
    "Scene",
    "Table",
    "Text",
    "bars",
    "controls",
    "curves",
    "rate",
    "survival",
]
