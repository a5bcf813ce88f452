"""M/M/1 in SimPy: a process for each customer. Argument: customers."""
import random
import sys
import time

import simpy

LOAD = 0.8


def customer(env, server, sojourns):
    arrived = env.now
    with server.request() as turn:
        yield turn
        yield env.timeout(random.expovariate(1))
    sojourns[0] += env.now - arrived


def arrivals(env, customers, sojourns):
    server = simpy.Resource(env)
    for _ in range(customers):
        yield env.timeout(random.expovariate(LOAD))
        env.process(customer(env, server, sojourns))


def main():
    customers = int(sys.argv[1])
    random.seed(7)
    sojourns = [0.0]
    env = simpy.Environment()
    env.process(arrivals(env, customers, sojourns))
    start = time.process_time()
    env.run()
    print(f"{customers / (time.process_time() - start):.0f} {sojourns[0] / customers:.9g}")


main()
