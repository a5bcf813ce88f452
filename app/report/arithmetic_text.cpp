#include "app/report/arithmetic_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::optional<double>& value, Measure measure, const char* none) {
  return value ? number_text(*value, measure) : std::string(none);
}

std::string workloads(const Arithmetic& needs, const Paint& paint) {
  TextTable table;
  for (const auto* heading :
       {"WORKLOADS", "mean rate", "peak rate", "calls per request", "answer without waiting"}) {
    table.column(heading);
  }
  for (const auto& workload : needs.workloads) {
    table.row({workload.workload + (workload.is_closed ? " (closed: at most)" : ""),
               number_text(workload.mean_per_s, Measure::per_s),
               number_text(workload.peak_per_s, Measure::per_s),
               number_text(workload.visits, Measure::number),
               number_text(workload.answer_s, Measure::seconds)});
  }
  return table.text(paint);
}

/// "3.2 of 24", "3.2 of unlimited".
std::string used_of(double used, const std::optional<double>& there) {
  return number_text(used, Measure::number) + " of " +
         (there ? fmt::format("{:g}", *there) : std::string("unlimited"));
}

std::string services(const Arithmetic& needs, const Paint& paint) {
  TextTable table;
  for (const auto* heading : {"SERVICES", "requests", "cpu each", "slot held", "cores busy",
                              "slots held", "busy share", "full at"}) {
    table.column(heading);
  }
  for (const auto& service : needs.services) {
    if (service.kind == "load_balancer") {
      table.row({service.service, number_text(service.requests_per_s, Measure::per_s), "-", "-",
                 "-", "-", "-", "-"});
      continue;
    }
    const bool is_full = service.largest_share && *service.largest_share * service.imbalance >= 1;
    table.row(
        {service.service,
         number_text(service.requests_per_s, Measure::per_s),
         service.uses_cpu ? number_text(service.cpu_s, Measure::seconds) : std::string("-"),
         number_text(service.held_s, Measure::seconds),
         service.uses_cpu ? used_of(service.needed_cores, service.cores) : std::string("-"),
         used_of(service.needed_slots, service.slots),
         {text_of(service.largest_share, Measure::share, "-"), is_full ? &Paint::red : nullptr},
         text_of(service.ceiling_per_s, Measure::per_s, "no limit")});
  }
  return table.text(paint);
}

/// What autoscalers will have to do.
std::string scaling(const Arithmetic& needs) {
  std::string text;
  for (const ServiceNeeds& service : needs.services) {
    if (!service.fewest_replicas) continue;
    text += fmt::format("{} has {} to {} instances", service.service, *service.fewest_replicas,
                        service.replicas);
    if (service.wanted_replicas) {
      const double wanted = std::ceil(*service.wanted_replicas - 1e-9);
      text += fmt::format(" and needs {:.0f} at the peak to be {} busy", wanted,
                          number_text(*service.target, Measure::share));
      if (wanted > service.replicas) text += ", more than there can be";
    }
    text += ". ";
  }
  return text.empty() ? text : wrapped(text + "What is full is said of the most instances.") + "\n";
}

/// The link that is full before any service; null where none is.
const LinkNeed* link_before_services(const Arithmetic& needs, const std::vector<LinkNeed>& links) {
  const LinkNeed* first = first_full(links);
  if (!first || !needs.bottleneck) return first;
  const auto& of_services = needs.services[*needs.bottleneck].ceiling_per_s;
  return of_services && *of_services <= *first->ceiling_per_s ? nullptr : first;
}

std::string of_how_many(const Arithmetic& needs) {
  if (needs.open_per_s <= 0) return {};
  return fmt::format(" of requests like these (now {})",
                     number_text(needs.open_per_s, Measure::per_s));
}

std::string link_conclusion(const Arithmetic& needs, const LinkNeed& link) {
  // Copies are in the share of the link, and take what requests leave.
  const double share = needs.open_per_s > 0 ? needs.open_per_s / *link.ceiling_per_s : link.share();
  return wrapped(
      fmt::format("First to be full: link {}, requests need {} of its bandwidth; it can "
                  "hold {}{}. By arithmetic: without queueing, retries and failures.",
                  link.name, number_text(share, Measure::share),
                  number_text(*link.ceiling_per_s, Measure::per_s), of_how_many(needs)));
}

