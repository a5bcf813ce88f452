#include "app/report/verdict_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/report/utilization_note.hpp"

namespace headroom {

namespace {

Measure measure_of(const std::string& limit) {
  const auto about = [&](std::string_view metric) { return limit.starts_with(metric); };
  for (const auto* share :
       {"error_rate", "availability", "utilization", "hit_ratio", "stale_reads"})
    if (about(share)) return Measure::share;
  if (about("cost") || about("lost") || about("lag")) return Measure::number;
  if (about("throughput") || about("goodput")) return Measure::per_s;
  return Measure::seconds;
}

std::string because_of(const SloSummary& slo) {
  if (slo.measured.value) {
    return fmt::format("\"{}\" asks for {}, measured {}", slo.name, asked_text(slo),
                       measured_text(slo));
  }
  return fmt::format("\"{}\" asks for {}, but {}", slo.name, asked_text(slo), slo.measured.why);
}

/// What would decide an SLO that is undecided.
std::string what_decides(const SloSummary& slo) {
  if (!slo.measured.value && slo.measured.samples > 0)
    return ": a longer duration or more replications give more";
  if (!slo.measured.value) return {};
  if (slo.measured.low) return ": more replications would narrow the interval";
  return ": " + slo.measured.why;
}

std::vector<const SloSummary*> slos_with(const Summary& summary, Verdict verdict) {
  std::vector<const SloSummary*> found;
  for (const auto& slo : summary.slos) {
    if (slo.verdict == verdict) found.push_back(&slo);
  }
  return found;
}

std::string busiest(const Summary& summary) {
  if (!summary.bottleneck) return {};
  return fmt::format("; {} is the busiest{}, at {}", summary.bottleneck->name,
                     summary.bottleneck->resource == "bandwidth" ? "" : " service",
                     number_text(summary.bottleneck->utilization, Measure::share));
}

std::string without_slos(const Summary& summary) {
  std::string text = "No SLO to judge";
  if (!summary.workloads.empty()) {
    const auto& workload = summary.workloads.front();
    const Figure& p99 = workload.latency_s.percentile(99);
    text += fmt::format(": {} got {} answered", workload.name,
                        figure_text(workload.served_per_s, Measure::per_s));
    if (p99.value) text += fmt::format(" with a p99 of {}", figure_text(p99, Measure::seconds));
  }
  return text + busiest(summary) + ".";
}

struct Sentence {
  std::string mark, text;
  Verdict tone;
};

Sentence sentence_of(const Summary& summary) {
  const auto missed = slos_with(summary, Verdict::missed);
  const std::string and_more = missed.size() > 1 ? fmt::format(" ({} SLOs of {} are missed)",
                                                               missed.size(), summary.slos.size())
                                                 : std::string();
  if (!missed.empty()) {
    const std::string growing = summary.settled == false ? "; it never settled" : "";
    return {"MISSED", because_of(*missed.front()) + and_more + busiest(summary) + growing + ".",
            Verdict::missed};
  }
  if (summary.settled == false) {
    return {"NEVER SETTLED",
            summary.unsettled_because +
                ": what follows would depend on how long "
                "the run was.",
            Verdict::undecided};
  }
  // Replications that came to no result.
  if (!summary.unsettled_because.empty())
    return {"UNDECIDED",
            summary.unsettled_because + ": those may well be the ones with the most work.",
            Verdict::undecided};
  if (summary.slos.empty()) return {"DONE", without_slos(summary), Verdict::met};
  const auto undecided = slos_with(summary, Verdict::undecided);
  if (!undecided.empty()) {
    return {"UNDECIDED", because_of(*undecided.front()) + what_decides(*undecided.front()) + ".",
            Verdict::undecided};
  }
  const std::string what = summary.slos.size() == 1
                               ? because_of(summary.slos.front())
                               : fmt::format("all {} SLOs hold", summary.slos.size());
  return {"MET", what + busiest(summary) + ".", Verdict::met};
}

}  // namespace

TextTable::Tint tint_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return &Paint::green;
    case Verdict::missed:
      return &Paint::red;
    case Verdict::undecided:
      break;
  }
  return &Paint::yellow;
}

std::string_view verdict_word(const Summary& summary) {
  const bool is_open = summary.settled == false && summary.verdict != Verdict::missed;
  return is_open ? "never settled" : name_of(summary.verdict);
}

std::string_view verdict_word(const SloSummary& slo, const Summary& of) {
  const bool is_open = of.settled == false && slo.verdict == Verdict::undecided;
  return is_open ? "never settled" : name_of(slo.verdict);
}

std::string asked_text(const SloSummary& slo) {
  std::string limit = slo.limit + (is_of_busiest_replica(slo) ? " of the busiest replica" : "");
  if (slo.shard) limit += fmt::format(" of shard {}", *slo.shard);
  if (slo.during.empty()) return limit;
  const bool is_one = slo.during.find_first_not_of("0123456789") == std::string::npos;
  const bool is_outside = slo.during.starts_with("outside");
  return limit + (is_outside ? " " : " during ") + (is_one ? "failure " : "") + slo.during;
}

std::string measured_text(const SloSummary& slo) {
  // The largest of all samples is a fact of the runs: it has no interval.
  if (slo.limit.starts_with("max")) return value_text(slo.measured, Measure::seconds);
  return figure_text(slo.measured, measure_of(slo.limit));
}

std::string verdict_sentence(const Summary& summary, const Paint& paint) {
  const Sentence sentence = sentence_of(summary);
  const std::string partial = summary.partial ? " (partial: interrupted)" : "";
  const std::string mark = sentence.mark + partial;
  const std::string text = wrapped(mark + " " + sentence.text, 0, text_width - 1);
  // Coloured after wrapping, so that the escape codes do not count as width.
  const std::size_t end = text.starts_with(mark) ? mark.size() : 0;
  return paint.verdict(sentence.tone, text.substr(0, end)) + (end > 0 ? " " : "") +
         text.substr(end) + "\n";
}

}  // namespace headroom
