"""Failures: cases F01, F02, F04, F05, F09."""
import theory
from shapes import (ATTEMPTS, ERRORS, IN_SYSTEM, LATENCY, SERVED, Case, Computed, Figure, exp, poisson, s,
                    scenario, server, value_of)


def f01():
    # Each answers while it is up; a request needs k of n. Cycles are short against the gaps of requests.
    for n, k, unavailable in ((3, 2, 1 - 0.99275), (5, 3, 1 - 0.998841875)):
        names = [f"r{i}" for i in range(n)]
        services = {name: server(s(0), "unlimited") for name in names}
        services["app"] = server(slots="unlimited", endpoints={
            "call": [{"parallel": [[{"call": name}] for name in names], "need": k}]})
        failures = [{"every": exp(0.95), "repair": exp(0.05), "kill": name} for name in names]
        workloads = {"w": {"target": "app", "arrivals": poisson(0.5)}}
        yield Case("F01", f"{k} of {n}", scenario(0.5, 6e5, 100, workloads, services, failures=failures),
                   [Figure(ERRORS, unavailable, 0.06)])


def f02():
    for machines, men, answers in ((5, 1, 2e6), (10, 2, 3e6)):
        down, rate, _, time = theory.repairmen(machines, men, 0.1, 1)
        workloads = {"w": {"target": "app", "arrivals": {"closed": {"users": machines, "think_time": exp(10)}}}}
        yield Case("F02", f"{machines} machines, {men} men", scenario(rate, answers, 500, workloads, {"app": server(exp(), men)}),
                   [Figure(IN_SYSTEM, down, 0.005), Figure(SERVED, rate, 0.003), Figure(LATENCY + "mean", time, 0.005)])
    # A man for each: the replicas fail and are repaired by themselves. Requests only keep time.
    workloads = {"w": {"target": "app", "arrivals": poisson(1)}}
    app = server(s(0.001), 100, replicas=5)
    failing = scenario(1, 1e6, 200, workloads, {"app": app}, failures=[{"every": exp(10), "repair": exp(1), "kill": "app"}])
    yield Case("F02", "5 replicas, a man each", failing, [Figure("services.app.instances", 5 / 1.1, 0.002), Figure(ERRORS, 1 / 11, 0.02)])


def retrying(attempts):
    return {"retry": {"attempts": attempts, "backoff": "0s", "jitter": "none"}}


def f04():
    for p, requests in ((0.5, 2e6), (0.9, 2e6)):
        workloads = {"w": {"target": "app", "arrivals": poisson(100), **retrying(4)}}
        services = {"app": server(slots=100, endpoints={"call": [{"fail": {"p": p}}]})}
        yield Case("F04", f"4 tries, p={p}", scenario(100, requests, 10, workloads, services),
                   [Figure(ATTEMPTS, (1 - p ** 4) / (1 - p), 0.002), Figure(ERRORS, p ** 4, 0.005)])
    for layers, tries in ((3, 4), (5, 3)):
        services = {"bottom": server(slots="unlimited", endpoints={"call": [{"fail": {"p": 1}}]})}
        below = "bottom"
        for layer in range(layers - 1):
            services[f"layer{layer}"] = server(slots="unlimited", endpoints={"call": [{"call": below, **retrying(tries)}]})
            below = f"layer{layer}"
        workloads = {"w": {"target": below, "arrivals": {"constant": "10/s"}, **retrying(tries)}}
        amplified = lambda d: value_of(d, "services.bottom.arrivals_per_s") / value_of(d, "workloads.w.offered_per_s")
        yield Case("F04", f"{layers} layers, {tries} tries each", scenario(10, 1000, 1, workloads, services, 2),
                   [Computed("calls at the bottom", amplified, tries ** layers, 1e-9)])


def f05():
    def paused(rate, replications, seconds=600):
        workloads = {"w": {"target": "app", "arrivals": poisson(rate), "timeout": "1s", **retrying(2)}}
        return scenario(rate, rate * seconds * replications, 20, workloads, {"app": server(exp(1 / 300))}, replications,
                        failures=[{"at": "50s", "for": "10s", "pause": "app"}])

    # 16.0 s in the fluid limit, for a queue short enough; 17.105 +- .087 s (200 runs of a program
    # of twenty lines that draws its own numbers) until a second of goodput as before.
    recovered = "failures.0.recovered_after_s"
    yield Case("F05", "recovers at 100/s", paused(100, 60, 150),
               [Figure(recovered, 17.105, 0.02, reference_error=0.087),
                Computed("fluid limit", lambda d: value_of(d, recovered), 16.0, 0.15)])
    for rate in (155, 200, 280):
        never = lambda d: 1.0 if d["failures"][0]["recovered_after_s"]["value"] is None else 0.0
        # Good only before the pause, loaded with one call a request then and with two after it.
        good = lambda d, r=rate: value_of(d, "workloads.w.goodput_per_s") * 600 / (50 * r)
        calls = lambda d, r=rate: value_of(d, "services.app.arrivals_per_s") * 600 / (50 * r + 549 * 2 * r)
        yield Case("F05", f"never recovers at {rate}/s", paused(rate, 5),
                   [Computed("never", never, 1.0, 0), Computed("good of the first 50 s", good, 1.0, 0.02),
                    Computed("calls, two for one", calls, 1.0, 0.01)])


def f09():
    # Hardly ever open: a half-open call follows each opening at once, so of two openings one user makes
    # as many calls as until it trips, and in the mean 1 / (1 - p) that look whether to close.
    for p, k in ((0.5, 3), (0.5, 5), (0.9, 5), (0.2, 3)):
        expected = (1 - p ** k) / (p ** k * (1 - p))
        workloads = {"w": {"target": "app", "arrivals": {"closed": {"users": 1, "think_time": "1ms"}},
                           "circuit_breaker": {"consecutive": k, "open_for": "1us"}}}
        services = {"app": server(slots=1, endpoints={"call": [{"fail": {"p": p}}]})}
        def calls(d, p=p):
            openings = value_of(d, "workloads.w.policies.breaker_openings")
            made = value_of(d, "services.app.arrivals_per_s") * d["duration_s"]
            return (made / openings - 1) / (1 - p)
        yield Case("F09", f"p={p}, {k} in a row", scenario(1000, 1e6, 10, workloads, services),
                   [Computed("calls until it trips", calls, expected, 0.03)])


def cases():
    for area in (f01, f02, f04, f05, f09):
        yield from area()
