"""What is done about each case of VALIDATION.md in the areas Queueing, Balancing and Tail, and
about those of the areas Replication, Brokers and Failures that the present families express."""

import pathlib

RECORDED = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "cloudPhysicsIO.oracleGeneral.bin"
SCENARIO, ANALYTIC, NOT_EXPRESSIBLE = "scenario", "analytic", "not expressible"

# Id, what is done, which points or why not.
TABLE = [
    ("Q01", SCENARIO, "rho .5 .8 .9 .95; the same at a thousandth of the time scale; last come, random order"),
    ("Q02", SCENARIO, "all points and three more loads of c=2; P(wait) through quantiles of the wait, as no "
                      "figure is the share that waits"),
    ("Q03", SCENARIO, "all points"),
    ("Q04", SCENARIO, "all points"),
    ("Q05", SCENARIO, "all points; gamma and Weibull besides"),
    ("Q07", SCENARIO, "all points, sigma through quantiles of the wait; Erlang-2 and uniform gaps besides"),
    ("Q09", SCENARIO, "processor sharing: all points, uniform and mixed work, size by size. SRPT is not "
                      "expressible: work begun is never put back; without preemption (Phipps) it is"),
    ("Q10", SCENARIO, "without preemption: all points. With it: not expressible, as no discipline preempts"),
    ("Q12", SCENARIO, "all points; the response-time law within its error, as the mean think time is no figure"),
    ("Q13", SCENARIO, "both points; feedback as a retry without a pause, and as nested choices"),
    ("Q15", SCENARIO, "both points; P(wait) of c=50 only in closed form, as no figure is the share that waits"),
    ("Q19", SCENARIO, "mean waits of all points; P(all busy) is no figure"),
    ("Q20", SCENARIO, "all points"),
    ("Q23", SCENARIO, "all points"),
    ("Q25", NOT_EXPRESSIBLE, "processor sharing has no weights"),
    ("Q26", SCENARIO, "batches: all points. M/M/inf: the mean, as the distribution of the number in system is "
                      "no figure"),
    ("B01", SCENARIO, "n=1000 with replacement, all loads; without replacement at .9; d=1 with fewer servers. "
                      "Share of servers with k jobs: only k=1, the utilisation"),
    ("B02", SCENARIO, "all points"),
    ("B04", SCENARIO, "all points; M/M/2 at the same loads is under Q02"),
    ("B08", SCENARIO, "standard deviation for v=10, 100, 1000 on the one ring of 1000 replicas; v=1 has too wide a "
                      "law for one ring"),
    ("B09", ANALYTIC, "a mean over many rings, and a scenario has one: models/balancer/hashing_test.cpp, all points"),
    ("B10", SCENARIO, "shares of 1000 backends as even as 65 or 66 entries each, which models/balancer/hashing_test.cpp "
                      "counts, with the random table"),
    ("B12", ANALYTIC, "keys that stay, not calls that end: models/balancer/hashing_test.cpp, all points and the bound"),
    ("B13", SCENARIO, "all points, as keys that a database moves when shards are added; ring of 20,000 points each"),
    ("T01", SCENARIO, "all points"),
    ("T02", SCENARIO, "all points"),
    ("T05", SCENARIO, "all points; the latency of the ok ones follows from that of all"),
    ("T06", ANALYTIC, "published tables for shaping a model, nothing to reproduce"),
    ("C01", SCENARIO, "all points but a million items, which the outside checks run"),
    ("C04", ANALYTIC, "a perfect choice of what to hold is no policy; models/cache compares its policies with it"),
    ("C05", SCENARIO, "all points; a local tier in front of a remote one besides, by renewal"),
    ("C06", SCENARIO, "all points, as the origin's calls a second over the cycle of an expiry"),
    ("C07", SCENARIO if RECORDED.exists() else ANALYTIC, "all misses, exact, by a replay; bytes in tests/recorded. Where the trace is absent, nothing is run"),
    ("C08", SCENARIO, "stale reads and their age where nobody tells the cache of writes: an own case, by renewal"),
    ("R01", SCENARIO, "latencies of N=3 but W=3 on disks; how stale reads are at a time after the write is no figure"),
    ("R04", SCENARIO, "all points"),
    ("R05", SCENARIO, "means of six rows, where all four others can be elected; medians too, where two can, in "
                      "tests/protocols/raft_test.cpp. 12-24 needs shorter ways, 150-155 and 150-150 an exact moment"),
    ("K01", SCENARIO, "all points; five workers of twelve partitions through how busy they are; lingering publishers besides"),
    ("F02", SCENARIO, "all points as a closed network (users are machines); r=N through `every` and `repair`; "
                      "P(all up) in closed form"),
    ("F04", SCENARIO, "all points"),
    ("F05", SCENARIO, "100/s recovers, when is counted in whole seconds of goodput; 155/s, 200/s and 280/s never do"),
    ("F09", SCENARIO, "p=.5 k=3, 5; p=.9 k=5; p=.2 k=3 as a user whose breaker opens for a microsecond; k=10 takes too many calls"),
]

AREAS = ("Queueing", "Balancing", "Caches", "Tail")


def ids_of(text):
    """The ids of the areas in the text of VALIDATION.md."""
    found, area = [], ""
    for line in text.splitlines():
        if line.startswith("### "):
            area = line[4:].strip()
        elif line.startswith("**") and area in AREAS:
            name = line[2:].split(" ")[0]
            if len(name) == 3 and name[1:].isdigit():
                found.append(name)
    return found


def show(point_counts):
    for name, what, note in TABLE:
        figures = point_counts.get(name, (0, 0))
        done = f"{figures[0]} scenarios, {figures[1]} figures" if figures[0] else ""
        print(f"{name}  {what:16s} {done:27s} {note}")
    for kind in (SCENARIO, ANALYTIC, NOT_EXPRESSIBLE):
        print(f"{kind}: {sum(1 for _, what, _ in TABLE if what == kind)}")
