"""Golden rows of PH/PH/c, MAP/PH/c, MAP/MAP/1, QBD processes and fluid queues, in 40 digits, by other ways than the
library's: spectral expansion of M/PH/c, block elimination of a chain cut off where nothing is left for the others, and
distributions of times by counting service events in uniformised steps. Published numbers must agree in every digit.

Cells that hold matrices: numbers separated by blanks, rows by semicolons.

Run: python scripts/golden/matrix_analytic.py tests/golden/queueing
"""

import itertools
import sys
from pathlib import Path

from mpmath import exp, eye, inverse, lu_solve, matrix, mp, mpf, nstr, sqrt, zeros

mp.dps = 40
HEADER = """\
# mpmath with 40 digits, scripts/golden/matrix_analytic.py; inputs are exact doubles.
# Cells with matrices: numbers separated by blanks, rows by semicolons. Relative error <= 1e-11.
"""


def mat(rows):
    return matrix([[mpf(x) for x in row] for row in rows])


def kron(a, b):
    out = zeros(a.rows * b.rows, a.cols * b.cols)
    for i, j in itertools.product(range(a.rows), range(a.cols)):
        if a[i, j]:
            for k, m in itertools.product(range(b.rows), range(b.cols)):
                out[i * b.rows + k, j * b.cols + m] = a[i, j] * b[k, m]
    return out


def total(row):
    return sum(row[i] for i in range(len(row)))


def stationary(q):
    a = q.T
    b = zeros(q.rows, 1)
    for k in range(q.rows):
        a[0, k] = 1
    b[0] = 1
    return lu_solve(a, b).T


class Phases:
    """Spread of n customers over the phases of a service."""

    def __init__(self, initial, generator):
        self.initial, self.t = [mpf(x) for x in initial], mat(generator)
        self.k = len(self.initial)
        self.exit = [-sum(self.t[i, j] for j in range(self.k)) for i in range(self.k)]

    def states(self, n):
        return [s for s in itertools.product(range(n + 1), repeat=self.k) if sum(s) == n]

    def move(self, state, away, to):
        new = list(state)
        if away is not None:
            new[away] -= 1
        if to is not None:
            new[to] += 1
        return tuple(new)

    def blocks(self, n):
        """Within level n, down to n - 1, up to n + 1 (a start)."""
        here, below, above = self.states(n), self.states(n - 1) if n else [], self.states(n + 1)
        within, down, up = zeros(len(here)), zeros(len(here), max(1, len(below))), zeros(len(here), len(above))
        for a, s in enumerate(here):
            for i in range(self.k):
                up[a, above.index(self.move(s, None, i))] += self.initial[i]
                if s[i] == 0:
                    continue
                within[a, a] += s[i] * self.t[i, i]
                down[a, below.index(self.move(s, i, None))] += s[i] * self.exit[i]
                for j in range(self.k):
                    if j != i and self.t[i, j]:
                        within[a, here.index(self.move(s, i, j))] += s[i] * self.t[i, j]
        return within, down, up


def levels_of(d0, d1, service, c):
    one = eye(d0.rows)
    within, down, up = [], [], []
    for n in range(c + 1):
        w, d, u = service.blocks(n)
        within.append(kron(d0, eye(w.rows)) + kron(one, w))
        down.append(kron(one, d))
        up.append(kron(d1, u))
    w, d, _ = service.blocks(c)
    again = d * service.blocks(c - 1)[2]
    return within, down, up[:c], kron(one, again), kron(d1, eye(w.rows)), w, again


def by_elimination(within, down, up, backward, forward, most):
    """Row vectors of the levels of a chain that goes no higher than level `most`."""
    c = len(within) - 1
    local = within[c]
    ratios = [None] * (most + 1)
    seen = local + forward_closed(forward)
    for n in range(most, 0, -1):
        f = forward if n - 1 >= c else up[n - 1]
        b = backward if n > c else down[n]
        ratios[n] = f * inverse(-seen)
        seen = (local if n - 1 >= c else within[n - 1]) + ratios[n] * b
    rows = [stationary(seen)]
    for n in range(1, most + 1):
        rows.append(rows[-1] * ratios[n])
    whole = sum(total(row) for row in rows)
    return [row / whole for row in rows]


def forward_closed(forward):
    return mp.diag([sum(forward[i, j] for j in range(forward.cols)) for i in range(forward.rows)])


