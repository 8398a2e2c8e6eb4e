"""The ground: random streams, probability laws as values, estimates."""

from __future__ import annotations

import ast

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

__all__ = [
    "Distribution",
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


def distribution_from_text(text: str) -> Distribution:
    """The law that a text such as `exponential(rate=2)` describes; the text is read, not executed.

    It is what the `repr` of most laws gives, and what names a law on the command line.

    Raises
    ------
    ValueError
        The text is no call of a law of this module with numbers as arguments.
    """
    try:
        call = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        call = None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in __all__:
        raise ValueError(f"distribution_from_text: expected a law such as 'exponential(rate=2)', got {text!r}")
    try:
        positional = [ast.literal_eval(argument) for argument in call.args]
        named = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in call.keywords}
    except ValueError as error:
        raise ValueError(f"distribution_from_text: arguments must be numbers, got {text!r}") from error
    law = globals()[call.func.id](*positional, **named)
    if not isinstance(law, Distribution):
        raise ValueError(f"distribution_from_text: {call.func.id} is no law")
    return law
