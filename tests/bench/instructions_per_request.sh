#!/bin/sh
# Prints how many instructions a request costs on its whole way through a scenario, once warm: the
# difference of two runs of different duration under callgrind, divided by that of their requests.
# Usage: instructions_per_request.sh BENCH_REQUEST_PATH SCENARIO [SETTING...]
set -eu
bench=$1
shift
run() {
  duration=$1
  shift
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" "$@" "run.duration=$duration" 2>&1 |
    awk '/^requests/ { requests = $2 } / Collected : / { instructions = $NF } END { print requests, instructions }'
}
first=$(run "${SHORT:-4s}" "$@")
second=$(run "${LONG:-14s}" "$@")
echo "$first $second" | awk '{ printf "%.0f instructions per request\n", ($4 - $2) / ($3 - $1) }'
