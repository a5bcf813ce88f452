"""Who owns which key: B10 (Maglev), B13 (keys that move when shards are added), C07 (a recorded trace of keys)."""
import math

from cases_balancing import spread
from shapes import Case, Computed, Figure, front, pool, s, scenario, value_of
from table import RECORDED as TRACE

REQUESTS = 113_872


def b10():
    # 65,537 entries among 1000: 537 have 66 and the others 65. To that comes the number of requests.
    nodes, requests = 1000, 3e6
    entries = math.sqrt(0.537 * 0.463) / 65.537
    yield Case("B10", "Maglev, 1000 backends", pool(nodes, 0.3, "maglev", requests, 1, 10, service=s(1e-6)),
               [Computed("std of shares", spread, math.sqrt(entries ** 2 + nodes / requests), 4 / math.sqrt(2 * nodes))])


def moved(document):
    return value_of(document, "services.db.rebalances.0.moved_keys") / 100_000


def b13():
    # Of a ring of many points each: one part of as many as there are then. Modulo n: all but the residues that agree.
    for more, ring, modulo in ((1, 1 / 11, 10 / 11), (2, 2 / 12, 10 / 12)):
        for by, share in (("consistent_hash", ring), ("hash", modulo)):
            shards = {"count": 10, "by": by, **({"virtual_nodes": 20000} if by == "consistent_hash" else {})}
            services = {"db": {"kind": "database", "shards": shards, "concurrency": 1,
                               "service_time": {"read": "0s", "write": "0s"}, "rebalance": [{"at": "1s", "add": more}]}}
            workloads = {"w": {"target": "db.read", "key": "k", "arrivals": {"poisson": "10/s"}}}
            yield Case("B13", f"10 to {10 + more}, {by}",
                       scenario(10, 600, 1, workloads, services, 2, keys={"k": {"count": 100_000}}),
                       [Computed("share of the keys that moves", moved, share, 0.02),
                        Figure("services.db.rebalances.0.share_moved", 1, 0)])


def c07():
    if not TRACE.exists():
        return
    # Source: libCacheSim, test/test_evictionAlgo.c; 128 MiB to 1 GiB in steps of 128 MiB.
    published = {"lru": (93374, 89783, 83572, 81722, 72494, 72104, 71972, 71704),
                 "fifo": (93403, 89386, 84387, 84025, 72498, 72228, 72182, 72140)}
    read = {"call": "store", "op": "read"}
    get = {"call": "cache", "op": "get", "on_miss": [read, {"call": "cache", "op": "set"}]}
    for policy, misses in published.items():
        for step, expected in enumerate(misses, 1):
            services = {
                "front": front(get),
                "cache": {"kind": "cache", "service_time": "0s", "concurrency": "unlimited", "eviction": policy,
                          "memory": f"{step * 128}MiB"},
                "store": {"kind": "server", "service_time": "0s", "concurrency": "unlimited"},
            }
            # One every millisecond, the first at 1 ms, and room for the last: what happens at the end does not count.
            workloads = {"w": {"target": "front", "key": "trace", "arrivals": {"constant": "1000/s"}}}
            document = scenario(1000, 2 * (REQUESTS + 1), 0, workloads, services, 2, keys={"trace": {"replay": str(TRACE)}})
            yield Case("C07", f"{policy}, {step * 128} MiB", document,
                       [Computed("misses", missed, expected, 0)])


def missed(document):
    return round(value_of(document, "services.store.arrivals_per_s") * document["duration_s"])


def cases():
    for each in (b10, b13, c07):
        yield from each()
