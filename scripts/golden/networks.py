"""Golden rows of queueing networks, in rational numbers and 50 digits, by other ways than the library's.

Closed networks: mean value analysis with marginal probabilities in exact fractions (where its cancellation does no
harm), and where the states are few the balance equations of the Markov chain itself. Mixed networks: the product form
summed term by term over open customers. Open ones: the formulas of M/M/c. Published cases are recomputed and must agree
with every digit that was printed.

Cells that hold matrices: numbers separated by blanks, rows by semicolons.

Run: python scripts/golden/networks.py tests/golden/queueing
"""

import itertools
import sys
from fractions import Fraction as F
from math import comb, factorial, inf
from pathlib import Path

from mpmath import lu_solve, matrix, mp, mpf, nstr

mp.dps = 50
HEADER = """\
# Exact fractions or mpmath with 50 digits, scripts/golden/networks.py; inputs are exact doubles.
# Cells with matrices: numbers separated by blanks, rows (one per station) by semicolons. Relative error <= 1e-12.
"""


def exact(x):
    return x if isinstance(x, F) or x == inf else F(x)


class Net:
    def __init__(self, service, population=None, think=None, arrival=None, servers=None, rates=None, visits=None):
        self.stations, self.classes = len(service), len(service[0])
        self.service = [[float(x) for x in row] for row in service]
        self.visits = [[float(x) for x in row] for row in visits] if visits else [[1.0] * self.classes] * self.stations
        zero = [0] * self.classes
        self.population, self.think, self.arrival = population or zero, think or zero, arrival or zero
        self.servers = servers or [1] * self.stations
        self.rates = rates or [[] for _ in range(self.stations)]
        self.demand = [[F(s) * F(v) for s, v in zip(*rows, strict=True)]
                       for rows in zip(self.service, self.visits, strict=True)]  # fmt: skip

    def speed(self, i, n):
        if self.rates[i]:
            return F(self.rates[i][min(n, len(self.rates[i])) - 1])
        return F(min(n, self.servers[i]))

    def delay(self, i):
        return not self.rates[i] and self.servers[i] == inf


def mva(net):
    """Throughputs and numbers of a closed network: the recursion with marginal probabilities, in fractions."""
    total = sum(net.population)
    old = {}
    for n in itertools.product(*(range(p + 1) for p in net.population)):
        if not any(n):
            old[n] = (None, [[F(0)] * net.classes for _ in range(net.stations)],
                      [[F(1)] + [F(0)] * total for _ in range(net.stations)])  # fmt: skip
            continue
        throughput, queue = [F(0)] * net.classes, [[F(0)] * net.classes for _ in range(net.stations)]
        before = {r: old[tuple(k - (s == r) for s, k in enumerate(n))] for r in range(net.classes) if n[r]}
        for r, (_, _, chances) in before.items():
            times = []
            for i in range(net.stations):
                d = net.demand[i][r]
                times.append(d if net.delay(i) else
                             d * sum(F(j + 1) / net.speed(i, j + 1) * chances[i][j] for j in range(sum(n))))  # fmt: skip
            throughput[r] = n[r] / (F(net.think[r]) + sum(times))
            for i in range(net.stations):
                queue[i][r] = throughput[r] * times[i]
        chances = [[F(0)] * (total + 1) for _ in range(net.stations)]
        for i in range(net.stations):
            if net.delay(i):
                continue
            for j in range(1, sum(n) + 1):
                chances[i][j] = sum(throughput[r] * net.demand[i][r] * before[r][2][i][j - 1]
                                    for r in before) / net.speed(i, j)  # fmt: skip
            chances[i][0] = 1 - sum(chances[i])
        old[n] = (throughput, queue, chances)
    throughput, queue, chances = old[tuple(net.population)]
    return throughput, queue, chances


