"""Hedged requests (T02), quorums of copies (R01, R04) and elections of a leader (R05)."""
import math

from shapes import ATTEMPTS, LATENCY, Case, Figure, exp, poisson, s, scenario, server


def t02():
    # After h a second copy: the hazard is 1 up to h and 2 from there on.
    for share, name in ((.95, "p95"), (.5, "p50")):
        after = -math.log(1 - share)
        figures = [Figure(LATENCY + "mean", share + (1 - share) / 2, .003), Figure(ATTEMPTS, 2 - share, .002)]
        for percent, key in ((.95, "p95"), (.99, "p99"), (.999, "p99_9")):
            if percent > share:
                expected = (after - math.log(1 - percent)) / 2
                figures.append(Figure(LATENCY + key, expected, .01))
        workloads = {"w": {"target": "app", "arrivals": poisson(10), "hedge": {"after": s(after)}}}
        services = {"app": server(exp(1), "unlimited")}
        yield Case("T02", f"a copy after {name}", scenario(10, 3e6, 100, workloads, services), figures)


def database(copies, reads, writes, times, **replication):
    return {"kind": "database", "replicas": copies, "concurrency": "unlimited", "service_time": times,
            "replication": {"protocol": "quorum", "R": reads, "W": writes, "read_repair": False, **replication}}


def one_store(db, keys, read_rate, write_rate, reads, warmup):
    workloads = {"r": {"target": "db.read", "key": "k", "arrivals": poisson(read_rate)},
                 "w": {"target": "db.write", "key": "k", "arrivals": poisson(write_rate)}}
    return scenario(read_rate, reads, warmup, workloads, {"db": db}, keys={"k": {"count": keys, "zipf": 0}})


def r04():
    # The k-th of n exponentials: mean H_n - H_(n-k).
    points = ((3, 2, .833333, 2.8319), (3, 3, 1.833333, 5.7004), (5, 3, .783333, 2.2477))
    for copies, need, mean, p99 in points:
        db = database(copies, need, need, {"read": exp(1), "write": exp(1)})
        yield Case("R04", f"{need} of {copies}", one_store(db, 1000, 10, 10, 1e6, 20),
                   [Figure(f"services.db.{what}_s.{key}", expected, .005)
                    for what in ("read", "write") for key, expected in (("mean", mean), ("p99", p99))])


def mixture(*parts):
    return {"mixture": [{"p": p, "of": of} for p, of in parts]}


def pareto(least_ms, shape):
    return {"pareto": {"min": f"{least_ms}ms", "shape": shape}}


def r01():
    ssd = mixture((.9122, pareto(.235, 10.0)), (.0878, exp(1 / 1660)))
    disk = mixture((.38, pareto(1.05, 1.51)), (.62, exp(1 / 183)))
    # The published percentiles have three digits.
    points = ((ssd, 1, 1, "read", .489e-3, .66e-3), (ssd, 2, 1, "read", None, 1.63e-3), (ssd, 3, 1, "read", None, 4.12e-3),
              (ssd, 1, 2, "write", None, 1.63e-3), (ssd, 1, 3, "write", None, 4.09e-3),
              (disk, 1, 1, "write", 1.50e-3, 10.99e-3), (disk, 1, 2, "write", None, 20.97e-3))
    for law, reads, writes, what, median, high in points:
        legs = {"W": law, "A": ssd, "R": ssd, "S": ssd}
        db = database(3, reads, writes, {"read": "0s", "write": "0s"}, legs=legs)
        figures = [Figure(f"services.db.{what}_s.p99_9", high, .02, allowance=.02)]
        if median:
            figures.append(Figure(f"services.db.{what}_s.p50", median, .005, allowance=.005))
        yield Case("R01", f"{'SSD' if law is ssd else 'DISK'} R{reads}W{writes}", one_store(db, 1, 200, 200, 2e6, 5), figures)


def r05():
    # Published: from the crash until the others hear of the new leader, who is elected one way of 2.5 ms before.
    # Here all four others can be elected, not only two of them; accepted are 8 %.
    points = ((150, 175, 163.8), (150, 200, 156.0), (150, 300, 180.7), (100, 200, 125.5), (50, 100, 71.4), (25, 50, 47.9))
    zones = [f"rack-{i}" for i in range(5)]
    for low, high, mean in points:
        replication = {"protocol": "raft", "pre_vote": False, "fsync": "10ms", "heartbeat": f"{low / 2}ms",
                       "election_timeout": {"uniform": [f"{low}ms", f"{high}ms"]}}
        db = {"kind": "database", "zones": zones, "replicas": 5, "concurrency": "unlimited",
              "service_time": {"read": "0s", "write": "0s"}, "replication": replication}
        workloads = {"w": {"target": "db.write", "key": "k", "arrivals": poisson(5), "timeout": "500ms"}}
        kills = {"every": {"uniform": ["3s", "5s"]}, "repair": "1s", "kill": "db.shard[0].leader"}
        yield Case("R05", f"timeouts of {low} to {high} ms",
                   scenario(5, 30_000, 5, workloads, {"db": db}, keys={"k": {"count": 100, "zipf": 0}}, zones=zones,
                            network={"* <-> *": {"latency": "2.5ms"}}, failures=[kills]),
                   [Figure("services.db.election_s.mean", mean / 1e3 - .0025, .015, allowance=.08)])


def cases():
    yield from t02()
    yield from r01()
    yield from r04()
    yield from r05()
