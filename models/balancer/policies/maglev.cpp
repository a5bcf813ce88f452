// Source: Eisenbud et al. 2016, "Maglev: a fast and reliable software network load balancer", NSDI,
// sec. 3.4, by maglev_table.hpp: a key belongs to the owner of its entry in a table that is shared
// out evenly among the healthy replicas. All balancers fill their tables alike. A choice costs
// constant time; the first one after a change of health fills the table anew.
// Departs from source: no connection table; a call whose owner changes goes to the new one.
#include <optional>

#include "models/balancer/policies/maglev_table.hpp"
#include "models/balancer/policies/policies.hpp"

namespace headroom {

namespace {

class Maglev final : public Policy {
 public:
  std::size_t choose(const Request& request, const Backends& backends) override {
    if (backends.healthy().empty()) return nobody;
    if (!table_) table_.emplace(backends.healthy());
    return table_->owner(request.item());
  }

  void on_health(const Backends&, std::size_t) override { table_.reset(); }

 private:
  std::optional<MaglevTable> table_;
};

}  // namespace

std::unique_ptr<Policy> make_maglev(const BalancerPlan&, const Backends&, sim::Stream) {
  return std::make_unique<Maglev>();
}

}  // namespace headroom