def wait_survival(rows, d1, rate, c, w, again, time):
    """P(W > t): an arrival that finds c + k customers waits for k + 1 ends of service."""
    m = w.rows
    fastest = max(-w[i, i] for i in range(m)) * mpf("1.01")
    stay, event = eye(m) + w / fastest, again / fastest
    weights = []
    for row in rows[c:]:
        arrived = row * kron(d1, eye(m)) / rate
        weights.append(matrix([[sum(arrived[a * m + k] for a in range(d1.rows)) for k in range(m)]]))
    # column[k]: P(at most k events in j steps), over the phases
    size = len(weights)
    columns = [matrix([1] * m) for _ in range(size)]
    load = fastest * mpf(time)
    poisson, answer, j = exp(-load), mpf(0), 0
    while True:
        answer += poisson * sum((weights[k] * columns[k])[0] for k in range(size))
        j += 1
        poisson *= load / j
        if j > load and poisson < mpf("1e-45"):
            return answer
        columns = [stay * columns[k] + (event * columns[k - 1] if k else zeros(m, 1)) for k in range(size)]


def poisson_ph(rate, service, c):
    """Mean wait of M/PH/c by spectral expansion."""
    within, down, up, backward, _, _, _ = levels_of(mat([[-rate]]), mat([[rate]]), service, c)
    m = backward.rows
    local = within[c]
    # π_n = Σ a ψ zⁿ, ψ (F + z L + z² B) = 0; with w = 1/z a companion matrix.
    big = zeros(2 * m)
    for i in range(m):
        big[i, m + i] = 1
        for j in range(m):
            big[m + i, j] = -backward[j, i] / mpf(rate)
            big[m + i, m + j] = -local[j, i] / mpf(rate)
    values, vectors = mp.eig(big)
    pairs = []
    for k, value in enumerate(values):
        if abs(value) > 1 + mpf("1e-20"):
            vector = matrix([vectors[i, k] for i in range(m)])
            pairs.append((1 / value, vector / max(abs(x) for x in vector)))
    assert len(pairs) == m
    sizes = [w.rows for w in within]
    offset = [sum(sizes[:n]) for n in range(c + 1)]
    unknowns = offset[c] + m
    a, b = zeros(unknowns), zeros(unknowns, 1)
    for n in range(c + 1):  # balance of level n; levels c, c + 1 by the expansion
        for j in range(sizes[n]):
            equation = offset[n] + j
            for source, block in ((n - 1, up[n - 1] if n else None), (n, within[n]),
                                  (n + 1, down[n + 1] if n < c else backward)):  # fmt: skip
                if block is None:
                    continue
                for i in range(block.rows):
                    if source < c:
                        a[equation, offset[source] + i] += block[i, j]
                    else:
                        for k, (z, vector) in enumerate(pairs):
                            a[equation, offset[c] + k] += block[i, j] * vector[i] * z ** (source - c)
    for k in range(unknowns):
        a[0, k] = 1
    for k, (z, vector) in enumerate(pairs):
        a[0, offset[c] + k] = sum(vector) / (1 - z)
    b[0] = 1
    x = lu_solve(a, b)
    queue = sum(x[offset[c] + k] * sum(v) * z / (1 - z) ** 2 for k, (z, v) in enumerate(pairs))
    waiting = sum(x[offset[c] + k] * sum(v) / (1 - z) for k, (z, v) in enumerate(pairs))
    assert abs(queue.imag) < mpf("1e-25")
    return queue.real / mpf(rate), waiting.real


def text(x):
    return nstr(x, 25, strip_zeros=False) if isinstance(x, mpf) else repr(float(x))


def cells(rows):
    return ";".join(" ".join(text(float(x)) for x in row) for row in rows)


def agree(value, printed, digits=0):
    digits = digits or len(printed.replace(".", "").lstrip("0"))
    assert abs(value / mpf(printed) - 1) < mpf(10) ** (1 - digits), (nstr(value, 20), printed)


