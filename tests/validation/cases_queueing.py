"""Single stations: cases Q01 to Q10, Q15, Q19, Q23, Q26."""
import math

import theory
from shapes import (BUSY, ERRORS, IN_SYSTEM, LATENCY, QUEUE, SERVED, WAIT, Case, Figure, exp, poisson, s, scenario,
                    server, station)


def quantiles(prefix, by_name, power):
    return [Figure(prefix + name, value, power) for name, value in by_name.items()]


def of_mm1(lam, power, tail_power, scale=1.0):
    rate = 1 - lam
    points = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99_9": 0.999}
    times = {name: -math.log(1 - p) / rate * scale for name, p in points.items()}
    deep = [Figure(LATENCY + "p99_9", times.pop("p99_9"), 2.5 * tail_power)]
    return [Figure(LATENCY + "mean", scale / rate, power), Figure(IN_SYSTEM, lam / rate, power),
            Figure(WAIT + "mean", lam / rate * scale, power), Figure(BUSY, lam, 0.002),
            *quantiles(LATENCY, times, tail_power), *deep]


def q01():
    for lam, requests, power in ((0.5, 2.5e6, 0.004), (0.8, 7e6, 0.007), (0.9, 7e6, 0.012), (0.95, 9e6, 0.02)):
        yield Case("Q01", f"M/M/1 {lam}", station(lam, exp(), requests), of_mm1(lam, power, 1.5 * power))
    small = scenario(800, 4e6, 4, {"w": {"target": "app", "arrivals": {"poisson": "800/s"}}}, {"app": server({"exp": "1ms"})})
    yield Case("Q01", "M/M/1 .8 in ms", small, of_mm1(0.8, 0.01, 0.015, scale=0.001))
    # Who is served next does not matter to means, however different the tails are.
    for discipline in ("fifo", "lifo", "random"):
        for name, work, wait in (("M/M/1", exp(), 4), ("M/U/1", {"uniform": ["0s", "2s"]}, 8 / 3)):
            yield Case("Q01", f"{name} .8 {discipline}", station(0.8, work, 4e6, discipline=discipline),
                       [Figure(WAIT + "mean", wait, 0.01), Figure(QUEUE, 0.8 * wait, 0.01)])


