"""The teacher's answers to problem set 54. Not part of the installed package."""

import math

from qsm import balancing


def spread(requests, servers):
    return math.sqrt((servers - 1) / requests)


def tall(utilization, choices, requests):
    return utilization ** sum(choices**k for k in range(requests))


def cut(low, high):
    return math.sqrt((low**2 + high**2) / 2)


def farm(arrival_rate, service_rate, time):
    servers = math.floor(arrival_rate / service_rate) + 1
    while balancing.mean_field_sojourn(arrival_rate / service_rate / servers, 2, service_rate) > time:
        servers += 1
    return servers


def unlucky(servers, factor):
    return ([1000.0] + [0.001] * (servers - 1)) * 100


def smooth(weights, requests):
    numbers, picks = [0] * len(weights), []
    for _ in range(requests):
        numbers = [number + weight for number, weight in zip(numbers, weights, strict=True)]
        server = numbers.index(max(numbers))
        numbers[server] -= sum(weights)
        picks.append(server)
    return picks


def board(servers, arrival_rate, service_rate, period):
    return (servers * arrival_rate - service_rate) * period / service_rate


def subset(clients, servers, size):
    share = size / servers
    return math.sqrt((1 - share) / (clients * share))
