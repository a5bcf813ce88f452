#include "app/report/waterfall.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/client_tables.hpp"
#include "app/report/numbers.hpp"
#include "app/report/text_table.hpp"
#include "app/report/trace_files.hpp"
#include "app/scenario/diagnostics.hpp"

namespace headroom {

namespace {

constexpr std::size_t most_lines = 200;  // Chosen: a few screens.
constexpr std::size_t name_width = 44, time_width = 9, bar_width = 32;

std::string time_text(std::int64_t ns) {
  return ns == 0 ? "0" : number_text(static_cast<double>(ns) * 1e-9, Measure::seconds);
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t count = count_characters(text);
  return count < width ? text + std::string(width - count, ' ') : text;
}
std::string padded_left(const std::string& text, std::size_t width) {
  const std::size_t count = count_characters(text);
  return count < width ? std::string(width - count, ' ') + text : text;
}

/// From the beginning to the end of the span on the time of the whole request; what goes on beyond
/// its end is cut off there.
std::string bar(const TracedSpan& span, const TracedSpan& whole) {
  const auto length = static_cast<double>(std::max<std::int64_t>(1, whole.end_ns - whole.begin_ns));
  const auto cell = [&](std::int64_t at_ns) {
    const double share = static_cast<double>(at_ns - whole.begin_ns) / length;
    return static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * bar_width + 0.5);
  };
  const std::size_t from = std::min(cell(span.begin_ns), bar_width - 1);
  const std::size_t until = std::max(cell(span.end_ns), from);
  std::string text(from, ' ');
  if (until == from) return text + "|";
  for (std::size_t i = from; i < until; ++i)
    text += "█";
  if (span.end_ns > whole.end_ns) text += "→";
  return text;
}

bool is_shown(const TracedSpan& span) {
  // Messages within one place take no time and would fill the screen.
  return span.kind != SpanKind::network || span.end_ns > span.begin_ns;
}

std::string span_line(const RequestTrace& trace, std::size_t index, const Paint& paint) {
  const TracedSpan& span = trace.spans[index];
  std::size_t depth = 0;
  for (std::int32_t up = span.parent; up >= 0;
       up = trace.spans[static_cast<std::size_t>(up)].parent)
    ++depth;
  std::string name =
      std::string(2 * std::min<std::size_t>(depth, 12), ' ') + visible(span_text(span));
  const std::string ending = ending_of(span);
  if (!ending.empty() && span.kind != SpanKind::queue) name += ": " + ending;
  std::string line = padded(name, name_width);
  if (count_characters(line) > name_width) line += "\n" + std::string(name_width, ' ');
  line += padded_left(time_text(span.begin_ns - trace.spans.front().begin_ns), time_width) +
          padded_left(time_text(span.end_ns - span.begin_ns), time_width) + "  ";
  const std::string drawn = bar(span, trace.spans.front());
  switch (span.kind) {
    case SpanKind::queue:
      return line + paint.yellow(drawn);
    case SpanKind::cpu:
    case SpanKind::wait:
      return line + paint.green(drawn);
    case SpanKind::backoff:
      return line + paint.red(drawn);
    default:
      return line + (ending.empty() ? paint.dim(drawn) : paint.red(drawn));
  }
}

std::string spent_sentence(const RequestTrace& trace) {
  const TracedSpan& root = trace.spans.front();
  if (root.open) return "It had not ended when the run did.";
  const auto length = static_cast<double>(root.end_ns - root.begin_ns);
  std::string text;
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    if (trace.ns[cause] > 0)
      text += fmt::format("{}{} {} ({:.0f} %)", text.empty() ? "" : ", ",
                          in_words(static_cast<TimeCause>(cause)), time_text(trace.ns[cause]),
                          100 * static_cast<double>(trace.ns[cause]) / length);
  return text.empty() ? "It took no time." : "Spent on: " + text + ".";
}

}  // namespace

std::string waterfall_text(const RunResult& run, const RequestTrace& trace, const Paint& paint) {
  const TracedSpan& root = trace.spans.front();
  const std::string ending = ending_of(root);
  const double sent_s =
      static_cast<double>(root.begin_ns - run.measurement.start.count_ns()) * 1e-9;
  std::string text = paint.bold(fmt::format(
      "{} {} #{}: {} in {}", visible(trace.workload), visible(trace.endpoint), trace.number,
      ending.empty() ? "ok" : ending, time_text(root.end_ns - root.begin_ns)));
  text += "\n";
  std::string where = fmt::format("Meant to be sent {} after the end of the warm-up",
                                  number_text(sent_s, Measure::seconds));
  if (run.picked)
    where += fmt::format("; by latency number {} of {} that ended ok", count_text(run.picked->rank),
                         count_text(run.picked->of));
  text += wrapped(where + ". " + spent_sentence(trace)) + "\n\n";
  text += padded("", name_width) + padded_left("begins", time_width) +
          padded_left("takes", time_width) + "\n";
  std::size_t lines = 0, hidden = trace.left_out;
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    if (!is_shown(trace.spans[i])) continue;
    if (lines++ >= most_lines)
      ++hidden;
    else
      text += span_line(trace, i, paint) + "\n";
  }
  if (hidden > 0) text += fmt::format("and {} more; all are in trace.json of -o\n", hidden);
  return text;
}

nlohmann::ordered_json trace_json(const RunResult& run, const RequestTrace& trace) {
  using Json = nlohmann::ordered_json;
  const TracedSpan& root = trace.spans.front();
  const auto seconds = [](std::int64_t ns) { return static_cast<double>(ns) / 1e9; };
  Json json;
  json["workload"] = trace.workload;
  json["endpoint"] = trace.endpoint;
  json["request"] = trace.number;
  if (run.picked) {
    json["rank"] = run.picked->rank;
    json["of"] = run.picked->of;
  }
  const std::string ending = ending_of(root);
  json["ending"] = ending.empty() ? "ok" : ending;
  json["at_s"] = seconds(root.begin_ns - run.measurement.start.count_ns());
  json["latency_s"] = seconds(root.end_ns - root.begin_ns);
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    json["by_cause_s"][std::string(name_of(static_cast<TimeCause>(cause)))] =
        seconds(trace.ns[cause]);
  json["spans"] = Json::array();
  for (const TracedSpan& span : trace.spans) {
    const std::string how = ending_of(span);
    json["spans"].push_back({{"parent", span.parent >= 0 ? Json(span.parent) : Json(nullptr)},
                             {"name", span_text(span)},
                             {"start_s", seconds(span.begin_ns - root.begin_ns)},
                             {"duration_s", seconds(span.end_ns - span.begin_ns)},
                             {"ending", how.empty() ? "ok" : how}});
  }
  return json;
}

}  // namespace headroom
