#include <algorithm>
#include <array>
#include <string>

#include "app/scenario/plan.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/suggest.hpp"
#include "models/text.hpp"

namespace headroom {

namespace {

using Metric = Requirement::Metric;

struct MetricName {
  std::string_view name;
  Metric metric;
  Quantity quantity;
};
constexpr std::array<MetricName, 14> metrics{{
    {"mean", Metric::mean, Quantity::time},
    {"max", Metric::max, Quantity::time},
    {"error_rate", Metric::error_rate, Quantity::ratio},
    {"availability", Metric::availability, Quantity::ratio},
    {"utilization", Metric::utilization, Quantity::ratio},
    {"throughput", Metric::throughput, Quantity::rate},
    {"goodput", Metric::goodput, Quantity::rate},
    {"cost", Metric::cost, Quantity::number},
    {"hit_ratio", Metric::hit_ratio, Quantity::ratio},
    {"stale_reads", Metric::stale_reads, Quantity::ratio},
    {"lag", Metric::lag, Quantity::number},
    {"mean_lag", Metric::mean_lag, Quantity::time},
    {"max_lag", Metric::max_lag, Quantity::time},
    {"lost", Metric::lost, Quantity::number},
}};

/// What the metric's limit is measured in; nothing when the name is not one of a metric.
std::optional<Quantity> read_metric(std::string_view name, Requirement& requirement) {
  for (const auto& metric : metrics) {
    if (metric.name != name) continue;
    requirement.metric = metric.metric;
    return metric.quantity;
  }
  constexpr std::string_view lag = "_lag";
  const bool of_lag = name.ends_with(lag);
  if (of_lag) name.remove_suffix(lag.size());
  const auto percentile = parse_quantity(Quantity::percentile, name);
  if (!percentile.value) return std::nullopt;
  requirement.metric = of_lag ? Metric::percentile_lag : Metric::percentile;
  requirement.percentile = *percentile.value;
  return Quantity::time;
}

std::string unknown_metric(std::string_view name) {
  std::vector<std::string_view> names{"p50", "p90", "p95", "p99", "p99.9", "p95_lag"};
  for (const auto& metric : metrics)
    names.push_back(metric.name);
  return "unknown metric \"" + std::string(name) + "\"; " + suggestion(name, names);
}

bool parse_requirement(std::string_view text, void* value, std::string& why) {
  auto& requirement = *static_cast<Requirement*>(value);
  requirement.written = std::string(text);
  const auto sign = text.find_first_of("<>");
  if (sign == std::string_view::npos) {
    why = "there is no \"<\" or \">\" in it";
    return false;
  }
  const std::string_view name = trimmed(text.substr(0, sign));
  std::string_view limit = text.substr(sign + 1);
  if (!limit.empty() && limit.front() == '=') limit.remove_prefix(1);
  limit = trimmed(limit);
  requirement.at_most = text[sign] == '<';
  const auto quantity = read_metric(name, requirement);
  if (!quantity) {
    why = unknown_metric(name);
    return false;
  }
  const auto parsed = parse_quantity(*quantity, limit);
  if (!parsed.value) {
    why = parsed.message + (parsed.hint.empty() ? "" : "; " + parsed.hint);
    return false;
  }
  if (*quantity == Quantity::ratio && (*parsed.value < 0 || *parsed.value > 1)) {
    why = in_quotes(limit) + " is out of range; a share of all: 0% to 100%";
    return false;
  }
  requirement.limit = *quantity == Quantity::time ? *parsed.value * 1e-9 : *parsed.value;
  return true;
}

bool parse_precision(std::string_view text, void* value, std::string& why) {
  auto& precision = *static_cast<Precision*>(value);
  const auto sign = text.find("+-");
  Requirement of;
  const auto share = parse_quantity(
      Quantity::ratio, sign == std::string_view::npos ? "" : trimmed(text.substr(sign + 2)));
  precision.metric = std::string(trimmed(text.substr(0, sign)));
  if (!read_metric(precision.metric, of) || !share.value || *share.value <= 0) {
    why = "write a metric and a relative half-width, as in \"p99 +-2%\"";
    return false;
  }
  // Those of a workload that have an interval.
  constexpr std::array<std::string_view, 9> narrowed{
      "mean", "p50", "p90", "p95", "p99", "p99.9", "error_rate", "throughput", "goodput"};
  if (std::find(narrowed.begin(), narrowed.end(), precision.metric) == narrowed.end()) {
    why = "no replications are added for " + precision.metric + "; " +
          suggestion(precision.metric, narrowed);
    return false;
  }
  precision.relative = *share.value;
  return true;
}

}  // namespace

const TextForm& text_form_of(const Requirement*) {
  static constexpr TextForm form{
      "a requirement such as \"p99 < 250ms\"", parse_requirement,
      [](const void* value) { return static_cast<const Requirement*>(value)->written; }};
  return form;
}

const TextForm& text_form_of(const Precision*) {
  static constexpr TextForm form{
      "a precision such as \"p99 +-2%\"", parse_precision, [](const void* value) {
        const auto& precision = *static_cast<const Precision*>(value);
        return precision.metric + " +-" + print(Ratio{precision.relative});
      }};
  return form;
}

const TextForm& text_form_of(const AutoWarmup*) {
  static constexpr TextForm form{"the word \"auto\"",
                                 [](std::string_view text, void*, std::string& why) {
                                   why = "not \"auto\"";
                                   return text == "auto";
                                 },
                                 [](const void*) { return std::string("auto"); }};
  return form;
}

}  // namespace headroom
