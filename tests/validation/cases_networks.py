"""Several stations: cases Q12, Q13, Q20 and the tails of fan-outs and attempts, T01, T05."""
import math

import theory
from shapes import (ATTEMPTS, ERRORS, LATENCY, SERVED, Case, Computed, Figure, calls, exp, front, poisson, s, scenario,
                    server, side_by_side, value_of)


def closed(demands, think, users, answers, warmup):
    rate = theory.mva(demands, think, users)[0]
    names = "abcdefgh"[:len(demands)]
    workloads = {"w": {"target": "front", "arrivals": {"closed": {"users": users, "think_time": exp(think)}}}}
    services = {"front": front(*calls(*names)), **{name: server(exp(demand)) for name, demand in zip(names, demands)}}
    return scenario(rate, answers, warmup, workloads, services)


def response_time_law(document, think):
    return value_of(document, SERVED) * (value_of(document, LATENCY + "mean") + think)


def q12():
    lazowska, fast = (0.605, 2.1, 1.35), (0.010, 0.020, 0.005)
    points = [(lazowska, 15, users, 3e5, 3000) for users in (1, 3, 5, 10, 20, 50)]
    points += [(fast, 1, users, 6e5, 30) for users in (10, 25, 50, 75, 100, 200)]
    for demands, think, users, answers, warmup in points:
        rate, response, numbers = theory.mva(demands, think, users)
        figures = [Figure(SERVED, rate, 0.005), Figure(LATENCY + "mean", response, 0.01),
                   Figure("services.b.in_system", numbers[1], 0.015)]
        busy = rate * demands[1]
        if busy < 0.9999:
            figures.append(Figure("services.b.utilization", busy, 0.005))
        else:  # always busy: no error to measure by
            figures.append(Computed("saturated", lambda d: value_of(d, "services.b.utilization"), busy, 1e-4))
        # The mean think time of a run is known only up to its own error.
        figures.append(Computed("X (R + Z) = N", lambda d, z=think: response_time_law(d, z), users, 0.005))
        yield Case("Q12", f"closed N={users} Z={think}", closed(demands, think, users, answers, warmup), figures)


def q13():
    means = {"a": 1 / 1.25, "b": 1 / 2, "c": 1}
    workloads = {"w": {"target": "front", "arrivals": poisson(0.8)}}
    services = {"front": front(*calls("a", "b", "c")), **{name: server(exp(mean)) for name, mean in means.items()}}
    each = {name: 1 / (1 / mean - 0.8) for name, mean in means.items()}
    yield Case("Q13", "tandem", scenario(0.8, 3e6, 4000, workloads, services),
               [Figure(LATENCY + "mean", sum(each.values()), 0.01), Figure("services.front.in_system", 0.8 * sum(each.values()), 0.01),
                *[Figure(f"services.{name}.sojourn_s.mean", time, 0.01) for name, time in each.items()]])

    again = {"retry": {"attempts": 1000, "backoff": "0s", "jitter": "none"}}
    workloads = {"w": {"target": "app", "arrivals": poisson(0.5), **again}}
    endpoint = {"call": [{"cpu": exp()}, {"fail": {"p": 0.3}}]}
    yield Case("Q13", "feedback by retry", scenario(0.5, 4e6, 2000, workloads, {"app": server(endpoints=endpoint)}),
               [Figure(LATENCY + "mean", 5, 0.01), Figure(ATTEMPTS, 1 / 0.7, 0.002), Figure("services.app.utilization", 0.5 / 0.7, 0.003)])

    steps = []
    for _ in range(12):  # the thirteenth visit, one in two million, is left out
        steps = [{"call": "app"}, {"choose": [{"p": 0.3, "do": steps}, {"p": 0.7, "do": []}]}]
    workloads = {"w": {"target": "front", "arrivals": poisson(0.5)}}
    yield Case("Q13", "feedback by choice", scenario(0.5, 2e6, 2000, workloads, {"front": front(*steps), "app": server(exp())}),
               [Figure(LATENCY + "mean", 5, 0.01), Figure("services.app.arrivals_per_s", 0.5 / 0.7, 0.003)])