std::string conclusion(const Arithmetic& needs, const std::vector<LinkNeed>& links) {
  if (const LinkNeed* link = link_before_services(needs, links))
    return link_conclusion(needs, *link);
  if (!needs.bottleneck) return "Nothing limits the load.";
  const ServiceNeeds& first = needs.services[*needs.bottleneck];
  std::string text = fmt::format("First to be full: {}", first.service);
  if (first.largest_share) {
    text += fmt::format(", {} of its {} in use", number_text(*first.largest_share, Measure::share),
                        first.by_partitions         ? "partitions"
                        : first.slots_run_out_first ? "slots"
                                                    : "cores");
  }
  if (first.imbalance > 1) {
    text += fmt::format(" and its busiest {} given {} times the mean", first.busiest,
                        number_text(first.imbalance, Measure::number));
  }
  if (first.ceiling_per_s) {
    text += fmt::format("; it can hold {}", number_text(*first.ceiling_per_s, Measure::per_s));
  }
  text += of_how_many(needs) + ". By arithmetic: without queueing, retries and failures";
  for (const ServiceNeeds& service : needs.services) {
    if (service.kind != "cache") continue;
    text += "; caches hit as often as LRU would if nothing expired";
    break;
  }
  if (needs.has_drawn_times) text += "; parallel steps take the mean of drawn times";
  return wrapped(text + ".");
}

}  // namespace

std::string arithmetic_text(const Arithmetic& needs, const std::vector<LinkNeed>& links,
                            const ScenarioPlan& plan, const Paint& paint) {
  const double events = estimated_events(plan, needs) * plan.run.replications;
  return title_text(plan.name, paint) + workloads(needs, paint) + "\n" + services(needs, paint) +
         "\n" + conclusion(needs, links) + "\n" + scaling(needs) +
         wrapped(fmt::format("A run of all {} replications needs about {} events.",
                             plan.run.replications, number_text(events, Measure::number))) +
         "\n";
}

Json to_json(const Arithmetic& needs, const std::vector<LinkNeed>& links,
             const ScenarioPlan& plan) {
  Json json;
  json["workloads"] = Json::object();
  for (const auto& workload : needs.workloads) {
    json["workloads"][workload.workload] = {{"closed", workload.is_closed},
                                            {"mean_per_s", workload.mean_per_s},
                                            {"peak_per_s", workload.peak_per_s},
                                            {"visits", workload.visits},
                                            {"answer_s", workload.answer_s}};
  }
  json["services"] = Json::object();
  for (const auto& service : needs.services) {
    json["services"][service.service] = {{"kind", service.kind},
                                         {"replicas", service.replicas},
                                         {"requests_per_s", service.requests_per_s},
                                         {"cpu_s", service.cpu_s},
                                         {"held_s", service.held_s},
                                         {"needed_cores", service.needed_cores},
                                         {"cores", or_null(service.cores)},
                                         {"needed_slots", service.needed_slots},
                                         {"slots", or_null(service.slots)},
                                         {"busy_share", or_null(service.busy_share)},
                                         {"imbalance", service.imbalance},
                                         {"ceiling_per_s", or_null(service.ceiling_per_s)}};
    if (!service.fewest_replicas) continue;
    json["services"][service.service]["fewest_replicas"] = *service.fewest_replicas;
    json["services"][service.service]["wanted_replicas"] = or_null(service.wanted_replicas);
  }
  const LinkNeed* link = link_before_services(needs, links);
  json["bottleneck"] = link               ? Json("link " + link->name)
                       : needs.bottleneck ? Json(needs.services[*needs.bottleneck].service)
                                          : Json(nullptr);
  json["events"] = estimated_events(plan, needs);
  json["bytes"] = estimated_bytes(plan, needs);
  return json;
}

}  // namespace headroom
