#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/report/html/chart.hpp"
#include "app/report/html/recorded.hpp"
#include "app/report/numbers.hpp"
#include "app/scenario/plan.hpp"

namespace headroom::html {

/// A study on its way into a page. Identifiers begin with `prefix`, so that several fit.
struct Part {
  const Recorded& study;
  Charts& charts;
  std::string prefix;
};

// Each returns markup, or nothing where there is nothing to say.

/// Title, verdict and the figures that matter most.
std::string headline(const Part& part);
/// Every SLO with its interval drawn against its limit; for a sweep at every point.
std::string slo_section(const Part& part);
/// Latency, throughput, utilisation and errors against what a sweep varied, and its table.
std::string load_section(const Part& part);
/// Latency on the percentile axis.
std::string distribution_section(const Part& part);
/// Traffic, latency, errors and queues in time, with the failures.
std::string timeline_section(const Part& part);
std::string failure_section(const Part& part);
/// What the clients saw.
std::string client_section(const Part& part);
/// How busy the services were, and their replicas.
std::string service_section(const Part& part);
/// What the clients of stores saw: guarantees, the counterexample drawn, who was answered.
std::string consistency_section(const Part& part);
/// What the slowest requests, and those around the median, spent their time on.
std::string time_section(const Part& part);
/// Figures of parts that have no section of their own.
std::string further_section(const Part& part);
/// How the figures came about, which are withheld and why, what was warned of.
std::string certainty_section(const Part& part);
/// Commands, seed, digest, the scenario.
std::string reproduce_section(const Part& part);

/// Several studies next to each other. `compared`: the summary.json of a paired comparison of them,
/// if there was one.
std::string comparison(const std::vector<Recorded>& studies, const nlohmann::ordered_json& compared,
                       Charts& charts);

/// "MISSED" and the rest of the sentence.
struct Judgement {
  std::string kind, word, sentence;
};
Judgement judgement_of(const Recorded& study);

/// An SLO as the scenario wrote it.
struct Asked {
  std::string workload, service, endpoint;
  Requirement require;
  bool is_of_time() const;
  /// "fast: p99 < 250ms (browse)"
  std::string label(const std::string& name) const;
};
std::optional<Asked> asked_by(const nlohmann::ordered_json& scenario, const std::string& slo);

/// Heights of the SLOs on the latency of a workload, and what they ask for.
std::vector<std::pair<double, std::string>> latency_limits(const Recorded& study,
                                                           const std::string& workload);

/// Seconds, a rate, a share or a plain number, by how the figure is called in summary.json.
Measure measure_of_key(const std::string& key);

}  // namespace headroom::html