def q02():
    points = [(2, 1.0, 2e6, 0.005), (2, 1.4, 2e6, 0.006), (2, 1.6, 4e6, 0.008), (2, 1.8, 6e6, 0.015),
              (4, 3.6, 6e6, 0.015), (10, 8, 3e6, 0.008), (16, 14, 4e6, 0.01), (100, 95, 5e6, 0.03)]
    for slots, lam, requests, power in points:
        waits, wait, time = theory.mmc(slots, lam)
        of_wait = {"p99": theory.mmc_wait_quantile(slots, lam, 0.99)}
        for name, p in (("p90", 0.9), ("p95", 0.95)):
            # Near the atom at 0 the law is flat and the quantile ill-determined.
            if waits > 1.5 * (1 - p):
                of_wait[name] = theory.mmc_wait_quantile(slots, lam, p)
        figures = [Figure(LATENCY + "mean", time, power), Figure(WAIT + "mean", wait, 1.5 * power),
                   Figure(QUEUE, lam * wait, 1.5 * power), Figure(BUSY, lam / slots, 0.002),
                   *quantiles(WAIT, of_wait, 2.5 * power)]
        if slots - lam != 1:
            of_time = {name: theory.mmc_time_quantile(slots, lam, p)
                       for name, p in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
            figures += quantiles(LATENCY, of_time, 1.5 * power)
        yield Case("Q02", f"M/M/{slots} lam={lam}", station(lam, exp(), requests, slots), figures)


def q03():
    for slots, offered, requests, power in ((1, 1, 1e6, 0.002), (5, 3, 3e6, 0.004), (10, 8, 3e6, 0.004), (100, 90, 8e6, 0.01)):
        lost = theory.erlang_b(slots, offered)
        yield Case("Q03", f"M/M/{slots}/{slots} a={offered}",
                   station(offered, exp(), requests, slots, warmup=200, queue_limit=0),
                   [Figure(ERRORS, lost, power), Figure(BUSY, offered * (1 - lost) / slots, 0.002),
                    Figure(LATENCY + "mean", 1, 0.002)])


def q04():
    for lam, slots, most, requests in ((0.9, 1, 10, 4e6), (1.2, 1, 10, 3e6), (2, 1, 10, 2e6), (12, 10, 20, 3e6)):
        lost, number, time, rate = theory.finite_queue(lam, slots, most)
        yield Case("Q04", f"M/M/{slots}/{most} lam={lam}",
                   station(lam, exp(), requests, slots, warmup=1000, queue_limit=most - slots),
                   [Figure(ERRORS, lost, 0.01), Figure(IN_SYSTEM, number, 0.005), Figure(LATENCY + "mean", time, 0.005),
                    Figure(SERVED, rate, 0.002)])


def hyperexponential(squared_variation):
    """Two phases of balanced means, together of mean 1."""
    p = (1 + math.sqrt((squared_variation - 1) / (squared_variation + 1))) / 2
    return {"hyperexp": [{"p": p, "mean": s(1 / (2 * p))}, {"p": 1 - p, "mean": s(1 / (2 * (1 - p)))}]}


def q05():
    weibull = math.gamma(1 + 2 / 0.8) / math.gamma(1 + 1 / 0.8) ** 2 - 1
    laws = {
        "D": (s(1), 0), "E2": ({"erlang": {"mean": "1s", "k": 2}}, 1 / 2), "E4": ({"erlang": {"mean": "1s", "k": 4}}, 1 / 4),
        "U": ({"uniform": ["0s", "2s"]}, 1 / 3), "M": (exp(), 1),
        "lognormal": ({"lognormal": {"mean": "1s", "cv": math.sqrt(math.e - 1)}}, math.e - 1),
        "gamma": ({"gamma": {"mean": "1s", "cv": 1.5}}, 2.25), "Weibull": ({"weibull": {"mean": "1s", "shape": 0.8}}, weibull),
        "H2": (hyperexponential(4), 4),
    }
    points = [(0.5, ("D", "E2", "U", "M", "lognormal", "gamma", "Weibull"), 3e6, 0.01),
              (0.8, ("D", "E4", "U", "M", "H2"), 5e6, 0.015), (0.9, ("D", "E2", "M"), 8e6, 0.015)]
    for rho, names, requests, power in points:
        for name in names:
            law, variation = laws[name]
            wait = theory.pollaczek_khinchine(rho, variation)
            yield Case("Q05", f"M/{name}/1 {rho}", station(rho, law, requests, warmup=6000),
                       [Figure(WAIT + "mean", wait, power), Figure(BUSY, rho, 0.002), Figure(QUEUE, rho * wait, power)])


def q07():
    gaps = {
        "D": (lambda rho: {"constant": f"{rho}/s"}, lambda rho: lambda x: math.exp(-x / rho)),
        "E2": (lambda rho: {"renewal": {"erlang": {"mean": s(1 / rho), "k": 2}}},
               lambda rho: lambda x: (2 * rho / (2 * rho + x)) ** 2),
        "U": (lambda rho: {"renewal": {"uniform": ["0s", s(2 / rho)]}},
              lambda rho: lambda x: (1 - math.exp(-2 * x / rho)) / (2 * x / rho)),
    }
    for name, rho, requests, power in (("D", 0.5, 3e6, 0.005), ("D", 0.8, 4e6, 0.01), ("D", 0.9, 8e6, 0.015),
                                       ("E2", 0.8, 4e6, 0.01), ("U", 0.8, 4e6, 0.01)):
        arrivals, transform = gaps[name]
        sigma = theory.gim1_sigma(transform(rho))
        times = {key: -math.log(1 - p) / (1 - sigma) for key, p in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}
        # The wait is 0 with probability 1 - sigma, else exponential: its quantiles tell sigma.
        waits = {key: math.log(sigma / (1 - p)) / (1 - sigma) for key, p in (("p90", 0.9), ("p99", 0.99))}
        yield Case("Q07", f"{name}/M/1 {rho}", station(rho, exp(), requests, arrivals=arrivals(rho)),
                   [Figure(WAIT + "mean", sigma / (1 - sigma), 1.5 * power), Figure(LATENCY + "mean", 1 / (1 - sigma), power),
                    *quantiles(LATENCY, times, 1.5 * power), *quantiles(WAIT, waits, 1.5 * power)])


def q09():
    shared = {"discipline": "processor_sharing", "cores": 1, "slots": "unlimited"}
    laws = {"M": exp(), "D": s(1), "lognormal": {"lognormal": {"mean": "1s", "cv": math.sqrt(math.e - 1)}},
            "U": {"uniform": ["0s", "2s"]}}
    for rho, names, requests in ((0.5, ("M", "lognormal"), 2e6), (0.8, ("M", "D", "lognormal", "U"), 5e6)):
        for name in names:
            yield Case("Q09", f"M/{name}/1-PS {rho}", station(rho, laws[name], requests, warmup=4000, **shared),
                       [Figure(LATENCY + "mean", 1 / (1 - rho), 0.01), Figure(IN_SYSTEM, rho / (1 - rho), 0.01),
                        Figure(BUSY, rho, 0.002)])
    sizes = {"tiny": 0.1, "small": 0.5, "large": 2.4}
    by_size = station(0.8, None, 6e6, warmup=4000, workload={"mix": {name: 1 / 3 for name in sizes}},
                      endpoints={name: [{"cpu": s(size)}] for name, size in sizes.items()}, **shared)
    yield Case("Q09", "PS .8 by size", by_size,
               [Figure(f"workloads.w.endpoints.{name}.latency_s.mean", 5 * size, 0.01) for name, size in sizes.items()])
    for lam in (0.5, 0.8):
        wait = theory.shortest_first_wait(lam)
        yield Case("Q09", f"shortest first {lam}", station(lam, exp(), 4e6, discipline="shortest_first"),
                   [Figure(WAIT + "mean", wait, 0.01), Figure(QUEUE, lam * wait, 0.01)])


def q10():
    for rates, requests, power in (((0.3, 0.5), 6e6, 0.01), ((0.2, 0.3, 0.4), 10e6, 0.02)):
        workloads, figures = {}, []
        for i, (rate, wait) in enumerate(zip(rates, theory.cobham(rates))):
            workloads[f"class{i + 1}"] = {"target": "app", "arrivals": poisson(rate), "priority": 10 - i}
            figures.append(Figure(f"workloads.class{i + 1}.latency_s.mean", 1 + wait, power))
        yield Case("Q10", f"Cobham {rates}",
                   scenario(sum(rates), requests, 6000, workloads, {"app": server(exp(), discipline="priority")}), figures)


def q15():
    for lam, slots, impatience, requests in ((50, 50, 1, 8e6), (1.2, 1, 0.5, 3e6)):
        abandon, queue, busy, _ = theory.erlang_a(lam, slots, impatience)
        yield Case("Q15", f"M/M/{slots}+M lam={lam}",
                   station(lam, exp(), requests, slots, warmup=300, workload={"patience": exp(1 / impatience)}),
                   [Figure(ERRORS, abandon, 0.01), Figure(QUEUE, queue, 0.01), Figure(BUSY, busy, 0.002),
                    Figure(SERVED, lam * (1 - abandon), 0.002)])


def q19():
    for slots, lam, wait, requests in ((2, 1.6, 0.903284, 3e6), (4, 3.6, 0.999966, 5e6), (10, 9, 0.344582, 5e6), (50, 45, 0.039526, 6e6)):
        yield Case("Q19", f"M/D/{slots} lam={lam}", station(lam, s(1), requests, slots),
                   [Figure(WAIT + "mean", wait, 0.02), Figure(BUSY, lam / slots, 0.002), Figure(LATENCY + "mean", 1 + wait, 0.01)])


def q23():
    for lam, requests in ((0.9, 8e6), (0.8, 5e6)):
        late = math.exp(-5 * (1 - lam))
        yield Case("Q23", f"timeout 5, {lam}", station(lam, exp(), requests, workload={"timeout": "5s"}),
                   [Figure(ERRORS, late, 0.01), Figure("workloads.w.goodput_per_s", lam * (1 - late), 0.01),
                    Figure(BUSY, lam, 0.002), Figure(IN_SYSTEM, lam / (1 - lam), 0.015)])


def q26():
    for size, rho, requests in ((2, 0.8, 5e6), (5, 0.8, 8e6), (10, 0.5, 4e6)):
        batches = {"batch": {"rate": f"{rho / size:.12g}/s", "size": size}}
        yield Case("Q26", f"batches of {size}, {rho}", station(rho, exp(), requests, warmup=6000, arrivals=batches),
                   [Figure(LATENCY + "mean", (1 + (size - 1) / 2) / (1 - rho), 0.012), Figure(BUSY, rho, 0.002)])
    yield Case("Q26", "M/M/inf a=50", station(50, exp(), 1e6, "unlimited", warmup=50),
               [Figure(IN_SYSTEM, 50, 0.005), Figure(LATENCY + "mean", 1, 0.005), Figure(LATENCY + "p99", math.log(100), 0.01)])


def cases():
    for area in (q01, q02, q03, q04, q05, q07, q09, q10, q15, q19, q23, q26):
        yield from area()
