# Made by scripts/apigen.py from the headers; change those instead.
# ruff: noqa
from typing import Any, final, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qsm._core import Model

@overload
def kolmogorov_p_value(statistic: float, samples: float) -> float: ...
@overload
def kolmogorov_p_value(statistic: ArrayLike, samples: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Probability that a sample of n from a given continuous law lies further from it than d.

    Kolmogorov's limit with Vrbik's correction for finite n; absolute error below 0.002 from n = 10 on.

    Parameters
    ----------
    statistic
        d [1], in [0, 1]
    samples
        n [1], integer >= 1

    Returns
    -------
    probability [1]

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Vrbik 2018, Small-sample corrections to Kolmogorov-Smirnov test statistic
    """

@overload
def normal_quantile(probability: float) -> float: ...
@overload
def normal_quantile(probability: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Quantile of the standard normal distribution.

    Parameters
    ----------
    probability
        p [1], in [0, 1]

    Returns
    -------
    z with Φ(z) = p [1]; infinite at both ends

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Abramowitz and Stegun 1964, 26.2.2
    """

@overload
def student_quantile(probability: float, degrees: float) -> float: ...
@overload
def student_quantile(probability: ArrayLike, degrees: ArrayLike, *, out: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Quantile of Student's t distribution.

    Parameters
    ----------
    probability
        p [1], in [0, 1]
    degrees
        ν, degrees of freedom [1], > 0; infinity gives the normal distribution

    Returns
    -------
    t with P(T <= t) = p [1]; infinite at both ends

    Raises
    ------
    ValueError
        An argument is out of its range; names it, its value and, in arrays, its index.

    Source
    ------
    Student 1908, The probable error of a mean; Abramowitz and Stegun 1964, 26.7
    """