TABLE = """
2 .5 .255639097744 .471778269264 .737889394142
2 .7 .728620215339 1.40064158594 2.26103699754
2 .8 1.34239130435 2.6212517096 4.28537766319
2 .9 3.2073389591 6.34532374101 10.4842019588
2 .95 6.95269381945 13.8335167317 22.9613077317
5 .5 .0415113860191 .0675197143321 .0950157422149
5 .7 .194653845677 .349682475573 .534890955929
5 .8 .423226072542 .79255083052 1.25415140466
5 .9 1.15330878236 2.23831086023 3.64440929707
5 .95 2.64391306467 5.2125352775 8.59204097642
10 .5 .00595952993375 .00868091270663 .0110353979143
10 .7 .0582324512476 .0976910255298 .140787594993
10 .8 .158121716451 .28339404252 .432368587581
10 .9 .508451690109 .966844866648 1.54895500783
10 .95 1.24647051763 2.43361806197 3.98134536207
"""


def ph_c_rows():
    def balanced(scv):
        p = float((1 + sqrt(mpf(scv - 1) / (scv + 1))) / 2)
        return [p, 1 - p], [[-2 * p, 0], [0, -2 * (1 - p)]]

    laws = {"M/E2/c": ([1, 0], [[-2, 2], [0, -2]]), "M/H2/c c²=2": balanced(2), "M/H2/c c²=4": balanced(4)}
    rows = []
    for line in TABLE.split("\n"):
        if not line:
            continue
        c, load, *printed = line.split()
        for (name, (initial, generator)), value in zip(laws.items(), printed, strict=True):
            rate = float(load) * int(c)
            wait, waiting = poisson_ph(rate, Phases(initial, generator), int(c))
            agree(wait, value)
            rows.append([cells([[-rate]]), cells([[rate]]), cells([initial]), cells(generator), text(float(c)), text(wait),
                         text(waiting), "0.0", text(waiting), name])  # fmt: skip
    erlang3 = ([1, 0, 0], [[-6, 6, 0], [0, -6, 6], [0, 0, -6]])
    mixed = ([0.3, 0.7], [[-1, 0.5], [0.25, -2]])
    bursts = [[-3, 0.5], [0.25, -0.75]], [[2.5, 0], [0.125, 0.375]]
    renewal = [[-4, 4], [0, -4]], [[0, 0], [4, 0]]  # Erlang-2, twice per second
    for (d0, d1), (initial, generator), c, time, levels, name in [
        (bursts, erlang3, 1, 2.0, 400, "MAP/E3/1"),
        (bursts, erlang3, 2, 0.5, 150, "MAP/E3/2"),
        (bursts, mixed, 3, 1.5, 250, "MAP/PH/3"),
        (renewal, erlang3, 2, 0.75, 80, "E2/E3/2"),
        (renewal, mixed, 4, 0.25, 150, "E2/PH/4"),
    ]:  # fmt: skip
        service = Phases(initial, generator)
        d0m, d1m = mat(d0), mat(d1)
        rate = total(stationary(d0m + d1m) * d1m)
        within, down, up, backward, forward, w, again = levels_of(d0m, d1m, service, c)
        found = by_elimination(within, down, up, backward, forward, levels)
        assert total(found[-1]) < mpf("1e-16"), (name, nstr(total(found[-1]), 5))
        wait = sum((n - c) * total(row) for n, row in enumerate(found) if n > c) / rate
        waiting = sum(total(row * kron(d1m, eye(w.rows))) for row in found[c:]) / rate
        rows.append([cells(d0), cells(d1), cells([initial]), cells(generator), text(float(c)), text(wait), text(waiting),
                     text(time), text(wait_survival(found, d1m, rate, c, w, again, time)), name])  # fmt: skip
        print(name, nstr(total(found[-1]), 5), nstr(wait, 15), file=sys.stderr)
    return rows


