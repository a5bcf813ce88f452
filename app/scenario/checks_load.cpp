#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/scenario/checks.hpp"
#include "app/scenario/quantity.hpp"
#include "app/study/arithmetic.hpp"
#include "app/study/network_needs.hpp"

namespace headroom {

namespace {

std::string arrivals_pointer(const std::string& workload) {
  return "/workloads" + pointer_step(workload) + "/arrivals";
}

/// False where no request ever comes.
bool check_sources(const Checking& checking, const Arithmetic& needs) {
  bool any = false;
  for (std::size_t i = 0; i < needs.workloads.size(); ++i) {
    const auto& process = checking.plan.workloads.entries[i].second.arrivals.process;
    any = any || (!never_arrives(process) && needs.workloads[i].peak_per_s > 0);
  }
  const std::string& first = checking.plan.workloads.entries.front().first;
  if (!any) {
    checking.error(arrivals_pointer(first), "nothing will ever happen: no workload sends a request",
                   "give it a rate above 0, within the duration of the run");
    return false;
  }
  for (const WorkloadNeeds& workload : needs.workloads)
    if (workload.peak_per_s <= 0)
      checking.warning(arrivals_pointer(workload.workload),
                       fmt::format("workload \"{}\" sends nothing", workload.workload));
  return true;
}

void check_overload(const Checking& checking, const Arithmetic& needs) {
  for (const ServiceNeeds& service : needs.services) {
    if (!service.is_overloaded) continue;
    const bool slots = service.slots_run_out_first;
    const double needed = slots ? service.needed_slots : service.needed_cores;
    const double available = slots ? *service.slots : *service.cores;
    const ServerPlan* server = checking.plan.server(service.service);
    const char* what = slots || !server || !server->cores ? "slots" : "cores";
    std::string message = fmt::format(
        "offered load at or above capacity: \"{}\" needs {:.4g} {}, {:.4g} are available",
        service.service, needed, what, available);
    if (service.imbalance > 1)
      message += fmt::format(", and by {} one {} gets {:.3g} times the mean", service.busy_by,
                             service.busiest, service.imbalance);
    checking.warning(
        service_pointer(service.service), message,
        fmt::format("it is always busy from {:.4g} of {:.4g} requests/s on; drops, patience or "
                    "deadlines may still hold it",
                    *service.ceiling_per_s, needs.open_per_s));
  }
}

/// Where the plan describes that link.
std::string link_pointer(const ScenarioPlan& plan, const LinkNeed& link) {
  const TopologyPlan& topology = plan.network->topology;
  if (topology.empty()) return "/network" + pointer_step(link.key);
  for (const auto& [key, unused] : topology.links) {
    const auto ends = parse_link_key(key);
    if (!ends) continue;
    const bool is_it = link.name == ends->from + " -> " + ends->to ||
                       (ends->both_ways && (link.name == ends->to + " -> " + ends->from ||
                                            link.name == ends->from + " <-> " + ends->to));
    if (is_it) return "/network/links" + pointer_step(key);
  }
  return topology.generate   ? "/network/generate"
         : topology.platform ? "/network/platform"
                             : "/network";
}

/// One warning for all, as one full link is often one of many alike.
void check_link_overload(const Checking& checking, const Arithmetic& needs) {
  const auto links = link_needs(checking.plan, needs);
  const LinkNeed* first = first_full(links);
  if (!first || !first->is_overloaded) return;
  const auto full = std::count_if(links.begin(), links.end(),
                                  [](const auto& link) { return link.is_overloaded; });
  std::string message = fmt::format(
      "offered load at or above capacity: link \"{}\" needs {:.4g} MB/s, it carries {:.4g} MB/s",
      first->name, first->needed_bytes_per_s / 1e6, *first->bandwidth_bytes_per_s / 1e6);
  if (full > 1) message += fmt::format("; it is one of {} such links", full);
  checking.warning(
      link_pointer(checking.plan, *first), message,
      fmt::format("it is always full from {:.4g} of {:.4g} requests/s on; what waits for it grows "
                  "unless a \"queue\", patience or deadlines hold it",
                  *first->ceiling_per_s, needs.open_per_s));
}

/// No limit on events is high enough.
void tell_endless(const Checking& checking, const Arithmetic& needs) {
  for (std::size_t i = 0; i < needs.workloads.size(); ++i) {
    const auto& [name, workload] = checking.plan.workloads.entries[i];
    const bool is_closed = std::holds_alternative<ClosedPlan>(workload.arrivals.process);
    if (!is_closed || std::isfinite(needs.workloads[i].mean_per_s)) continue;
    checking.error(
        arrivals_pointer(name) + "/closed/think_time",
        fmt::format("a run needs endlessly many events: users of \"{}\" go round in no time", name),
        "give them a think_time above 0, or what they ask for a service time");
    return;
  }
  checking.error("/run/duration",
                 "a run needs endlessly many events: something goes round in no time",
                 "give what goes round a time above 0");
}

void check_events(const Checking& checking, const Arithmetic& needs) {
  const RunPlan& run = checking.plan.run;
  const double events = estimated_events(checking.plan, needs);
  const double most = static_cast<double>(run.max_events.value_or(default_max_events));
  if (events <= most) return;
  if (!std::isfinite(events)) return tell_endless(checking, needs);
  constexpr double largest_limit = 1.8e19;
  std::string hint = "shorten the duration";
  if (const double limit = std::pow(10, std::ceil(std::log10(events))); limit < largest_limit)
    hint += fmt::format(", or --set run.max_events={:.0f}", limit);
  checking.error(
      run.max_events ? "/run/max_events" : "/run/duration",
      fmt::format("a run needs about {:.2g} events, above the limit of {:.4g}", events, most),
      hint);
}

void check_memory(const Checking& checking, const Arithmetic& needs) {
  const RunPlan& run = checking.plan.run;
  const double bytes = estimated_bytes(checking.plan, needs);
  const double most = static_cast<double>(run.max_memory.value_or(default_max_memory).count);
  if (bytes <= most) return;
  checking.error(
      run.max_memory ? "/run/max_memory" : "/run",
      fmt::format("this needs about {:.3g}GB of memory, above the limit of {:.3g}GB", bytes / 1e9,
                  most / 1e9),
      fmt::format("fewer replicas, users or replications, or --set run.max_memory={:.0f}GB",
                  std::min(9e9, std::ceil(bytes / 1e9))));
}

}  // namespace

void check_load(const Checking& checking) {
  const Arithmetic needs = arithmetic(checking.plan);
  if (!check_sources(checking, needs)) return;
  check_overload(checking, needs);
  check_link_overload(checking, needs);
  check_events(checking, needs);
  check_memory(checking, needs);
}

}  // namespace headroom
