"""Queues and logs: lag as waiting time (Q02, Q05), the lag law of consumer groups and lingering (K01)."""
from shapes import Case, Computed, Figure, at, exp, poisson, s, scenario, value_of

LAG = "services.broker.lag_s."


def through(broker, worker, arrivals, rate, requests, warmup, replications=None, **top):
    """One workload that publishes to one broker, and its workers."""
    workloads = {"w": {"target": "broker", "arrivals": arrivals}}
    services = {"broker": broker, "crew": {"kind": "worker", "consumes": "broker", **worker}}
    more = {} if replications is None else {"replications": replications}
    return scenario(rate, requests, warmup, workloads, services, **more, **top)


def q02():
    # Slots of all workers together are those of M/M/c: Erlang C.
    queue = {"kind": "queue", "capacity": "unlimited"}
    for workers, slots, rate, waits in ((10, 1, 8, .204590), (2, 5, 8, .204590), (1, 2, 1.6, 1.777778)):
        yield Case("Q02", f"lag of a queue, {workers} workers of {slots}",
                   through(queue, {"replicas": workers, "concurrency": slots, "service_time": exp()}, poisson(rate), rate, 4e6, 500),
                   [Figure(LAG + "mean", waits, .015)])


def q05():
    # Pollaczek and Khinchine, one worker of a queue or of a partition.
    for kind in ("queue", "log"):
        broker = {"kind": kind, **({"capacity": "unlimited"} if kind == "queue" else {})}
        for law, waits in (("1s", 2.0), ({"erlang": {"mean": "1s", "k": 4}}, 2.5), (exp(), 4.0)):
            yield Case("Q05", f"lag of a {kind}",
                       through(broker, {"concurrency": 1, "service_time": law}, poisson(.8), .8, 4e6, 3000),
                       [Figure(LAG + "mean", waits, .015)])


def k01():
    for rate, pause, most in ((8000, 30, 240000), (9000, 60, 540000)):
        # Drained when 1 % of the peak is left.
        drain = .99 * most / (10000 - rate)
        log = {"kind": "log", "partitions": 10, "groups": {"crew": {"session_timeout": "1h"}}}
        crew = {"replicas": 10, "concurrency": 1, "service_time": "1ms"}
        length = pause + drain + 20
        yield Case("K01", f"{rate}/s of 10,000/s, {pause} s of pause",
                   through(log, crew, {"constant": f"{rate}/s"}, rate, 2 * rate * length, 1, 2,
                           failures=[{"at": "5s", "for": s(pause), "pause": "crew"}]),
                   [Computed("largest lag", lambda d: value_of(d, "services.broker.lag_peak"), most, .02),
                    Computed("catch-up time", lambda d: value_of(d, "services.broker.drain_s"), drain, .03)])
    log = {"kind": "log", "partitions": 12}
    # Loads of 3, 3, 2, 2, 2 partitions: the fullest worker is full at four times what one can do.
    yield Case("K01", "12 partitions, 5 workers, 3.8 times the rate of one",
               through(log, {"replicas": 5, "concurrency": 1, "service_time": "100ms"}, {"constant": "38/s"}, 38, 38 * 4000, 100, 4),
               [Computed("the fullest", lambda d: max(r["utilization"]["value"] for r in d["services"]["crew"]["replicas"]), 3.8 / 4, .01),
                Computed("the emptiest", lambda d: min(r["utilization"]["value"] for r in d["services"]["crew"]["replicas"]), 3.8 / 6, .01)])
    yield Case("K01", "12 partitions, 16 workers",
               through(log, {"replicas": 16, "concurrency": 1, "service_time": "100ms"}, poisson(50), 50, 50000, 10, 4),
               [Computed("workers with work", lambda d: sum(r["arrivals_per_s"]["value"] > 0 for r in d["services"]["crew"]["replicas"]), 12, 0)])
    yield Case("K01", "Little's law of the lag",
               through(log, {"replicas": 4, "concurrency": 3, "service_time": exp(.1)}, poisson(60), 60, 600000, 100, 4),
               [Computed("lag over rate x time", lambda d: value_of(d, "services.broker.lag") / (
                   value_of(d, "services.crew.arrivals_per_s") * at(d, LAG + "mean")["value"]), 1, .01)])


def lingering():
    # A batch is opened by its first message and sent after L: L (1 + rate L / 2) / (1 + rate L).
    for rate, linger in ((100, .01), (1000, .005)):
        mean = linger * (1 + rate * linger / 2) / (1 + rate * linger)
        yield Case("K01", f"linger of {linger * 1000:g} ms at {rate}/s",
                   through({"kind": "log", "linger": s(linger)}, {"concurrency": 1, "service_time": "0s"}, poisson(rate), rate, 1e6, 5, 10),
                   [Figure("workloads.w.latency_s.mean", mean, .003), Figure("services.broker.publish_s.mean", mean, .003)])


def cases():
    for each in (q02, q05, k01, lingering):
        yield from each()
