#include "app/cli/starters.hpp"

#include <array>

namespace headroom {

namespace {

constexpr std::string_view web = R"({
  "$schema": "headroom.schema.json",
  "headroom": 1,
  "name": "my first system",

  // How long, how often, with which random numbers. The beginning is not measured: how much of it
  // is found by itself, or say "warmup": "20s".
  "run": { "duration": "60s", "replications": 10, "seed": 1 },

  "workloads": {
    "users": {
      "target": "lb",
      "arrivals": { "poisson": "400/s" },        // or "closed": { "users": 50, "think_time": "1s" }
      "mix": { "browse": "90%", "buy": "10%" },  // endpoints of the service behind the balancer
      "timeout": "2s"
      // "retry": { "attempts": 2, "backoff": "50ms" }
    }
  },

  "services": {
    "lb": { "kind": "load_balancer", "to": "app", "policy": "least_outstanding" },

    // A request holds one of `concurrency` slots until its answer is ready; "cpu" steps need a core.
    "app": {
      "kind": "server", "replicas": 2, "cores": 4, "concurrency": 32, "queue_limit": 200,
      "endpoints": {
        "browse": [ { "cpu": { "exp": "8ms" } }, { "call": "db" } ],
        "buy":    [ { "cpu": { "exp": "15ms" } }, { "call": "db" }, { "call": "db" } ]
      }
    },

    "db": { "kind": "server", "concurrency": 4, "service_time": { "lognormal": { "p50": "3ms", "p99": "20ms" } } }
  },

  // What must hold; the exit code says whether it does.
  "slos": {
    "pages are fast":   { "workload": "users", "require": "p99 < 200ms" },
    "requests succeed": { "workload": "users", "require": "error_rate < 0.1%" }
  }
}
)";

constexpr std::string_view queue = R"({
  "$schema": "headroom.schema.json",
  "headroom": 1,
  "name": "one server, random arrivals",
  "run": { "duration": "10min" },
  // 80 requests a second come to a server that can do 100: how long do they wait?
  "workloads": { "users": { "target": "app", "arrivals": { "poisson": "80/s" } } },
  "services": { "app": { "kind": "server", "service_time": { "exp": "10ms" }, "concurrency": 1, "queue_limit": "unlimited" } },
  "slos": { "fast": { "workload": "users", "require": "p99 < 300ms" } }
}
)";

constexpr std::string_view failure = R"({
  "$schema": "headroom.schema.json",
  "headroom": 1,
  "name": "one of three replicas fails",
  // Failures make this a timeline: the warm-up is given, and times count from its end.
  "run": { "warmup": "10s", "duration": "2min", "replications": 10 },
  "workloads": {
    "users": {
      "target": "lb", "arrivals": { "poisson": "180/s" }, "timeout": "1s",
      "retry": { "attempts": 3, "backoff": "20ms", "jitter": "full" }
    }
  },
  "services": {
    "lb":  { "kind": "load_balancer", "to": "app", "policy": "least_outstanding",
             "health_check": { "interval": "2s", "unhealthy_after": 2 } },
    "app": { "kind": "server", "replicas": 3, "concurrency": 1, "queue_limit": 100, "service_time": { "exp": "10ms" } }
  },
  "failures": [ { "at": "30s", "for": "30s", "kill": "app[0]" } ],
  "slos": { "nearly all succeed": { "workload": "users", "require": "availability > 99%" } }
}
)";

constexpr std::array<Starter, 3> all{{
    {"web", "A balancer, an application tier, a database and two SLOs.", web},
    {"queue", "One server with random arrivals: the smallest scenario.", queue},
    {"failure", "A replica fails for half a minute while clients retry.", failure},
}};

}  // namespace

std::span<const Starter> starters() {
  return all;
}

}  // namespace headroom
