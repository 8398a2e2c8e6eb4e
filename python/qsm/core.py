"""The ground: random streams, probability laws as values, estimates."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from qsm._core import InvalidType
from qsm._core.core import (
    Distribution,
    Fit,
    Stream,
    bounded_pareto,
    check_distribution,
    coxian,
    deterministic,
    empirical,
    erlang,
    exponential,
    fit_best,
    fit_erlang,
    fit_exponential,
    fit_gamma,
    fit_hyperexponential,
    fit_lognormal,
    fit_moments,
    fit_pareto,
    fit_weibull,
    gamma,
    goodness_of_fit,
    hyperexponential,
    hyperexponential_balanced,
    kolmogorov_p_value,
    lognormal,
    lognormal_from,
    match_moments,
    mixture,
    normal,
    normal_quantile,
    pareto,
    phase_type,
    scaled,
    shifted,
    student_quantile,
    truncated,
    uniform,
    weibull,
)
from qsm._estimate import Estimate
from qsm._law import DistributionLike

__all__ = [
    "Distribution",
    "DistributionLike",
    "Estimate",
    "Fit",
    "Stream",
    "bounded_pareto",
    "check_distribution",
    "coxian",
    "deterministic",
    "distribution_from_text",
    "empirical",
    "erlang",
    "exponential",
    "fit_best",
    "fit_erlang",
    "fit_exponential",
    "fit_gamma",
    "fit_hyperexponential",
    "fit_lognormal",
    "fit_moments",
    "fit_pareto",
    "fit_weibull",
    "gamma",
    "goodness_of_fit",
    "hyperexponential",
    "hyperexponential_balanced",
    "kolmogorov_p_value",
    "lognormal",
    "lognormal_from",
    "match_moments",
    "mixture",
    "normal",
    "normal_quantile",
    "pareto",
    "phase_type",
    "scaled",
    "shifted",
    "student_quantile",
    "truncated",
    "uniform",
    "weibull",
]


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except ValueError:  # a null byte, before Python 3.11.4, or half a surrogate pair
        raise SyntaxError from None


def distribution_from_text(text: str) -> Distribution:
    """The law that a text such as `exponential(rate=2)` describes; the text is read, not executed.

    It is what the `repr` of a law gives, and what names a law on the command line.

    Raises
    ------
    ValueError
        The text is no call of a law of this module with numbers, lists of them and laws as arguments.
    """
    if not isinstance(text, str):
        raise InvalidType(f"distribution_from_text: text must be a string, got {text!r}")
    shown = repr(text if len(text) <= 200 else text[:200] + "...")
    try:
        call = _parsed(text.strip())
        if not isinstance(call, ast.Call):
            raise SyntaxError
        law = _argument(call)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError(f"distribution_from_text: expected a law such as 'exponential(rate=2)', got {shown}") from None
    except TypeError as error:
        raise ValueError(f"distribution_from_text: {error}, got {shown}") from None
    assert isinstance(law, Distribution)
    return law


_NUMBERS = {"inf": math.inf, "nan": math.nan}


def _argument(node: ast.expr) -> object:
    """What a part of a text stands for: a number, a list or a law."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, ast.Name) and node.id in _NUMBERS:
        return _NUMBERS[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _argument(node.operand)
        if isinstance(value, (int, float)):
            return -value
    if isinstance(node, (ast.List, ast.Tuple)):
        return [_argument(element) for element in node.elts]
    if not isinstance(node, ast.Call):
        raise TypeError("arguments must be numbers, lists of them or laws")
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in _LAWS:
        raise SyntaxError
    names = [keyword.arg for keyword in node.keywords]
    if None in names or len({*names}) < len(names):
        raise TypeError(f"{name} takes each argument once, by its name")
    values = [_argument(argument) for argument in node.args]
    named = {keyword.arg or "": _argument(keyword.value) for keyword in node.keywords}
    try:
        return _LAWS[name](*values, **named)
    except TypeError:
        raise TypeError(f"{name} does not take these arguments") from None


# Rooms with laws of their own add them.
_LAWS: dict[str, Callable[..., Distribution]] = {
    law.__name__: law
    for law in (
        bounded_pareto,
        coxian,
        deterministic,
        empirical,
        erlang,
        exponential,
        gamma,
        hyperexponential,
        hyperexponential_balanced,
        lognormal,
        lognormal_from,
        match_moments,
        mixture,
        normal,
        pareto,
        phase_type,
        scaled,
        shifted,
        truncated,
        uniform,
        weibull,
    )
}
