"""Caches: C01 (least recently used under independent references), C05 (time to live), C06 (stampedes), how stale a
cache is that nobody tells of writes."""
import math

from shapes import Case, Computed, Figure, front, poisson, s, scenario, server, value_of

HITS = "services.cache.hit_ratio"
ORIGIN = "services.store.arrivals_per_s"
COALESCED = "services.cache.coalesced_per_s"


def per_expiry(document, path):
    return value_of(document, path) / value_of(document, "services.cache.expired_per_s")


def cache(**fields):
    return {"kind": "cache", "service_time": "0s", "concurrency": "unlimited", **fields}


def look_aside(keys, rate, answers, warmup, fetch="0s", replications=30, writes=None, **fields):
    """Readers look in the cache first; what is missed is read from the store and set."""
    read = {"call": "store", "op": "read", "key": "k"}
    get = {"call": "cache", "op": "get", "key": "k", "on_miss": [read, {"call": "cache", "op": "set", "key": "k"}]}
    workloads = {"w": {"target": "front", "arrivals": poisson(rate)}}
    services = {"front": front(get), "cache": cache(**fields), "store": server(fetch, "unlimited")}
    if writes:
        workloads["writers"] = {"target": "change", "arrivals": poisson(writes)}
        services["change"] = front({"call": "store", "op": "write", "key": "k"})
    return scenario(rate, answers, warmup, workloads, services, replications, keys={"k": keys})


def zipf(count, alpha):
    return {"count": count, "zipf": alpha}


def c01():
    # Exact by the Poisson-binomial integral for 100 items; Che's approximation above, good to 0.1 %.
    points = [(100, .8, 10, .264281, 0), (100, .8, 30, .550455, 0), (10000, .8, 100, .156625, 1e-3),
              (10000, .8, 1000, .436660, 1e-3), (10000, 1.0, 1000, .675602, 1e-3)]
    for count, alpha, capacity, expected, allowance in points:
        warmup = 10 if count == 100 else 60
        yield Case("C01", f"LRU {capacity} of {count} a={alpha}",
                   look_aside(zipf(count, alpha), 1000, 2e6, warmup, capacity=capacity, eviction="lru"),
                   [Figure(HITS, expected, .002, allowance=allowance)])
    # Each of four replicas has one to itself and gets every fourth request: all four hit as one alone would.
    hosted = look_aside(zipf(10000, .8), 1000, 2e6, 240, capacity=1000, replicas=4, local_to="front")
    hosted["services"]["front"]["replicas"] = 4
    yield Case("C01", "LRU 1000 of 10000 a=0.8 in the memory of each of four", hosted,
               [Figure(HITS, .436660, .002, allowance=1e-3)])


def c05():
    for lives in (1, 5):  # mean number of gets of a key in its time to live
        for sliding in (False, True):
            expected = 1 - math.exp(-lives) if sliding else lives / (1 + lives)
            yield Case("C05", f"{'sliding' if sliding else 'fixed'} time to live, lam T = {lives}",
                       look_aside(zipf(100, 0), 100, 6e5, 10 * lives, capacity=1000, ttl=s(lives), sliding_ttl=sliding),
                       [Figure(HITS, expected, .005)])
    for sliding, hits, entries in ((False, .651697, 3483.0), (True, .740776, 4149.7)):
        yield Case("C05", f"{'sliding' if sliding else 'fixed'}, Zipf",
                   look_aside(zipf(10000, .8), 1000, 3e6, 100, capacity=100000, ttl="10s", sliding_ttl=sliding),
                   [Figure(HITS, hits, .002), Figure("services.cache.entries", entries, .002)])


def erlang_cdf(stages, rate, time):
    """The chance that so many exponential stages are over by then."""
    if time <= 0:
        return 0.0
    return 1 - sum(math.exp(k * math.log(rate * time) - rate * time - math.lgamma(k + 1)) for k in range(stages))


def two_tiers():
    # A local cache in front of a shared one, both with a time to live from the fill. Misses of the local one are a
    # renewal process of gaps local_s + exp(rate); the remote one hits those within remote_s of its own fill.
    keys, per_key, local_s, remote_s = 100, 1, 2, 7
    inside = sum(erlang_cdf(n, per_key, remote_s - n * local_s) for n in range(1, int(remote_s / local_s) + 1))
    local = per_key * local_s / (1 + per_key * local_s)
    refill = [{"call": "store", "op": "read", "key": "k"}, {"call": "remote", "op": "set", "key": "k"}]
    look = {"call": "remote", "op": "get", "key": "k", "on_miss": refill}
    get = {"call": "local", "op": "get", "key": "k", "on_miss": [look, {"call": "local", "op": "set", "key": "k"}]}
    services = {"front": front(get), "local": cache(capacity=1000, ttl=s(local_s)),
                "remote": cache(capacity=1000, ttl=s(remote_s)), "store": server("0s", "unlimited")}
    yield Case("C05", "a local and a remote tier",
               scenario(keys * per_key, 2e6, 100, {"w": {"target": "front", "arrivals": poisson(keys * per_key)}}, services,
                        10, keys={"k": zipf(keys, 0)}),
               [Figure("services.local.hit_ratio", local, .005), Figure("services.remote.hit_ratio", inside / (1 + inside), .005),
                Figure(ORIGIN, keys * per_key * (1 - local) / (1 + inside), .005)])


def c06():
    for rate, fetch, life, answers in ((1000, .05, 60, 2e7), (10000, .1, 10, 2e7)):
        for stampede in ("none", "coalesce"):
            calls = 1 + rate * fetch if stampede == "none" else 1
            figures = [Computed("origin calls an expiry", lambda d: per_expiry(d, ORIGIN), calls, .02)]
            if stampede == "coalesce":
                figures.append(Computed("gets that wait an expiry", lambda d: per_expiry(d, COALESCED), rate * fetch, .02))
            yield Case("C06", f"{stampede}, {rate}/s, {fetch} s", look_aside(
                zipf(1, 0), rate, answers, 2 * life, s(fetch), 10, capacity=10, ttl=s(life), stampede=stampede), figures)


def stale():
    # A copy lives for L and is stale once its key is written; L is spread so that copies do not expire in step.
    spread = .9
    for writes, life in ((50, 20), (50, 40)):
        rate = writes / 1000  # of one key
        written = 1 - math.exp(-rate * life) * math.sinh(rate * life * spread) / (rate * life * spread)  # within L
        stale_s = life - written / rate
        age_s2 = life ** 2 * (1 + spread ** 2 / 3) / 2 - life / rate + written / rate ** 2
        yield Case("C08", f"stale reads, {rate * life:g} writes in a life", look_aside(
            zipf(1000, 0), 500, 3e6, 8 * life, writes=writes, capacity=2000, ttl=s(life), ttl_jitter=spread),
            [Figure("services.cache.stale_read_ratio", stale_s / life, .01),
             Figure("services.cache.staleness_s.mean", age_s2 / stale_s, .01)])


def cases():
    for each in (c01, c05, two_tiers, c06, stale):
        yield from each()