def chain(net):
    """The same from the balance equations of the Markov chain with processor sharing; needs think times."""
    places = net.stations + 1  # the last one thinks
    spread = [[c for c in itertools.product(range(p + 1), repeat=places) if sum(c) == p] for p in net.population]
    states = list(itertools.product(*spread))
    index = {s: k for k, s in enumerate(states)}
    q = matrix(len(states), len(states))
    for s in states:
        for r in range(net.classes):
            visits = [F(net.visits[i][r]) for i in range(net.stations)] + [F(1)]
            for i in range(places):
                if s[r][i] == 0:
                    continue
                if i == net.stations:
                    rate = s[r][i] / F(net.think[r])
                else:
                    present = sum(c[i] for c in s)
                    rate = (
                        F(s[r][i], present)
                        * (F(present) if net.delay(i) else net.speed(i, present))
                        / F(net.service[i][r])
                    )
                for j in range(places):
                    to = list(s[r])
                    to[i] -= 1
                    to[j] += 1
                    target = index[tuple(tuple(to) if k == r else c for k, c in enumerate(s))]
                    flow = rate * visits[j] / sum(visits)
                    flow = mpf(flow.numerator) / flow.denominator
                    q[index[s], index[s]] -= flow
                    q[index[s], target] += flow
    a = q.T
    for k in range(len(states)):
        a[0, k] = 1
    b = matrix(len(states), 1)
    b[0] = 1
    p = lu_solve(a, b)
    number = [[sum(p[index[s]] * s[r][i] for s in states) for r in range(net.classes)] for i in range(net.stations)]
    throughput = [sum(p[index[s]] * s[r][-1] for s in states) / mpf(net.think[r]) for r in range(net.classes)]
    return throughput, number


def mixed(net, most=400):
    """The product form over closed and open customers, open ones in 50 digits up to `most` at each station."""
    open_load = [sum(F(net.arrival[r]) * net.demand[i][r] for r in range(net.classes)) for i in range(net.stations)]
    closed = [r for r in range(net.classes) if net.population[r]]

    def real(x):
        return mpf(x.numerator) / x.denominator

    def weights(i, v):
        """Σ over open customers u of the weight of (v, u), and the same times u."""
        total = sum(v)
        first, moment = mpf(0), mpf(0)
        shape = F(factorial(total))
        for k, r in enumerate(closed):
            shape *= net.demand[i][r] ** v[k] / factorial(v[k])
        if net.delay(i):
            return real(shape / factorial(total)), real(shape / factorial(total)) * real(open_load[i])
        speeds = mpf(1)
        for n in range(1, total + 1):
            speeds *= real(net.speed(i, n))
        a, power = real(open_load[i]), mpf(1)
        for u in range(most):
            term = comb(total + u, u) * power / speeds
            first += term
            moment += u * term
            power *= a
            speeds *= real(net.speed(i, total + u + 1))
        return first * real(shape), moment * real(shape)

    population = [net.population[r] for r in closed]
    cells = list(itertools.product(*(range(p + 1) for p in population)))
    tables = [{v: weights(i, v) for v in cells} for i in range(net.stations)]
    think = {}
    for v in cells:
        w = mpf(1)
        for k, r in enumerate(closed):
            w *= mpf(net.think[r]) ** v[k] / factorial(v[k])
        think[v] = w

    def convolve(a, b):
        out = {}
        for v in cells:
            out[v] = sum(a[w] * b[tuple(x - y for x, y in zip(v, w, strict=True))]
                         for w in itertools.product(*(range(x + 1) for x in v)))  # fmt: skip
        return out

    def total(tables):
        out = think
        for table in tables:
            out = convolve(out, table)
        return out

    plain = [{v: w[0] for v, w in table.items()} for table in tables]
    g = total(plain)
    top = tuple(population)
    throughput, number = [mpf(0)] * net.classes, [[mpf(0)] * net.classes for _ in range(net.stations)]
    for k, r in enumerate(closed):
        throughput[r] = g[tuple(n - (j == k) for j, n in enumerate(top))] / g[top]
    for i in range(net.stations):
        for k, r in enumerate(closed):
            counted = [({v: w * v[k] for v, w in p.items()} if j == i else p) for j, p in enumerate(plain)]
            number[i][r] = total(counted)[top] / g[top]
        if open_load[i]:
            counted = [({v: w[1] for v, w in tables[i].items()} if j == i else p) for j, p in enumerate(plain)]
            here = total(counted)[top] / g[top]
            for r in range(net.classes):
                number[i][r] += here * real(F(net.arrival[r]) * net.demand[i][r] / open_load[i])
    for r in range(net.classes):
        if net.arrival[r]:
            throughput[r] = mpf(net.arrival[r])
    return throughput, number


def text(value):
    if isinstance(value, F):
        value = mpf(value.numerator) / value.denominator
    if isinstance(value, mpf):
        return nstr(value, 25, strip_zeros=False) if value else "0"
    return "inf" if value == inf else repr(float(value))


