#!/usr/bin/env bash
# Measures speed: kernel against the plainest hand-written loops, and whole scenarios through the
# program; and the same models in other simulators. Every ratio is of one run. Arguments: "quick" is
# shorter, "peers" is the other simulators only, "memory" also has 100 million requests, "--write"
# puts the tables of the other simulators into README.md and docs/flow_engine.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=build/release/tests
quick=() write=() memory=no only_peers=no
for argument in "$@"; do
  case $argument in
    quick) quick=(quick) ;;
    peers) only_peers=yes ;;
    memory) memory=yes ;;
    --write) write=(--write) ;;
    *) echo "usage: ./dev bench [quick] [peers] [memory] [--write]" >&2 && exit 2 ;;
  esac
done

echo "== other simulators"
python3 tests/bench/peers/compare.py build/release "${quick[@]}" "${write[@]}"
[ $only_peers = yes ] && exit
echo "== the network engines beside SimGrid"
python3 tests/bench/flow/engines.py build/release "${quick[@]}" "${write[@]}"
echo "== event list against std::priority_queue"
$bin/bench_hold "${quick[@]}"
echo "== M/M/1, one process per customer, against a hand-written loop"
$bin/bench_mm1 "${quick[@]}"
echo "== many stations, against a hand-written loop on the same event list"
$bin/bench_stations "${quick[@]}"
echo "== eviction policies, against a plain hash table with a list"
$bin/bench_cache "${quick[@]}"

echo "== how often intervals hold the truth"
$bin/bench_coverage ${quick:+200}
echo "== what common random numbers are worth, over pairs of the gallery"
python3 tests/bench/pairing.py build/release/headroom

echo "== two of something against one thread"
python3 tests/bench/executors.py build/release/headroom

echo "== whole scenarios through the program, one thread"
for scenario in mm1 mmc three_tier; do
  python3 tests/bench/requests_per_second.py build/release/headroom scenarios/$scenario.json
done
echo "== instructions per request"
for scenario in mm1 three_tier; do
  printf '%-12s' $scenario
  tests/bench/instructions_per_request.sh $bin/bench_request_path scenarios/$scenario.json
done
printf '%-12s' 'by hand'
tests/bench/instructions_per_request.sh $bin/bench_three_tier
# What a message of a store costs: three calls more, and writes with 12 (raft) and 10 messages each.
for scenario in one_call four_calls raft_write quorum_write; do
  printf '%-12s' $scenario
  SHORT=1s LONG=3s tests/bench/instructions_per_request.sh $bin/bench_request_path tests/bench/stores/$scenario.json
done
# A call of a cache that hits, beside one of a server with the same work.
for scenario in hit server; do
  printf '%-12s' $scenario
  tests/bench/instructions_per_request.sh $bin/bench_request_path tests/bench/caches/$scenario.json run.trace=0
done
echo "== five copies of raft, 10,000 writes a second for 11 s"
python3 tests/bench/requests_per_second.py build/release/headroom tests/bench/stores/raft_10k.json
echo "== start"
python3 tests/bench/requests_per_second.py build/release/headroom --start

if [ $memory = yes ]; then
  echo "== memory of 100 million requests"
  python3 tests/bench/requests_per_second.py build/release/headroom scenarios/mmc.json \
    --set run.duration=125000s --set run.warmup=10s --replications 1
fi