def q20():
    points = [(2, 0.5, 1e6, 0.005), (2, 0.8, 2.5e6, 0.01), (2, 0.9, 4e6, 0.015), (8, 0.5, 6e5, 0.005), (8, 0.8, 1e6, 0.01), (32, 0.5, 2e5, 0.005)]
    for n, rho, requests, power in points:
        names = [f"leaf{i}" for i in range(n)]
        workloads = {"w": {"target": "front", "arrivals": poisson(rho)}}
        services = {"front": front(side_by_side([calls(name) for name in names])), **{name: server(exp()) for name in names}}
        # Above two the law is an approximation, said to be good to five percent.
        yield Case("Q20", f"fork-join n={n} {rho}", scenario(rho, requests, 5000, workloads, services),
                   [Figure(LATENCY + "mean", theory.fork_join(n, rho), power, allowance=0 if n == 2 else 0.05),
                    Figure("services.leaf1.sojourn_s.mean", 1 / (1 - rho), 2 * power)])


def harmonic(n):
    return sum(1 / k for k in range(1, n + 1))


def fan_out(branches, requests, need=None, workload=None, leaf=None):
    services = {"front": front(side_by_side(branches, need)), **({"leaf": leaf} if leaf else {})}
    workloads = {"w": {"target": "front", "arrivals": poisson(10), **(workload or {})}}
    return scenario(10, requests, 20, workloads, services)


def t01():
    def slow(p):
        return {"choose": [{"p": p, "do": [{"wait": "10s"}]}, {"p": 1 - p, "do": []}]}

    impatient = {"timeout": "1s"}
    leaf = server(slots="unlimited", endpoints={"call": [slow(0.01)]})
    yield Case("T01", "slow leaves, 1 % of 100", fan_out([calls("leaf")] * 100, 6e4, None, impatient, leaf),
               [Figure(ERRORS, 1 - 0.99 ** 100, 0.005), Figure("services.leaf.arrivals_per_s", 1000, 0.01)])
    yield Case("T01", "slow leaves, .01 % of 2000", fan_out([[slow(0.0001)]] * 2000, 2e4, None, impatient),
               [Figure(ERRORS, 1 - 0.9999 ** 2000, 0.02)])

    leaf = server(exp(), slots="unlimited")
    largest = {name: -math.log(1 - p ** 0.01) for name, p in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
    yield Case("T01", "all of 100", fan_out([calls("leaf")] * 100, 6e4, leaf=leaf),
               [Figure(LATENCY + "mean", harmonic(100), 0.002),
                *[Figure(LATENCY + name, time, 0.01) for name, time in largest.items()],
                Figure("services.leaf.in_system", 1000, 0.01)])
    yield Case("T01", "first 95 of 100", fan_out([calls("leaf")] * 100, 6e4, 95, leaf=leaf),
               [Figure(LATENCY + "mean", harmonic(100) - harmonic(5), 0.002)])
    yield Case("T01", "first of 100", fan_out([calls("leaf")] * 100, 3e4, 1, leaf=leaf),
               [Figure(LATENCY + "mean", 0.01, 0.01), Figure(LATENCY + "p99", math.log(100) / 100, 0.02)])


def t05():
    for timeout, requests, power in ((1, 3e6, 0.005), (2, 8e6, 0.01)):
        q = math.exp(-timeout)
        fails, tries = q ** 3, 1 + q + q * q
        of_ok = (tries * (1 - q) - fails * 3 * timeout) / (1 - fails)  # the mean of all is tries x E[min(X, timeout)]
        workload = {"timeout": s(timeout), "retry": {"attempts": 3, "backoff": "0s", "jitter": "none"}}
        workloads = {"w": {"target": "app", "arrivals": poisson(100), **workload}}
        yield Case("T05", f"3 tries, timeout {timeout}", scenario(100, requests, 20, workloads, {"app": server(exp(), "unlimited")}),
                   [Figure(ERRORS, fails, power), Figure(ATTEMPTS, tries, 0.001), Figure(LATENCY + "mean", of_ok, 0.002),
                    # What was given up is worked on to its end.
                    Figure("services.app.in_system", 100 * tries, 0.003)])


def cases():
    for area in (q12, q13, q20, t01, t05):
        yield from area()