def rows_text(rows):
    return ";".join(" ".join(text(x) for x in row) for row in rows)


def agree(value, printed):
    """Every digit that was printed."""
    value = mpf(value.numerator) / value.denominator if isinstance(value, F) else mpf(value)
    digits = len(printed.replace(".", "").lstrip("0"))
    assert abs(value / mpf(printed) - 1) < mpf(10) ** (1 - max(digits, 11 if digits < 5 else 0)), (
        nstr(value, 20),
        printed,
    )


def row(net, answer, source, throughput=(), number=(), response=(), sojourn=(), residence=(), utilization=()):
    x, q = answer[0], answer[1]

    def real(value):
        return mpf(value.numerator) / value.denominator if isinstance(value, F) else mpf(value)

    times = [real(sum(line[r] for line in q)) / real(x[r]) for r in range(net.classes)]
    visit_times = [[real(q[i][r]) / real(x[r]) / mpf(net.visits[i][r]) if net.visits[i][r] else mpf(0)
                    for r in range(net.classes)] for i in range(net.stations)]  # fmt: skip
    round_times = [[real(q[i][r]) / real(x[r]) for r in range(net.classes)] for i in range(net.stations)]

    def most(i):
        return F(net.rates[i][-1]) if net.rates[i] else 1 if net.servers[i] == inf else F(net.servers[i])

    busy = [[real(x[r]) * real(net.demand[i][r]) / real(most(i)) for r in range(net.classes)]
            for i in range(net.stations)]  # fmt: skip
    for mine, prints in ((visit_times, sojourn), (round_times, residence), (busy, utilization)):
        for values, printed in zip(mine, prints, strict=False):
            for value, p in zip(values, printed, strict=True):
                if p:
                    agree(value, p)
    for value, printed in zip(x, throughput, strict=False):
        agree(value, printed)
    for values, prints in zip(q, number, strict=False):
        for value, printed in zip(values, prints, strict=False):
            if printed:
                agree(value, printed)
    for r, printed in enumerate(response):
        agree(sum(line[r] for line in q) / x[r], printed)
    return [
        rows_text(net.service), rows_text(net.visits), " ".join(map(text, net.population)),
        " ".join(map(text, net.think)), " ".join(map(text, net.arrival)), " ".join(map(text, net.servers)),
        ";".join(" ".join(map(text, line)) for line in net.rates), " ".join(map(text, x)), rows_text(q),
        " ".join(map(text, times)), rows_text(visit_times), rows_text(round_times), rows_text(busy), source,
    ]  # fmt: skip


