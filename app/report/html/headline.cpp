#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/report/html/markup.hpp"
#include "app/report/html/sections.hpp"
#include "app/report/sweep_text.hpp"
#include "app/report/verdict_text.hpp"

namespace headroom::html {

namespace {

struct Word {
  std::string_view word, kind;
};
constexpr std::array<Word, 5> words{{{"NEVER SETTLED", "undecided"},
                                     {"UNDECIDED", "undecided"},
                                     {"MISSED", "missed"},
                                     {"DONE", "plain"},
                                     {"MET", "met"}}};

/// A figure with its name, for the row below the verdict.
std::string fact(std::string_view name, std::string_view value, std::string_view note = {}) {
  std::string text =
      fmt::format("<div class=\"fact\"><dt>{}</dt><dd>{}", escaped(name), escaped(value));
  if (!note.empty()) text += fmt::format("<small>{}</small>", escaped(note));
  return text + "</dd></div>\n";
}

std::string figure_fact(const std::string& name, const Figure& figure, Measure measure) {
  if (!figure.value) return fact(name, "–", "no honest figure");
  const std::string value = number_text(*figure.value, measure);
  if (!figure.low || !figure.high) return fact(name, value, "no interval");
  return fact(name, value,
              fmt::format("{} to {}", number_text(*figure.low, measure),
                          number_text(*figure.high, measure)));
}

std::string facts_of_run(const Summary& summary) {
  if (summary.workloads.empty()) return {};
  const ClientSummary& client = summary.workloads.front();
  const std::string whose = summary.workloads.size() > 1 ? client.name + ": " : std::string();
  std::string text = figure_fact(whose + "offered", client.offered_per_s, Measure::per_s);
  text += figure_fact(whose + "served", client.served_per_s, Measure::per_s);
  text += figure_fact(whose + "latency p50", client.latency_s.percentile(50), Measure::seconds);
  text += figure_fact(whose + "latency p99", client.latency_s.percentile(99), Measure::seconds);
  text += figure_fact(whose + "errors", client.error_rate, Measure::share);
  if (summary.bottleneck) {
    text += fact("busiest: " + summary.bottleneck->name,
                 number_text(summary.bottleneck->utilization, Measure::share),
                 "of its " + summary.bottleneck->resource);
  }
  return text;
}

std::string facts_of_sweep(const Recorded& study) {
  const auto& points = study.points;
  std::string text;
  const auto first = first_to_break(points);
  if (first && first->last_met) {
    text += fact(
        "last to meet every SLO", points[*first->last_met].label(),
        "served " +
            number_text(
                points[*first->last_met].summary.workloads.front().served_per_s.value.value_or(0),
                Measure::per_s));
  }
  if (first) text += fact("first that does not", points[first->point].label(), first->slo);
  if (const auto at = knee(points)) {
    text += fact("knee of the p99", points[*at].label(), "it leaves the straight line");
  }
  const SweepPoint& point = telling_point(points);
  if (const auto& bottleneck = point.summary.bottleneck) {
    text += fact("bottleneck: " + bottleneck->name,
                 number_text(bottleneck->utilization, Measure::share),
                 fmt::format("of its {} at {}", bottleneck->resource, point.label()));
    if (bottleneck->ceiling_per_s) {
      text += fact("ceiling by arithmetic", number_text(*bottleneck->ceiling_per_s, Measure::per_s),
                   "requests of all workloads");
    }
  }
  return text;
}

Judgement judgement_of_sweep(const Recorded& study) {
  Judgement judgement{"plain", "SWEPT", {}};
  if (const std::string found = text_of(below(study.document, {"capacity", "sentence"}));
      !found.empty()) {
    const std::string because = text_of(below(study.document, {"capacity", "because"}));
    judgement.kind = name_of(study.summary.verdict);
    judgement.word = "CAPACITY";
    judgement.sentence = found + (because.empty() ? "" : " First to break: " + because + ".");
    if (study.summary.partial) judgement.sentence += " Partial: interrupted.";
    return judgement;
  }
  for (const std::string& sentence : sweep_sentences(study.points))
    judgement.sentence += (judgement.sentence.empty() ? "" : " ") + unbroken(sentence);
  if (!study.points.front().summary.slos.empty()) {
    const Verdict verdict = study.summary.verdict;
    judgement.kind = name_of(verdict);
    judgement.word = verdict == Verdict::met      ? "HOLDS"
                     : verdict == Verdict::missed ? "BREAKS"
                                                  : "UNDECIDED";
  }
  if (study.summary.partial) judgement.sentence += " Partial: interrupted before the last point.";
  return judgement;
}

}  // namespace

Judgement judgement_of(const Recorded& study) {
  if (study.is_sweep()) return judgement_of_sweep(study);
  if (study.summary.workloads.empty()) {
    const std::string word = text_of(below(study.document, {"verdict"}));
    const bool is_known = word == "met" || word == "missed" || word == "undecided";
    return {is_known ? word : "plain", is_known ? word : "DONE", {}};
  }
  Judgement judgement{"plain", {}, unbroken(verdict_sentence(study.summary, Paint(false)))};
  for (const Word& each : words) {
    if (!judgement.sentence.starts_with(each.word)) continue;
    judgement.kind = each.kind;
    judgement.word = each.word;
    judgement.sentence = unbroken(judgement.sentence.substr(each.word.size()));
    break;
  }
  return judgement;
}

std::string headline(const Part& part) {
  const Recorded& study = part.study;
  const Judgement judgement = judgement_of(study);
  std::string text = "<header class=\"headline\">\n";
  if (!study.label.empty()) text += paragraph(study.label, "label");
  text += fmt::format("<h1 id=\"{}\">{}</h1>\n", part.prefix, escaped(study.title()));
  text += paragraph(text_of(below(study.scenario, {"description"})), "description");
  text += fmt::format("<div class=\"verdict {}\">{}<p>{}</p></div>\n", judgement.kind,
                      badge(judgement.kind, judgement.word), escaped(judgement.sentence));
  const std::string facts = study.is_sweep() ? facts_of_sweep(study) : facts_of_run(study.summary);
  if (!facts.empty()) text += "<dl class=\"facts\">\n" + facts + "</dl>\n";
  return text + "</header>\n";
}

}  // namespace headroom::html
