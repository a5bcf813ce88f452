#include "app/study/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/study/arithmetic_demand.hpp"
#include "app/study/explanation.hpp"

namespace headroom {

namespace {

class Finder {
 public:
  Finder(const ScenarioPlan& plan, const Arithmetic& needs, const NetworkNeeds& network,
         const Summary& measured)
      : plan_(plan), needs_(needs), network_(network), measured_(measured), demands_(plan) {}

  std::vector<Constraint> find() {
    add_links();
    add_bulkheads();
    return std::move(found_);
  }

 private:
  void add_links();
  void add_bulkheads();

  /// `planned` without retries, `share` as it is.
  void add(std::string name, std::string resource, double planned, double share) {
    if (share <= 0) return;
    Constraint made{std::move(name), std::move(resource), share, std::nullopt};
    if (planned > 0) made.ceiling_per_s = requests_per_s() / planned;
    found_.push_back(std::move(made));
  }
  double requests_per_s() const {
    if (needs_.open_per_s > 0) return needs_.open_per_s;
    double sum = 0;
    for (const WorkloadNeeds& workload : needs_.workloads)
      sum += workload.peak_per_s;
    return sum;
  }
  double amplification(const std::string& name) const {
    const ServiceNeeds* planned = needs_.service(name);
    const ServiceSummary* found = service_of(measured_, name);
    return planned && found ? amplification_of(plan_, *planned, *found) : 1;
  }

  const ScenarioPlan& plan_;
  const Arithmetic& needs_;
  const NetworkNeeds& network_;
  const Summary& measured_;
  Demands demands_;
  std::vector<Constraint> found_;
};

void Finder::add_links() {
  const std::vector<LinkNeed>& needs = network_.links;
  for (const LinkSummary& link : measured_.network.links) {
    if (!link.utilization.value) continue;
    const auto need = std::find_if(needs.begin(), needs.end(),
                                   [&](const LinkNeed& each) { return each.name == link.name; });
    if (need != needs.end() && !need->is_shared) continue;
    const double planned = need == needs.end() ? 0 : need->share();
    const double share = std::max(planned, *link.utilization.value);
    if (share <= 0) continue;
    const auto ceiling = need == needs.end() ? std::nullopt : need->ceiling_per_s;
    found_.push_back({"link " + link.name, "bandwidth", share, ceiling});
  }
}

/// A call holds its place until its answer is there.
void Finder::add_bulkheads() {
  for (std::size_t i = 0; i < plan_.workloads.size(); ++i) {
    const auto& [name, workload] = plan_.workloads.entries[i];
    if (!workload.client.bulkhead) continue;
    const double places = 1.0 * workload.client.bulkhead->concurrency * workload.clients;
    const double held = needs_.workloads[i].peak_per_s * needs_.workloads[i].answer_s / places;
    add("bulkhead of " + name, "places", held, held * amplification(workload.target.service));
  }
  const std::vector<double> rates = endpoint_rates(plan_);
  std::map<std::pair<std::string, std::string>, double> shares;  // several endpoints, one bulkhead
  for (std::size_t node = 0; node < rates.size(); ++node) {
    const std::string& caller = plan_.services.entries[demands_.service_of(node)].first;
    for (const GuardedCall& call : demands_.of(node).guarded) {
      const double held = rates[node] * call.times * call.held_s / call.concurrency;
      double& most = shares[{caller, call.service}];
      most = std::max(most, held);  // each step has one of its own
    }
  }
  for (const auto& [ends, planned] : shares)
    add(fmt::format("bulkhead {} -> {}", ends.first, ends.second), "places", planned,
        planned * amplification(ends.second));
}

}  // namespace

double amplification_of(const ScenarioPlan& plan, const ServiceNeeds& needs,
                        const ServiceSummary& measured) {
  const ServicePlan* service = plan.services.find(needs.service);
  const bool is_store = service && std::holds_alternative<DatabasePlan>(service->kind);
  const double needed = is_store ? needs.visits_per_s : needs.mean_per_s;
  return needed > 0 ? measured.arrivals_per_s.value.value_or(needed) / needed : 1;
}

std::vector<Constraint> further_constraints(const ScenarioPlan& plan, const Arithmetic& needs,
                                            const NetworkNeeds& network, const Summary& measured) {
  return Finder(plan, needs, network, measured).find();
}

}  // namespace headroom