def network_rows():
    third, sixth = 1 / 3, 1 / 6
    two = [[1, 2], [3, 4]]
    rows = []

    def closed(net, source, **printed):
        rows.append(row(net, mva(net), source, **printed))

    def opened(net, source, **printed):
        rows.append(row(net, mixed(net), source, **printed))

    closed(Net([[0.605], [2.1], [1.35]], [3], [15]), "E. Lazowska and others 1984: p. 117", throughput=["0.151516492347"],
           number=[["0.0975660194"], ["0.3946565547"], ["0.2350300407"]], response=["4.79982478163"])  # fmt: skip
    closed(Net([[0.125], [0.3], [0.2]], [20], [4], visits=[[16], [10], [5]]), "R. Jain 1991",
           throughput=["0.333246512221"], number=[["1.990623285"], ["16.17665112"], ["0.4997395445"]],
           sojourn=[["0.3733391071"], ["4.854259693"], ["0.2999218453"]])  # fmt: skip
    closed(Net([[0.02], [0.2], [0.4], [0.6]], [6], visits=[[1], [0.4], [0.2], [0.1]]), "G. Bolch and others: ex. 8.3",
           throughput=["9.91983633715"],
           number=[["0.2436152589"], ["2.261037791"], ["2.261037791"], ["1.234309158"]])  # fmt: skip
    closed(Net([[1 / 0.8], [1 / 0.6], [1 / 0.4]], [3], servers=[2, 3, 1], visits=[[1], [0.667], [0.2]]),
           "G. Bolch and others: ex. 8.1", throughput=["0.9444189835"],
           number=[["1.28981029"], ["1.049879103"], ["0.6603106063"]])  # fmt: skip
    net = Net(two, [1, 1])
    closed(net, "E. Lazowska and others 1984: p. 142")
    assert mva(net)[0] == [F(3, 19), F(2, 19)]
    assert mva(net)[1] == [[F(4, 19), F(5, 19)], [F(15, 19), F(14, 19)]]
    service = [[0.01, 0.05], [0.09, 0.09], [0.1, 0.1], [0.08, 0.08]]
    closed(Net(service, [3, 2], visits=[[1, 1], [0.45, 0], [0.5, 0.5], [0, 0.49]]), "Octave queueing: qncmmva",
           throughput=["12.1517179654", "6.86697972416"],
           residence=[["0.0175435916", "0.0729734194"], ["0.0620453935", ""], ["0.167289687", "0.172416645"],
                    ["", "0.0458587933"]])  # fmt: skip
    cpu, disk = [0.01 * 10 / 9, 2], [0.035 * 10 / 36, 0.175]
    closed(Net([cpu, disk, disk, disk, disk], [40, 4], [5, 10]), "JMVA by way of Octave queueing",
           throughput=["7.89158817439", "0.277270367965"],
           sojourn=[["0.02436286595", "3.636154542"], ["0.01108133798", "0.19754943"]])  # fmt: skip
    closed(Net([[0.5, 0.4, 1.2], [0.04, 0.2, 0.05], [0.06, 0.3, 0.06]], [5, 10, 5], [20, 30, 0]),
           "A. Allen 1990: table 6.3.3", throughput=["0.209977208033", "0.297996644723", "0.646510298793"],
           response=["3.81210821325", "3.55742481365", "7.73382884902"])  # fmt: skip
    closed(Net([[1], [1.5]], [10], servers=[inf, 1], visits=[[1], [0.3]]), "LINE: repairmen",
           throughput=["2.2220273231034"], number=[[""], ["7.7779726768966"]],
           sojourn=[[""], ["11.66798235111"]], utilization=[[""], ["0.99991229539654"]])  # fmt: skip
    closed(Net([[1], [1.5]], [16], servers=[inf, 2]), "LINE: load-dependent example", throughput=["1.3333333333224"],
           number=[[""], ["14.666666666678"]])  # fmt: skip
    closed(Net([[1, 1]], [8, 1], [8, 0]), "K. Chandy and D. Neuse 1982", number=[["2.773384574"]])
    for demands, n, z, printed in [
        ("0.1 0.1 0.09 0.08", n, z, x)
        for z, table in ((0, "4.31738623104 6.71477153174 8.20617074198 9.16820439398 9.85300010904"),
                         (1, "1.43350423773 3.36360819552 5.87191421848 8.37503222682 9.827800279"))
        for n, x in zip((2, 5, 10, 20, 80), table.split(), strict=True)
    ]:  # fmt: skip
        closed(Net([[float(d)] for d in demands.split()], [n], [z]), "G. Casale and others 2008: table IV or V",
               throughput=[printed])  # fmt: skip
    for n in (50, 70, 90):  # where the recursion in doubles fails
        closed(Net([[4]], [n], [10], servers=[8]), "8 servers and few thinkers")
    closed(Net([[1.5], [0.2]], [40], [3], servers=[30, 1]), "almost a delay")
    closed(Net([[0.3, 0.7], [0.5, 0.2], [0.1, 0.4]], [7, 6], [2, 0], servers=[2, 3, 1]), "several servers, two classes")
    closed(
        Net([[0.3, 0.7, 0.2], [0.5, 0.2, 0.4]], [4, 3, 5], [2, 1, 3], servers=[4, 2]), "several servers, three classes"
    )
    closed(Net([[0.3, 0.7], [0.5, 0.2]], [5, 4], [2, 1], rates=[[1, 1.8, 2.4, 2.2], []]), "own rates, then slower")
    closed(Net([[0.3, 0.7], [0.5, 0.2]], [3, 8], rates=[[0.5, 1.5], [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6]]), "own rates")
    for net in (
        Net([[0.6, 0.9], [0.5, 0.2]], [2, 2], [2, 1], servers=[2, 1], visits=[[1, 2], [3, 0.5]]),
        Net([[0.6, 0.9], [0.5, 0.2]], [3, 2], [1, 2], rates=[[1, 1.5, 1.2], []]),
        Net([[0.6], [0.5], [0.7]], [4], [1.5], servers=[2, 3, inf], visits=[[1], [2], [0.3]]),
    ):
        by_chain, by_mva = chain(net), mva(net)
        for a, b in zip(by_chain[0], by_mva[0], strict=True):
            assert abs(a / (mpf(b.numerator) / b.denominator) - 1) < mpf("1e-40")
        rows.append(row(net, by_chain, "balance equations of the Markov chain"))

    opened(Net([[0.605], [2.1], [1.35]], arrival=[0.3]), "E. Lazowska and others 1984: p. 113", response=["8.6837402332"],
           number=[["0.2217470984"], ["1.702702703"], ["0.6806722689"]],
           utilization=[["0.1815"], ["0.63"], ["0.405"]])  # fmt: skip
    opened(Net(two, arrival=[3 / 19, 2 / 19]), "E. Lazowska and others 1984: p. 138", response=["30.0833333333"],
           number=[["0.25"]])  # fmt: skip
    passport = [[20], [600], [300], [60]], [[1], [0.3775510204], [0.7755102041], [1]]
    opened(Net(passport[0], arrival=[15 / 3600], visits=passport[1], servers=[1, 4, 2, 1]), "several servers")
    opened(Net([[0.25, 0.5, 0.5, 1], [sixth, 1, 1, 4 * third]], [0, 0, 1, 1], arrival=[1, 0.5, 0, 0]),
           "E. Lazowska and others 1984: p. 147", response=["2", "9.0526315789"],
           sojourn=[["0.7368421053", "1.4736842105", "", ""], ["1.2631578947", "7.5789473684", "", ""]])  # fmt: skip
    opened(Net([[2 * third, 0], [0.19, 1]], [2, 0], arrival=[0, 0.1], servers=[inf, 1]), "LINE: mixed example",
           throughput=["2.15389275977"], number=[[""], ["0.564071493487", "0.173785721499"]],
           sojourn=[["", ""], ["", "1.73785721499"]])  # fmt: skip
    opened(Net([[1, 0.5, 0.3], [0.2, 0.8, 0.1], [0.3, 0.2, 0.4]], [3, 0, 2], [1, 0, 0], [0, 0.7, 0], servers=[3, 2, 1],
               rates=[[], [], [1, 1.5, 1.2]]), "mixed, several servers and own rates")  # fmt: skip
    opened(Net([[0.4, 0.5, 0.2, 0.9], [0.2, 0.8, 0.3, 0.1]], [4, 0, 3, 0], [1, 0, 2, 0], [0, 2, 0, 1], servers=[5, 3]),
           "mixed, two open classes")  # fmt: skip
    return rows


