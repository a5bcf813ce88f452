"""How the cases build scenarios, and what they expect of the figures."""
from dataclasses import dataclass, field

REPLICATIONS = 30

LATENCY = "workloads.w.latency_s."
ERRORS = "workloads.w.error_rate"
ATTEMPTS = "workloads.w.attempts_per_request"
SERVED = "workloads.w.served_per_s"
WAIT = "services.app.wait_s."
BUSY = "services.app.utilization"
QUEUE = "services.app.queue_length"
IN_SYSTEM = "services.app.in_system"


@dataclass
class Figure:
    """A figure of the JSON document. It must lie within four standard errors of `expected`; the
    standard error, relative to `expected`, must be below `power`, or the check could not fail.
    `reference_error` is the standard error of `expected` itself, `allowance` how far it may be off
    for a reason stated where it is used (a limit, an approximation), relatively."""

    path: str
    expected: float
    power: float = 0.01
    reference_error: float = 0.0
    allowance: float = 0.0


@dataclass
class Computed:
    """A number computed from the document, and how far it may be off, relatively."""

    what: str
    value: object
    expected: float
    tolerance: float


@dataclass
class Case:
    id: str
    name: str
    scenario: dict
    figures: list = field(default_factory=list)


def s(seconds):
    return f"{seconds:.12g}s"


def exp(mean=1.0):
    return {"exp": s(mean)}


def poisson(rate):
    return {"poisson": f"{rate:.12g}/s"}


def scenario(rate, requests, warmup, workloads, services, replications=REPLICATIONS, **top):
    """`requests` in all, of which `rate` come in a second; `warmup` in seconds before each run."""
    return {
        "headroom": 1,
        "name": "validation",
        "run": {"warmup": s(warmup), "duration": s(requests / rate / replications),
                "replications": replications, "seed": 1},
        "workloads": workloads,
        "services": services,
        **top,
    }


def server(service=None, slots=1, **fields):
    work = {"service_time": service} if service is not None else {}
    return {"kind": "server", "concurrency": slots, "queue_limit": "unlimited", **work, **fields}


def front(*steps):
    """A tier that takes no time of its own."""
    return {"kind": "server", "concurrency": "unlimited", "endpoints": {"call": list(steps)}}


def station(rate, service, requests, slots=1, warmup=None, arrivals=None, workload=None, **fields):
    """One workload "w" and one server "app"."""
    load = rate / slots if slots != "unlimited" else 0
    warmup = warmup or min(10000, 200 / max(0.05, 1 - load) ** 1.5)
    workloads = {"w": {"target": "app", "arrivals": arrivals or poisson(rate), **(workload or {})}}
    return scenario(rate, requests, warmup, workloads, {"app": server(service, slots, **fields)})


def pool(n, load, policy, requests, warmup, replications=REPLICATIONS, service=None, **balancer):
    """n servers of one slot behind a balancer, `load` for each."""
    services = {
        "lb": {"kind": "load_balancer", "to": "app", "policy": policy, **balancer},
        "app": server(service or exp(), replicas=n),
    }
    workloads = {"w": {"target": "lb", "arrivals": poisson(n * load)}}
    return scenario(n * load, requests, warmup, workloads, services, replications)


def calls(*names):
    return [{"call": name} for name in names]


def side_by_side(steps, need=None):
    step = {"parallel": [list(branch) for branch in steps]}
    return step if need is None else {**step, "need": need}


def value_of(document, path):
    found = at(document, path)
    return found["value"] if isinstance(found, dict) else found


def at(document, path):
    for key in path.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document
