#include "app/report/metrics.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "app/study/figures_of_runs.hpp"

namespace headroom {

namespace {

constexpr double s_per_ns = 1e-9;
// Chosen: from a microsecond to two minutes. Bounds are 2^k - 1 ns, the last value of an octave,
// as only there are the counts of a sim::Histogram exact.
constexpr int first_octave = 10;
constexpr int last_octave = 37;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text;
}

std::string label(std::string_view name, std::string_view value) {
  return fmt::format("{}=\"{}\"", name, escaped(value));
}

std::string head(std::string_view name, std::string_view type, std::string_view help) {
  return fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

std::string sample(std::string_view name, const std::string& labels, std::uint64_t value) {
  return fmt::format("{}{{{}}} {}\n", name, labels, value);
}

std::string histogram_text(std::string_view name, const std::string& labels,
                           const sim::Histogram& histogram) {
  std::string text;
  const auto buckets = histogram.buckets();
  auto bucket = buckets.begin();
  std::uint64_t below = 0;
  for (int octave = first_octave; octave <= last_octave; ++octave) {
    const std::int64_t bound_ns = (std::int64_t{1} << octave) - 1;
    for (; bucket != buckets.end() && bucket->high <= bound_ns; ++bucket)
      below += bucket->count;
    text += fmt::format("{}_bucket{{{},le=\"{:.12g}\"}} {}\n", name, labels,
                        static_cast<double>(bound_ns) * s_per_ns, below);
  }
  const auto sum = static_cast<double>(histogram.sum()) * s_per_ns;
  text += fmt::format("{0}_bucket{{{1},le=\"+Inf\"}} {2}\n{0}_sum{{{1}}} {3:.17g}\n", name, labels,
                      histogram.count(), sum);
  return text + fmt::format("{}_count{{{}}} {}\n", name, labels, histogram.count());
}

/// One family of metrics: `line` gives the samples of one workload or service by its position.
template <class Line>
std::string family(std::string_view name, std::string_view type, std::string_view help,
                   std::size_t count, Line line) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i)
    lines += line(name, i);
  return lines.empty() ? lines : head(name, type, help) + lines;
}

std::string of_workloads(const StudyResult& study) {
  const auto& workloads = study.runs.front().workloads;
  const auto each_endpoint = [&](std::size_t i, auto text_of) {
    std::string text;
    for (std::size_t e = 0; e < workloads[i].endpoints.size(); ++e) {
      EndpointResult sum;
      for (const RunResult& run : study.runs) {
        const EndpointResult& one = run.workloads[i].endpoints[e];
        for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
          sum.finished[outcome] += one.finished[outcome];
        sum.latency.merge(one.latency);
      }
      text += text_of(label("workload", workloads[i].name) + "," +
                          label("endpoint", workloads[i].endpoints[e].name),
                      sum);
    }
    return text;
  };
  std::string text =
      family("headroom_requests_total", "counter", "Requests that finished, by outcome.",
             workloads.size(), [&](std::string_view name, std::size_t i) {
               return each_endpoint(i, [&](const std::string& labels, const EndpointResult& sum) {
                 std::string lines;
                 for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
                   lines += sample(name, labels + "," + label("outcome", outcome_names[outcome]),
                                   sum.finished[outcome]);
                 return lines;
               });
             });
  return text + family("headroom_request_latency_seconds", "histogram",
                       "Of requests that ended ok, from their intended send time.",
                       workloads.size(), [&](std::string_view name, std::size_t i) {
                         return each_endpoint(
                             i, [&](const std::string& labels, const EndpointResult& sum) {
                               return histogram_text(name, labels, sum.latency);
                             });
                       });
}

