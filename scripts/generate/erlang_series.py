"""Writes include/qsm/queueing/detail/erlang_series.hpp: the constants of the uniform expansion of Erlang's formula.

Two tables, computed with 60 digits from their definitions:

- d[k][n], the Taylor coefficients of the functions C_k(eta) in Temme's uniform expansion of the incomplete gamma
  function (N. M. Temme 1979; NIST DLMF 8.12.3, 8.12.7-8.12.12), as many as matter for c >= 100 and |eta| <= 0.48;
- the Chebyshev expansion, turned into powers, of (1 + 2 y) erfcx(y) in t = (y - 3.75) / (y + 3.75), 0 <= y
  (M. M. Shepherd, J. G. Laframboise 1981).

Usage: python scripts/generate/erlang_series.py > include/qsm/queueing/detail/erlang_series.hpp
"""

from mpmath import bernoulli, chebyt, cos, erfc, exp, mp, mpf, nstr, pi, taylor

mp.dps = 60
LENGTHS = [22, 18, 15, 12, 8, 5]
ERFCX_TERMS = 30


def temme_coefficients() -> list[list[mpf]]:
    size = max(LENGTHS) + 2 * len(LENGTHS) + 2
    alpha = [mpf(0), mpf(1)]
    for n in range(2, size + 3):
        alpha.append((alpha[n - 1] - sum(j * alpha[j] * alpha[n - j + 1] for j in range(2, n))) / (n + 1))
    # Stirling series of the scaled gamma function, from the exponential of its logarithm.
    logarithm = [mpf(0)] + [bernoulli(m + 1) / (m * (m + 1)) if m % 2 else mpf(0) for m in range(1, len(LENGTHS) + 1)]
    stirling = [mpf(1)]
    for n in range(1, len(LENGTHS) + 1):
        stirling.append(sum(j * logarithm[j] * stirling[n - j] for j in range(1, n + 1)) / n)
    rows = [[mpf(-1) / 3] + [(n + 2) * alpha[n + 2] for n in range(1, size)]]
    for k in range(1, len(LENGTHS)):
        last = rows[-1]
        rows.append([(-1) ** k * stirling[k] * rows[0][n] + (n + 2) * last[n + 2] for n in range(len(last) - 2)])
    return [row[:length] for row, length in zip(rows, LENGTHS, strict=True)]


def erfcx_coefficients() -> list[mpf]:
    nodes = 200

    def function(t: mpf) -> mpf:
        y = mpf("3.75") * (1 + t) / (1 - t)
        if y > 100:  # asymptotic series, exact to 60 digits there once y is large
            terms, term = mpf(0), mpf(1)
            for k in range(1, 40):
                terms += term
                term *= -(2 * k - 1) / (2 * y * y)
            return (1 + 2 * y) * terms / (y * mp.sqrt(pi))
        return (1 + 2 * y) * exp(y * y) * erfc(y)

    angles = [pi * (j + mpf(1) / 2) / nodes for j in range(nodes)]
    values = [function(cos(angle)) for angle in angles]
    chebyshev = [
        2 / mpf(nodes) * sum(v * cos(k * angle) for v, angle in zip(values, angles, strict=True))
        for k in range(ERFCX_TERMS)
    ]
    chebyshev[0] /= 2
    powers = [mpf(0)] * ERFCX_TERMS
    for k, weight in enumerate(chebyshev):
        for n, c in enumerate(taylor(lambda t, k=k: chebyt(k, t), 0, k)):
            powers[n] += weight * c
    return powers


def table(name: str, comment: str, values: list[mpf]) -> str:
    numbers = [nstr(v, 20) for v in values]
    lines, line = [], "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 118:
            lines.append(line)
            line = "   "
        line += f" {number},"
    lines.append(line)
    return f"/// {comment}\ninline constexpr double {name}[] = {{\n" + "\n".join(lines) + "\n};\n"


def main() -> None:
    print("#pragma once")
    print("// Made by scripts/generate/erlang_series.py; change that instead.\n// clang-format off\n")
    print("namespace qsm::inline v0::queueing::detail {\n")
    for k, row in enumerate(temme_coefficients()):
        print(table(f"temme_{k}", f"C_{k}(η) of Temme's expansion, powers of η.", row))
    print(
        table(
            "erfcx_powers", "(1 + 2y) exp(y²) erfc(y) in powers of t = (y - 3.75) / (y + 3.75).", erfcx_coefficients()
        )
    )
    print("}  // namespace qsm::inline v0::queueing::detail")


if __name__ == "__main__":
    main()
