"""Closed forms of queueing theory. Service mean 1 unless said; times in seconds, rates per second."""
import math


def erlang_b(slots, offered):
    blocked = 1.0
    for c in range(1, slots + 1):
        blocked = offered * blocked / (c + offered * blocked)
    return blocked


def erlang_c(slots, offered):
    blocked = erlang_b(slots, offered)
    return blocked / (1 - offered / slots * (1 - blocked))


def mmc(slots, lam):
    """P(wait), mean wait and mean time in system of M/M/c."""
    waits = erlang_c(slots, lam)
    wait = waits / (slots - lam)
    return waits, wait, wait + 1


def mmc_wait_quantile(slots, lam, p):
    """Of the wait, 0 for who does not wait. A check of P(wait), too: the tail starts from it."""
    return max(0.0, math.log(erlang_c(slots, lam) / (1 - p)) / (slots - lam))


def mmc_time_quantile(slots, lam, p):
    """Of wait + service by bisection of its tail; not for slots - lam = 1."""
    waits, rate = erlang_c(slots, lam), slots - lam

    def tail(t):
        longer = (rate * math.exp(-t) - math.exp(-rate * t)) / (rate - 1)
        return (1 - waits) * math.exp(-t) + waits * longer

    return bisect(lambda t: 1 - p - tail(t), 0, 100)


def bisect(f, low, high):
    """Where f, which grows, is 0."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return (low + high) / 2


def birth_death(births, deaths):
    """Probabilities of 0, 1, ..., from the rates up from n and down from n + 1."""
    weights = [1.0]
    for up, down in zip(births, deaths):
        weights.append(weights[-1] * up / down)
    total = sum(weights)
    return [weight / total for weight in weights]


def finite_queue(lam, slots, most):
    """M/M/c/K: lost share, mean number in system, mean time of the accepted, throughput."""
    p = birth_death([lam] * most, [min(n, slots) for n in range(1, most + 1)])
    number = sum(n * share for n, share in enumerate(p))
    accepted = lam * (1 - p[-1])
    return p[-1], number, number / accepted, accepted


def erlang_a(lam, slots, impatience):
    """M/M/c+M: share that abandons, mean queue, busy share of the slots, P(wait)."""
    most = slots + 600
    p = birth_death([lam] * most, [min(n, slots) + impatience * max(0, n - slots) for n in range(1, most + 1)])
    queue = sum((n - slots) * share for n, share in enumerate(p) if n > slots)
    abandon = impatience * queue / lam
    return abandon, queue, lam * (1 - abandon) / slots, sum(p[slots:])


def pollaczek_khinchine(rho, squared_variation):
    return rho * (1 + squared_variation) / (2 * (1 - rho))


def gim1_sigma(transform):
    """The root in (0, 1) of sigma = transform(1 - sigma), the transform being that of the gaps."""
    return bisect(lambda sigma: sigma - transform(1 - sigma), 0, 1 - 1e-9)


def cobham(rates):
    """Mean waits of classes of exponential work of mean 1, highest first; no preemption."""
    residual, done, waits = sum(rates), 0.0, []
    for rate in rates:
        waits.append(residual / ((1 - done) * (1 - done - rate)))
        done += rate
    return waits


def shortest_first_wait(lam):
    """Phipps 1956 for exponential work: integral of lam e^-x / (1 - rho(x))^2 by Simpson's rule."""
    steps, end = 20000, 60.0

    def f(x):
        return lam * math.exp(-x) / (1 - lam * (1 - (1 + x) * math.exp(-x))) ** 2

    h = end / steps
    inner = sum((4 if i % 2 else 2) * f(i * h) for i in range(1, steps))
    return h / 3 * (f(0) + inner + f(end))


def mva(demands, think, users):
    """Exact mean value analysis of single servers: throughput, response, mean numbers at each."""
    queues = [0.0] * len(demands)
    for n in range(1, users + 1):
        times = [demand * (1 + queue) for demand, queue in zip(demands, queues)]
        rate = n / (think + sum(times))
        queues = [rate * time for time in times]
    return rate, sum(times), queues


def repairmen(machines, men, fail, repair):
    """Mean number down, repairs a second, P(all up), mean time down."""
    p = birth_death([(machines - n) * fail for n in range(machines)], [min(n, men) * repair for n in range(1, machines + 1)])
    down = sum(n * share for n, share in enumerate(p))
    rate = (machines - down) * fail
    return down, rate, p[0], down / rate


def supermarket(lam, choices):
    """Mean time in system of d choices among very many servers. Source: Mitzenmacher 2001."""
    if choices == 1:
        return 1 / (1 - lam)
    return sum(lam ** ((choices ** i - choices) / (choices - 1)) for i in range(1, 60) if choices ** i < 1e6)


def two_queues(rho, sees_both, most=50):
    """Mean time in system at two servers where an arrival joins the shorter queue with the
    probability `sees_both`, either one otherwise. The chain of both lengths, by Gauss-Seidel."""
    lam, size = 2 * rho, most + 1
    p = [[0.25 * rho ** (i + j) for j in range(size)] for i in range(size)]

    def joins(i, j):
        """Probability that an arrival at lengths (i, j) joins the first."""
        shorter = 1.0 if i < j else 0.5 if i == j else 0.0
        return sees_both * shorter + (1 - sees_both) / 2

    first = [[joins(i, j) for j in range(size)] for i in range(size)]
    before = 0.0
    for sweep in range(3000):
        for i in range(size):
            for j in range(size):
                into = out = 0.0
                if i > 0:
                    into += p[i - 1][j] * lam * first[i - 1][j]
                    out += 1
                if j > 0:
                    into += p[i][j - 1] * lam * (1 - first[i][j - 1])
                    out += 1
                if i < most:
                    into += p[i + 1][j]
                    out += lam * first[i][j]
                if j < most:
                    into += p[i][j + 1]
                    out += lam * (1 - first[i][j])
                p[i][j] = into / out
        total = sum(map(sum, p))
        number = sum((i + j) * p[i][j] for i in range(size) for j in range(size)) / total
        if abs(number - before) < 1e-9:
            break
        before = number
    return number / lam


def fork_join(n, rho):
    """Nelson and Tantawi 1988; exact for two (Flatto, Hahn), an approximation above."""
    two = (12 - rho) / 8 / (1 - rho)
    ratio = sum(1 / k for k in range(1, n + 1)) / 1.5
    return two if n == 2 else (ratio + 4 / 11 * (1 - ratio) * rho) * two


def student(degrees):
    """The 97.5 % quantile of Student's t."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)

    def middle(t, steps=400):
        h = t / steps
        ys = [(1 + (i * h) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)]
        return scale * h / 3 * (ys[0] + ys[-1] + 4 * sum(ys[1:-1:2]) + 2 * sum(ys[2:-1:2]))

    return bisect(lambda t: middle(t) - 0.475, 0, 13 if degrees > 1 else 20)
