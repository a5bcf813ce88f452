"""Load balancers: cases B01 to B08."""
import math

import theory
from shapes import BUSY, LATENCY, Case, Computed, Figure, pool, s


def b01():
    # The law is the limit of many servers. At n = 100 the mean is (B02) .5 % to 3 % above it, and
    # the excess falls as 1/n: a tenth of that is allowed for at n = 1000.
    excess = {0.5: 0.0006, 0.7: 0.001, 0.9: 0.0033, 0.95: 0.008}
    for load, requests, power in ((0.5, 1.5e6, 0.002), (0.7, 1.5e6, 0.003), (0.9, 2.5e6, 0.004), (0.95, 2.5e6, 0.008)):
        for choices in (2, 3, 5):
            yield Case("B01", f"{choices} of 1000, {load}",
                       pool(1000, load, "power_of_two", requests, 60 if load < 0.95 else 120, 10, choices=choices, distinct=False),
                       [Figure(LATENCY + "mean", theory.supermarket(load, choices), power, allowance=excess[load]),
                        Figure(BUSY, load, 0.002)])
    yield Case("B01", "2 different of 1000, .9", pool(1000, 0.9, "power_of_two", 2.5e6, 60, 10, choices=2),
               [Figure(LATENCY + "mean", theory.supermarket(0.9, 2), 0.005, allowance=excess[0.9])])
    for name, load, requests, power, policy, more in (("one", 0.5, 1.5e6, 0.005, "power_of_two", {"choices": 1}),
                                                      ("random", 0.9, 6e6, 0.012, "random", {})):
        yield Case("B01", f"{name} of 20, {load}", pool(20, load, policy, requests, 2000, **more),
                   [Figure(LATENCY + "mean", 1 / (1 - load), power)])


def b02():
    published = {0.5: ((2, 1.2721), (3, 1.1306), (5, 1.0365)), 0.9: ((2, 2.6576), (3, 2.0748), (5, 1.6848))}
    half_width = {0.5: 0.0013, 0.9: 0.003}  # of 95 %, of the simulation that the numbers come from
    for load, points in published.items():
        for choices, time in points:
            yield Case("B02", f"{choices} of 100, {load}",
                       pool(100, load, "power_of_two", 4e6, 200, choices=choices, distinct=False),
                       [Figure(LATENCY + "mean", time, 0.003, reference_error=half_width[load] / 1.96)])
    # Two servers, both looked at or, with replacement, in half of all cases only one.
    for name, distinct, sees_both in (("different", True, 1), ("with replacement", False, 0.5)):
        yield Case("B02", f"2 of 2 {name}, .7",
                   pool(2, 0.7, "power_of_two", 3e6, 1000, choices=2, distinct=distinct),
                   [Figure(LATENCY + "mean", theory.two_queues(0.7, sees_both), 0.005)])


def b04():
    points = [(0.5, 1.426321, 2e6, 0.003), (0.7, 2.108197, 3e6, 0.006), (0.8, 2.955737, 4e6, 0.008),
              (0.9, 5.474913, 6e6, 0.012), (0.95, 10.486637, 10e6, 0.02)]
    for load, time, requests, power in points:
        warmup = 1000 if load < 0.9 else 5000
        yield Case("B04", f"shortest of 2, {load}", pool(2, load, "least_outstanding", requests, warmup),
                   [Figure(LATENCY + "mean", time, power), Figure(BUSY, load, 0.002)])
    # In turn each of n servers has Erlang-n gaps between its arrivals.
    def gaps(x):
        return (2 * 0.8 / (2 * 0.8 + x)) ** 2
    yield Case("B04", "in turn, 2, .8", pool(2, 0.8, "round_robin", 6e6, 1000),
               [Figure(LATENCY + "mean", 1 / (1 - theory.gim1_sigma(gaps)), 0.01)])


def spread(document):
    """Standard deviation of the replicas' shares of the calls, relative to their mean."""
    shares = [replica["arrivals_per_s"]["value"] for replica in document["services"]["app"]["replicas"]]
    mean = sum(shares) / len(shares)
    return math.sqrt(sum((share - mean) ** 2 for share in shares) / len(shares)) / mean


def b08():
    nodes, requests = 1000, 3e6
    for points, law in ((10, 0.3151810), (100, 0.0996996), (1000, 0.0315723)):
        # To the spread of the ring itself comes that of the number of requests.
        expected = math.sqrt(law ** 2 + nodes / requests)
        # The standard deviation of a thousand Beta values has a relative error of about this.
        error = math.sqrt((2 + 6 / points) / 4 / nodes)
        scenario = pool(nodes, 0.3, "consistent_hash", requests, 1, 10, service=s(1e-6), virtual_nodes=points)
        yield Case("B08", f"ring of 1000 x {points}", scenario, [Computed("std of shares", spread, expected, 4 * error)])


def cases():
    for area in (b01, b02, b04, b08):
        yield from area()
