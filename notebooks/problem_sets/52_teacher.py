"""The teacher's answers to problem set 52. Not part of the installed package."""

import heapq
import math

from qsm import queueing


def tail(arrival_rate, service_rate):
    return -math.log(0.01) / (service_rate - arrival_rate)


def enough(arrival_rate, service_rate, wait):
    return int(queueing.servers_for_wait(arrival_rate, service_rate, wait, 0.99))


def spread(arrival_rate, service_time, service_scv):
    load = arrival_rate * service_time
    return load / (1 - load) * (1 + service_scv) / 2 * service_time


def pool(arrival_rate, service_rate, servers):
    return (
        queueing.mm1(arrival_rate, service_rate).mean_wait
        / queueing.mmc(servers * arrival_rate, service_rate, servers).mean_wait
    )


def witness(utilization, services):
    burst, rest = 10 * services, 1000  # a burst waits, an idle stretch pays for it
    arrivals = [0.0] * burst + [burst + k * burst / rest / utilization for k in range(rest)]
    return arrivals, [1.0] * burst + [1e-6] * rest


def simulator(arrival_times, service_times, servers):
    free = [0.0] * servers
    waits = []
    for arrival, service in zip(arrival_times, service_times, strict=True):
        start = max(arrival, free[0])
        heapq.heapreplace(free, start + service)
        waits.append(start - arrival)
    return waits


def network(arrival_rate, service_rates, back):
    through = arrival_rate / (1 - back)
    return sum(through / (rate - through) for rate in service_rates) / arrival_rate


def heal(arrival_rate, service_rate, patience, retries):
    servers = math.ceil(arrival_rate / service_rate)
    while True:
        late = 1.0
        for _ in range(10_000):
            attempts = arrival_rate * sum(late**k for k in range(retries + 1))
            following = 1 - queueing.mmc(attempts, service_rate, servers).wait_cdf(patience)
            if abs(following - late) < 1e-10:
                break
            late = following
        if late <= 0.01:
            return servers
        servers += 1
