#pragma once

#include "models/balancer/policy.hpp"

namespace headroom {

using PolicyFactory = std::unique_ptr<Policy>(const BalancerPlan& plan, const Backends& backends,
                                              sim::Stream random);

PolicyFactory make_round_robin;
PolicyFactory make_weighted_round_robin;
PolicyFactory make_random;
PolicyFactory make_least_outstanding;
PolicyFactory make_power_of_two;
PolicyFactory make_join_idle_queue;
PolicyFactory make_least_response_time;
PolicyFactory make_consistent_hash;
PolicyFactory make_peak_ewma;
PolicyFactory make_maglev;
PolicyFactory make_rendezvous;
PolicyFactory make_zone_local;

}  // namespace headroom