def other_rows():
    rows = []
    # BuTools' MAPMAP1.
    d0, d1 = mat([[-8, 1, 2], [0, -6, 4], [3, 0, -3]]), mat([[4, 1, 0], [0, 2, 0], [0, 0, 0]])
    s0, s1 = mat([[-10, 4], [0, -7]]), mat([[5, 1], [4, 3]])
    one, same = eye(3), eye(2)
    within = [kron(d0, same), kron(d0, same) + kron(one, s0)]
    backward, forward = kron(one, s1), kron(d1, same)
    found = by_elimination(within, [None, backward], [forward], backward, forward, 120)
    rate = total(stationary(d0 + d1) * d1)
    number = sum(n * total(row) for n, row in enumerate(found))
    # T > t: at most n events of the services in t, n customers in front
    survival = wait_survival(found, d1, rate, 0, s0, s1, 0.5)
    for name, value, printed in [
        ("probability 0", total(found[0]), ".6769690927218346"),
        ("probability 1", total(found[1]), ".18890601544446484"),
        ("probability 2", total(found[2]), ".07950988455548241"),
        ("probability 3", total(found[3]), ".032562815367099616"),
        ("mean_number", number, ".5486395318641362"),
        ("mean_sojourn", number / rate, ".25907977893584216"),
        ("sojourn_cdf 0.5", 1 - survival, ".8565469353128969"),
    ]:
        agree(value, printed, 14)
        rows.append(["map_map_1", name, text(value), "BuTools: MAPMAP1"])
    # BuTools' QBDQueue.
    b, f = mat([[6, 1, 0], [0, 4, 1], [2, 0, 0]]), mat([[0, 1, 1], [5, 0, 0], [1, 3, 0]])
    local = mat([[-14, 3, 2], [0, -14, 4], [3, 1, -10]])
    found = by_elimination([local + b, local], [None, b], [f], b, f, 300)
    number = sum(n * total(row) for n, row in enumerate(found))
    square = sum(n * n * total(row) for n, row in enumerate(found))
    rate = sum(total(row * f) for row in found)
    for name, value, printed in [
        ("probability 0", total(found[0]), ".29093602691449844"),
        ("mean", number, "2.460029520212033"),
        ("second moment", square, "14.60791905179449"),
        ("time", number / rate, ".702356254321406"),
    ]:
        agree(value, printed, 13)
        rows.append(["quasi_birth_death", name, text(value), "BuTools: QBDQueue"])
    # BuTools' FluidQueue, by its spectrum.
    q = mat([[-9, 2, 4, 0, 1, 2], [6, -25, 5, 3, 7, 4], [1, 3, -4, 0, 0, 0], [0, 0, 0, -8, 3, 5], [7, 3, 0, 2, -13, 1],
             [7, 8, 0, 3, 8, -26]])  # fmt: skip
    speeds = [-2, 0, 1, 0, -3, 1]
    moving, still = [0, 2, 4, 5], [1, 3]

    def part(a, b):
        return matrix([[q[i, j] for j in b] for i in a])

    wait = inverse(-part(still, still))
    seen = part(moving, moving) + part(moving, still) * wait * part(still, moving)
    r = mp.diag([mpf(speeds[i]) for i in moving])
    values, left = mp.eig(seen * inverse(r), left=True, right=False)
    stationary_row = stationary(seen)
    decays = [k for k, v in enumerate(values) if v.real < -mpf("1e-20")]
    up = [k for k, i in enumerate(moving) if speeds[i] > 0]
    assert len(decays) == len(up)
    # F(x) = π + Σ a φ e^{zx} with F(0) = 0 in rising phases; φ z R = φ Q, for F' R = F Q
    rows_left = []
    for k in decays:
        phi = matrix([[left[k, j] for j in range(4)]])
        rows_left.append((values[k], phi))
    a = matrix([[phi[u] for _, phi in rows_left] for u in up])
    x = lu_solve(a, matrix([-stationary_row[u] for u in up]))
    for z, phi in rows_left:
        assert max(abs(v) for v in (phi * seen - z * phi * r)) < mpf("1e-25")

    def whole(row):  # with the phases that stand still
        extra = row * part(moving, still) * wait
        return total(row) + total(extra)

    everything = whole(stationary_row)
    empty = (everything + sum(x[k] * whole(phi) for k, (_, phi) in enumerate(rows_left))) / everything
    mean = sum(x[k] * whole(phi) / z for k, (z, phi) in enumerate(rows_left)) / everything
    for name, value, printed in [
        ("probability_empty", empty.real, ".23662288834725298"),
        ("mean", mean.real, ".40636152724912705"),
    ]:
        agree(value, printed, 14)
        rows.append(["fluid_queue", name, text(value), "BuTools: FluidQueue"])
    return rows


def write(path, names, rows):
    lines = [",".join(row) for row in [names, *rows]]
    assert all(line.count(",") == len(names) - 1 for line in lines), path
    path.write_text(HEADER + "\n".join(lines) + "\n")


def main():
    folder = Path(sys.argv[1])
    write(folder / "matrix_analytic.csv", ["model", "quantity", "value", "source"], other_rows())
    write(folder / "ph_c.csv",
          ["hidden", "arriving", "initial", "generator", "servers", "mean_wait", "probability_wait", "time",
           "wait_survival", "source"], ph_c_rows())  # fmt: skip


if __name__ == "__main__":
    main()
