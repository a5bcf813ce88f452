#!/usr/bin/env bash
# Measures speed: kernel against the plainest hand-written loops, and whole scenarios through the
# program. Every ratio is of one run. With "quick", shorter. With "memory", also 100 million requests.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=build/release/tests
mode=${1:-full}
quick=()
[ "$mode" = quick ] && quick=(quick)

echo "== event list against std::priority_queue"
$bin/bench_hold "${quick[@]}"
echo "== M/M/1, one process per customer, against a hand-written loop"
$bin/bench_mm1 "${quick[@]}"
echo "== many stations, against a hand-written loop on the same event list"
$bin/bench_stations "${quick[@]}"

echo "== whole scenarios through the program, one thread"
for scenario in mm1 mmc three_tier; do
  python3 tests/bench/requests_per_second.py build/release/headroom scenarios/$scenario.json
done
echo "== instructions per request"
for scenario in mm1 three_tier; do
  printf '%-12s' $scenario
  tests/bench/instructions_per_request.sh $bin/bench_request_path scenarios/$scenario.json
done
echo "== start"
python3 tests/bench/requests_per_second.py build/release/headroom --start

if [ "$mode" = memory ]; then
  echo "== memory of 100 million requests"
  python3 tests/bench/requests_per_second.py build/release/headroom scenarios/mmc.json \
    --set run.duration=125000s --set run.warmup=10s --replications 1
fi
