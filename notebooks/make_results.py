#!/usr/bin/env python3
"""Makes the result files that the notebooks read.

usage: make_results.py [PROGRAM [DIRECTORY]]

PROGRAM is build/release/headroom where not given, DIRECTORY is build/notebooks/results. What is in the
directory already is made anew.
"""
import pathlib
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DONE = (0, 3, 4)  # exit codes of a study that ran, whatever its verdict

LOADS = "run.load=0.25,0.5,0.625,0.75,0.875,1,1.0625,1.125,1.15,1.1875"  # busy share: 0.8 times that
POOL = "sweep scenarios/mmc.json --vary " + LOADS
SLOTS = "capacity scenarios/mmc.json --find services.app.concurrency --set run.warmup=5s --duration 60s --at run.load="
BRIEFLY = " --duration 30s --replications 5"
FAR = ("sweep scenarios/cap_partition.json --set failures=[] --set services.db.replication.R=null --set "
       "services.db.replication.W=null --vary 'network.east <-> west.latency=1ms,5ms,20ms,40ms,80ms' --duration 20s "
       "--set services.db.replication.protocol=")

# Name of the result to the command that makes it.
COMMANDS = {
    "three_tier": "run scenarios/three_tier.json",
    "zone_cut": "run scenarios/zone_cut.json",
    "fan_out": "run scenarios/fan_out.json",
    "pool_of_1": POOL + " --set workloads.users.arrivals.poisson=80/s --set services.app.concurrency=1 "
                        "--set run.warmup=40s --duration 5min",
    "pool_of_4": POOL + " --set workloads.users.arrivals.poisson=320/s --set services.app.concurrency=4 "
                        "--set run.warmup=20s --duration 2min",
    "pool_of_16": POOL + " --set workloads.users.arrivals.poisson=1280/s --set services.app.concurrency=16 "
                         "--set run.warmup=5s --duration 30s",
    "seeds": "sweep scenarios/mm1.json --vary run.seed=1..100:100 --set run.warmup=20s --duration 60s "
             "--replications 5",
    "replications": "sweep scenarios/mm1.json --vary run.replications=5,10,20,40,80,160 "
                    "--set run.warmup=20s --duration 60s",
    "limit_of_one": "capacity scenarios/mm1.json --set 'slos.fast.require=mean < 50ms' --set run.warmup=40s",
    "slots_at_1": SLOTS + "1",
    "slots_at_2": SLOTS + "2",
    "slots_at_4": SLOTS + "4",
    "all_there": "capacity scenarios/three_tier.json --resolution 3%" + BRIEFLY,
    "one_gone": "capacity scenarios/three_tier.json --resolution 3% --without app[0] --set "
                "'services.lb.health_check={\"interval\": \"100ms\", \"timeout\": \"50ms\", \"unhealthy_after\": 1}'" + BRIEFLY,
    "twice_the_slots": "compare scenarios/mm1.json --set services.app.concurrency=2 --set run.warmup=20s",
    "explained": "explain scenarios/three_tier.json" + BRIEFLY,
    "cap": "cap scenarios/cap_partition.json --set services.db.history=8000",
    "cap_calm": "run scenarios/cap_partition.json --set failures=[] --duration 60s",
    "quorums": "sweep scenarios/quorum_staleness.json --vary services.db.replication.R=1,2,3 "
               "--vary services.db.replication.W=1,2,3 --duration 450s --replications 5",
    "writes_more": "sweep scenarios/quorum_staleness.json --vary workloads.writers.arrivals.poisson=1/s,2/s,5/s,10/s "
                   "--duration 100s --replications 5",
    "far_raft": FAR + "raft",
    "far_multi_leader": FAR + "multi_leader",
    "storms": "stability scenarios/retry_storm.json --vary run.load=0.45..0.95:6 --trigger 1s,5s,10s,20s "
              "--duration 6min --replications 5",
}


def make(program, directory):
    for name, command in COMMANDS.items():
        target = directory / name
        shutil.rmtree(target, ignore_errors=True)
        print(f"headroom {command} -o {target}", flush=True)
        done = subprocess.run([program, *shlex.split(command), "-o", str(target), "-q"], cwd=ROOT,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode not in DONE:
            sys.exit(f"exits {done.returncode}: {done.stderr[:1000]}")


def main():
    program, directory, *_ = sys.argv[1:] + ["build/release/headroom", "build/notebooks/results"][len(sys.argv) - 1:]
    make(pathlib.Path(program).resolve(), pathlib.Path(directory).resolve())


if __name__ == "__main__":
    main()