std::string of_services(const StudyResult& study) {
  const auto& services = study.runs.front().services;
  const auto labels = [&](std::size_t i) { return label("service", services[i].name); };
  const auto counter = [&](std::string_view name, std::string_view help,
                           std::uint64_t ServiceResult::*count) {
    return family(name, "counter", help, services.size(), [&](std::string_view n, std::size_t i) {
      std::uint64_t sum = 0;
      for (const RunResult& run : study.runs)
        sum += run.services[i].*count;
      return sample(n, labels(i), sum);
    });
  };
  const auto histogram = [&](std::string_view name, std::string_view help,
                             sim::Histogram ServiceResult::*samples) {
    return family(name, "histogram", help, services.size(), [&](std::string_view n, std::size_t i) {
      sim::Histogram pooled;
      for (const RunResult& run : study.runs)
        pooled.merge(run.services[i].*samples);
      return histogram_text(n, labels(i), pooled);
    });
  };
  std::string text =
      counter("headroom_service_arrivals_total", "Requests that came.", &ServiceResult::arrivals);
  text += counter("headroom_service_failures_total", "Served, with an answer that was not ok.",
                  &ServiceResult::failures);
  text += family("headroom_service_drops_total", "counter", "Requests not served, by cause.",
                 services.size(), [&](std::string_view name, std::size_t i) {
                   std::string lines;
                   for (std::size_t cause = 1; cause < drop_causes; ++cause) {
                     std::uint64_t sum = 0;
                     for (const RunResult& run : study.runs)
                       sum += run.services[i].drops[cause];
                     lines += sample(
                         name, labels(i) + "," + label("cause", drop_cause_names[cause]), sum);
                   }
                   return lines;
                 });
  text += histogram("headroom_service_sojourn_seconds", "From arrival to reply.",
                    &ServiceResult::sojourn);
  text += histogram("headroom_service_wait_seconds", "For a slot.", &ServiceResult::wait);
  return text + family("headroom_service_utilization_ratio", "gauge",
                       "Busy share of cores, else of slots; none where unlimited.", services.size(),
                       [&](std::string_view name, std::size_t i) {
                         double busy = 0;
                         double available = 0;
                         for (const RunResult& run : study.runs) {
                           for (const ReplicaResult& replica : run.services[i].replicas) {
                             busy += static_cast<double>(replica.used.busy);
                             available += static_cast<double>(replica.used.available);
                           }
                         }
                         if (available == 0) return std::string();
                         return fmt::format("{}{{{}}} {:.9g}\n", name, labels(i), busy / available);
                       });
}

/// What became of the messages of brokers: as publishers know it, and for each group of workers.
std::string of_brokers(const StudyResult& study) {
  const auto& services = study.runs.front().services;
  const auto each_group = [&](std::size_t i, auto text_of) {
    std::string text;
    const auto& first = services[i].broker;
    for (std::size_t g = 0; first && g < first->groups.size(); ++g) {
      std::vector<SubscriptionResult> of_group;
      for (const RunResult& run : study.runs)
        of_group.push_back(run.services[i].broker->groups[g]);
      text +=
          text_of(label("service", services[i].name) + "," + label("group", first->groups[g].group),
                  together(of_group));
    }
    return text;
  };
  std::string text = family(
      "headroom_publishes_total", "counter", "Attempts to publish, as their publishers know them.",
      services.size(), [&](std::string_view name, std::size_t i) {
        if (!services[i].broker) return std::string();
        PublishResult sum;
        for (const RunResult& run : study.runs) {
          sum.acknowledged += run.services[i].broker->publishers.acknowledged;
          sum.failed += run.services[i].broker->publishers.failed;
          sum.unknown += run.services[i].broker->publishers.unknown;
        }
        const std::string labels = label("service", services[i].name) + ",";
        return sample(name, labels + label("fate", "acknowledged"), sum.acknowledged) +
               sample(name, labels + label("fate", "failed"), sum.failed) +
               sample(name, labels + label("fate", "unknown"), sum.unknown);
      });
  text += family(
      "headroom_messages_total", "counter", "Messages by what became of them.", services.size(),
      [&](std::string_view name, std::size_t i) {
        return each_group(i, [&](const std::string& labels, const SubscriptionResult& sum) {
          return sample(name, labels + "," + label("fate", "consumed"), sum.consumed) +
                 sample(name, labels + "," + label("fate", "duplicate"), sum.duplicates) +
                 sample(name, labels + "," + label("fate", "dead_lettered"), sum.dead_lettered) +
                 sample(name, labels + "," + label("fate", "withdrawn"), sum.withdrawn) +
                 sample(name, labels + "," + label("fate", "lost"), sum.all_lost());
        });
      });
  return text + family("headroom_message_lag_seconds", "histogram",
                       "From being stored until work began.", services.size(),
                       [&](std::string_view name, std::size_t i) {
                         return each_group(
                             i, [&](const std::string& labels, const SubscriptionResult& sum) {
                               return histogram_text(name, labels, sum.lag);
                             });
                       });
}

}  // namespace

std::string metrics_prom(const StudyResult& study) {
  if (study.runs.empty()) return {};
  return head("headroom_replications", "gauge", "Runs over which all counts are summed.") +
         fmt::format("headroom_replications {}\n", study.runs.size()) + of_workloads(study) +
         of_services(study) + of_brokers(study);
}

}  // namespace headroom
