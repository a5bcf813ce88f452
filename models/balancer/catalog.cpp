#include "models/catalog.hpp"
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

constexpr Listed<PolicyFactory> catalog[] = {
    {{"round_robin", "healthy replicas in turn", "Nagle 1987"}, make_round_robin},
    {{"weighted_round_robin", "in turn, each as often as its weight says, spread evenly",
      "nginx smooth weighted round-robin, Sysoev 2012"},
     make_weighted_round_robin},
    {{"random", "any healthy replica with equal chances", "Mitzenmacher 2001, d = 1"}, make_random},
    {{"least_outstanding", "the one with the fewest calls outstanding from this balancer",
      "Winston 1977"},
     make_least_outstanding},
    {{"power_of_two", "the least loaded of a few (`choices`) drawn at random", "Mitzenmacher 2001"},
     make_power_of_two},
    {{"join_idle_queue", "the one idle for longest, else anyone at random", "Lu et al. 2011"},
     make_join_idle_queue},
    {{"least_response_time", "the smallest product of recent response time and calls",
      "NGINX Plus least_time"},
     make_least_response_time},
    {{"consistent_hash", "the owner of the key on a hash ring", "Karger et al. 1997"},
     make_consistent_hash},
    {{"peak_ewma", "of two drawn at random, the smaller product of peak response time and calls",
      "Finagle PeakEwma"},
     make_peak_ewma},
    {{"maglev", "the owner of the key in a table shared out evenly", "Eisenbud et al. 2016"},
     make_maglev},
    {{"rendezvous", "the one that draws the highest number from the key",
      "Thaler, Ravishankar 1998"},
     make_rendezvous},
    {{"zone_local", "in turn within the balancer's own zone while any there is healthy",
      "Envoy zone aware routing"},
     make_zone_local},
};
constexpr auto choices = choices_of(catalog);

}  // namespace

Choices balancer_policies() {
  return choices;
}

std::unique_ptr<Policy> make_policy(const BalancerPlan& plan, const Backends& backends,
                                    sim::Stream random) {
  return factory_of(catalog, plan.policy)(plan, backends, random);
}

}  // namespace headroom
