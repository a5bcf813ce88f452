#include "app/report/run_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/report/client_tables.hpp"
#include "app/report/consistency.hpp"
#include "app/report/numbers.hpp"
#include "app/report/service_tables.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"
#include "app/scenario/diagnostics.hpp"
#include "app/scenario/sources.hpp"
#include "app/study/precision.hpp"

namespace headroom {

namespace {

std::string warmup_text(const Summary& summary) {
  if (summary.warmup_found) {
    return fmt::format(", after a warm-up of {} (found by MSER-5 on pilot runs)",
                       length_text(summary.warmup_s));
  }
  if (summary.warmup_s == 0) return ", without a warm-up";
  return fmt::format(", after a warm-up of {} (given)", length_text(summary.warmup_s));
}

std::string settled_text(const Summary& summary) {
  if (!summary.settled) return "A timeline: figures are over its whole length.";
  if (*summary.settled) return "It settled.";
  return "It never settled: " + summary.unsettled_because + ".";
}

std::string theory_text(const Summary& summary) {
  std::string text;
  for (const auto& theory : summary.theory) {
    const char* held = !theory.agrees   ? "no interval to hold it against"
                       : *theory.agrees ? "the run agrees"
                                        : "the run DISAGREES";
    text +=
        wrapped(fmt::format("Theory: {} is {}, mean sojourn {}; {}.", theory.service, theory.model,
                            number_text(theory.sojourn_mean_s, Measure::seconds), held),
                2) +
        "\n";
  }
  return text;
}

std::string cost_text(const Summary& summary) {
  if (!summary.cost_per_h.value) return {};
  return fmt::format("Cost: {} an hour, by instances that were up.\n",
                     figure_text(summary.cost_per_h, Measure::number));
}

/// Requests that follow one another are alike: what they are worth.
std::string effective_text(const Summary& summary) {
  if (summary.workloads.empty()) return {};
  const ClientSummary& first = summary.workloads.front();
  const Figure &mean = first.latency_s.mean, &p99 = first.latency_s.percentile(99);
  if (!mean.effective) return {};
  const auto rounded = [](double count) {
    const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(count)) - 1));
    return count_text(static_cast<std::uint64_t>(std::round(count / unit) * unit));
  };
  std::string text = fmt::format(" The {} latencies of {} say as much as about {} independent ones",
                                 count_text(mean.samples), first.name, rounded(*mean.effective));
  if (p99.effective) text += fmt::format(" of the mean, {} of the p99", rounded(*p99.effective));
  return text + ".";
}

/// That the number of replications was not given but found.
std::string precision_text(const Summary& summary) {
  if (summary.grows) return " No number of replications brings the precision asked for.";
  if (summary.partial) return {};
  if (summary.replications < most_for_precision)
    return " Replications were added until the precision asked for.";
  return " Replications were added up to the limit of 1,000, be the precision asked for reached "
         "or not.";
}

}  // namespace

std::string title_text(const std::string& title, const Paint& paint) {
  const std::string shown = visible(title);
  return paint.bold(shown) + "\n" + paint.dim(std::string(count_characters(shown), '=')) + "\n\n";
}

std::string certainty_text(const Summary& summary) {
  std::string text = fmt::format("{} replication{} of {}{}.", summary.replications,
                                 summary.replications == 1 ? "" : "s",
                                 length_text(summary.duration_s), warmup_text(summary));
  text += summary.replications > 1
              ? " Intervals hold the true value with 95 % confidence."
              : " One replication gives no interval (±?): use --replications 10.";
  text += effective_text(summary);
  if (summary.sequential) text += precision_text(summary);
  if (summary.partial) text += " PARTIAL: interrupted before all replications were finished.";
  return wrapped(text + " " + settled_text(summary)) + "\n";
}

std::string run_text(const Summary& summary, const Paint& paint) {
  std::string text = title_text(summary.scenario, paint);
  text += verdict_sentence(summary, paint) + "\n";
  text += client_tables(summary, paint) + "\n";
  text += service_table(summary, paint) + "\n";
  for (const std::string& part :
       {time_table(summary, paint), broker_table(summary, paint), cache_table(summary, paint),
        store_table(summary, paint), shard_table(summary, paint), pool_table(summary, paint),
        policy_table(summary, paint), consistency_text(summary, paint),
        network_table(summary, paint), failure_table(summary, paint), slo_table(summary, paint)}) {
    if (!part.empty()) text += part + "\n";
  }
  text += bottleneck_sentence(summary) + theory_text(summary) + cost_text(summary);
  text += certainty_text(summary);
  text += paint.dim(fmt::format("seed {}  digest {}  events {}", summary.seed, summary.digest,
                                count_text(summary.events))) +
          "\n";
  return text;
}

}  // namespace headroom
