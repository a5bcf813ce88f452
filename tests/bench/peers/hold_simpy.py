"""The hold model in SimPy: each of those pending is a process that pauses over and over.

Arguments: how many are pending, seconds to simulate. Answer: pauses of one a second.
"""
import random
import sys
import time

import simpy


def hold(env, operations):
    while True:
        yield env.timeout(random.expovariate(1))
        operations[0] += 1


def main():
    pending, horizon_s = int(sys.argv[1]), int(sys.argv[2])
    random.seed(7)
    operations = [0]
    env = simpy.Environment()
    for _ in range(pending):
        env.process(hold(env, operations))
    start = time.process_time()
    env.run(until=horizon_s)
    spent = time.process_time() - start
    print(f"{operations[0] / spent:.0f} {operations[0] / (pending * horizon_s):.9g}")


main()