NAMES = ["service_times", "visits", "population", "think_time", "arrival_rate", "servers", "rates", "throughput",
         "station_number", "response_time", "station_sojourn_time", "station_residence_time",
         "station_utilization", "source"]  # fmt: skip


def jackson_rows():
    rows = []
    for arrivals, routing, speeds, servers, source, printed in [
        ([8, 0, 6, 0], [[0, 0.2, 0.56, 0.24], [1, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], [14, 9, 17, 7], [1, 1, 1, 1],
         "R package queueing: ex. 11.11", (["10", "2", "11.6", "2.4"],
                                           ["2.5", "0.2857142857", "2.1481481481", "0.5217391304"])),
        ([15 / 3600, 0, 0, 0], [[0, 0.3, 0.7, 0], [0, 0, 0.2, 0.8], [0, 0.1, 0, 0.9], [0, 0, 0, 0]],
         [1 / 20, 1 / 600, 1 / 300, 1 / 60], [1, 4, 2, 1], "feedback, several servers", ([], [])),
        ([15 / 3600, 0, 0, 0], [[0, 0.3, 0.7, 0], [0, 0, 0.2, 0.8], [0, 0.1, 0, 0.9], [0, 0, 0, 0]],
         [1 / 20, 1 / 600, 1 / 300, 1 / 60], [1, 1, 1, 1], "PDQ: passport office", ([], [])),
        ([1, 0.5], [[0.3, 0.4], [0.25, 0.5]], [3, 2], [2, 3], "feedback to the same station", ([], [])),
    ]:  # fmt: skip
        n = len(arrivals)
        a = matrix(n, n)
        for i in range(n):
            for j in range(n):
                a[i, j] = (i == j) - mpf(routing[j][i])
        flow = lu_solve(a, matrix([mpf(x) for x in arrivals]))
        number = []
        for i in range(n):
            load, c = flow[i] / mpf(speeds[i]), servers[i]
            terms = sum(load**k / factorial(k) for k in range(c))
            tail = load**c / factorial(c) / (1 - load / c)
            number.append(load + tail / (terms + tail) * load / (c - load))
        for values, prints in ((flow, printed[0]), (number, printed[1])):
            for value, p in zip(values, prints, strict=False):
                agree(value, p)
        if source.startswith("PDQ"):  # its residence times
            for k, p in enumerate(("21.81818182", "4036.363636", "7600", "80")):
                agree(number[k] / sum(mpf(x) for x in arrivals), p)
        rows.append([" ".join(map(text, arrivals)), rows_text(routing), " ".join(map(text, speeds)),
                     " ".join(map(text, servers)), " ".join(map(text, flow)), " ".join(map(text, number)),
                     text(sum(number) / sum(mpf(x) for x in arrivals)), source])  # fmt: skip
    return rows


def bounds_rows():
    """Printed values, four decimals."""
    demands = "0.1 0.1 0.09 0.08"
    low0, high0 = ["4.3040", "6.6859", "8.1521", "9.0947", "9.8233"], ["4.3174", "6.7524", "8.2690", "9.2431", "9.8765"]
    low1, high1 = ["1.4319", "3.3432", "5.7569", "8.0856", "9.7147"], ["1.5195", "3.5582", "6.1410", "8.6467", "9.8594"]
    plow, phigh = ["4.3174", "6.6600", "8.0219", "8.8672", "9.6736"], ["4.3174", "6.7297", "8.2700", "9.3387", "10.000"]
    rows = []
    for method, z, lows, highs in (("geometric", 0, low0, high0), ("geometric", 1, low1, high1),
                                   ("proportional", 0, plow, phigh)):  # fmt: skip
        for n, low, high in zip((2, 5, 10, 20, 80), lows, highs, strict=True):
            rows.append([method, demands, str(n), str(z), low, high, "G. Casale and others 2008: table IV or V"])
    return rows


def fork_join_rows():
    """Two branches exactly, from the Markov chain cut off far out; more by the printed formula in 50 digits."""
    rows = []
    for load in (0.1, 0.5, 0.9):
        for n in (1, 2, 3, 8, 32):
            rho, h = mpf(load), sum(mpf(1) / k for k in range(1, n + 1))
            ratio = h / mpf("1.5")
            mean = (ratio + mpf(4) / 11 * (1 - ratio) * rho) * (12 - rho) / 8 / (1 - rho) if n > 1 else 1 / (1 - rho)
            rows.append([text(load), "1.0", text(n), text(rho), "1.0", text(mean),
                         text(max(h, (12 - rho) / 8 / (1 - rho) if n > 1 else 1 / (1 - rho))), text(h / (1 - rho)),
                         text(rho * mean), "formula"])  # fmt: skip
    return rows


def write(path, names, rows, header=HEADER):
    lines = [",".join(cell.replace(", ", "; ") for cell in row) for row in [names, *rows]]
    assert all(line.count(",") == len(names) - 1 for line in lines), path
    path.write_text(header + "\n".join(lines) + "\n")


def main():
    folder = Path(sys.argv[1])
    write(folder / "jackson.csv",
          ["arrival_rates", "routing", "service_rates", "servers", "station_throughput", "station_number",
           "response_time", "source"], jackson_rows())  # fmt: skip
    write(folder / "network.csv", NAMES, network_rows())
    write(folder / "network_bounds.csv",
          ["method", "demands", "population", "think_time", "throughput_low", "throughput_high", "source"], bounds_rows(),
          "# Printed tables, also in Octave queueing's tests. Absolute error <= 6e-5.\n")  # fmt: skip
    write(folder / "fork_join.csv",
          ["arrival_rate", "service_rate", "branches", "utilization", "stable", "mean_sojourn", "mean_sojourn_low",
           "mean_sojourn_high", "mean_number", "source"], fork_join_rows(),
          "# mpmath with 50 digits, scripts/golden/networks.py. Relative error <= 1e-13 max(1, |ln result|).\n")  # fmt: skip


if __name__ == "__main__":
    main()
