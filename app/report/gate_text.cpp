#include "app/report/gate_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/report/numbers.hpp"
#include "app/report/run_text.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/text_table.hpp"
#include "app/report/verdict_text.hpp"
#include "app/scenario/diagnostics.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

Measure measure_of(GateRow::Kind kind) {
  switch (kind) {
    case GateRow::Kind::time:
      return Measure::seconds;
    case GateRow::Kind::share:
      return Measure::share;
    case GateRow::Kind::rate:
      return Measure::per_s;
    case GateRow::Kind::slo:
      break;
  }
  return Measure::number;
}

std::string text_of(const GateRow& row, const Figure& figure) {
  if (row.kind != GateRow::Kind::slo) return figure_text(figure, measure_of(row.kind));
  return measured_text({row.name, row.limit, figure, row.verdict});
}

std::string_view word_of(const GateRow& row) {
  if (!row.is_compared) return "not compared";
  return row.never_settled ? "never settled" : name_of(row.verdict);
}

std::string allowed_text(const GateRow& row) {
  if (row.kind == GateRow::Kind::slo) return row.limit;
  if (!row.baseline.value) return "-";
  return "+" + number_text(row.allowed, measure_of(row.kind));
}

std::size_t count(const std::vector<GateRow>& rows, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const GateRow& row) {
    return row.is_compared && row.verdict == verdict;
  }));
}

std::size_t compared(const std::vector<GateRow>& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const GateRow& row) { return row.is_compared; }));
}

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : visible(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// Figures in words, for the message of a row that is not met.
std::string figures_of(const GateRow& row) {
  return fmt::format("{}: baseline {}, now {}, allowed {}", row.because, text_of(row, row.baseline),
                     text_of(row, row.now), allowed_text(row));
}

}  // namespace

Verdict verdict_of(const std::vector<GateRow>& rows) {
  if (count(rows, Verdict::missed) > 0) return Verdict::missed;
  return count(rows, Verdict::undecided) > 0 ? Verdict::undecided : Verdict::met;
}

std::string gate_text(const std::string& title, const std::vector<GateRow>& rows,
                      const Paint& paint) {
  std::string text = title_text(title, paint);
  const Verdict verdict = verdict_of(rows);
  const bool never_settled =
      std::any_of(rows.begin(), rows.end(), [](const GateRow& row) { return row.never_settled; });
  const char* mark = verdict == Verdict::met      ? "MET"
                     : verdict == Verdict::missed ? "MISSED"
                     : never_settled              ? "NEVER SETTLED"
                                                  : "UNDECIDED";
  text +=
      fmt::format("{} {} of {} checks against the baseline hold, {} are missed, {} undecided.\n\n",
                  paint.verdict(verdict, mark), count(rows, Verdict::met), compared(rows),
                  count(rows, Verdict::missed), count(rows, Verdict::undecided));
  TextTable table;
  table.column("");
  for (const auto* heading : {"baseline", "now", "worse by", "allowed"})
    table.column(heading);
  table.column("verdict", TextTable::Align::left);
  for (const GateRow& row : rows) {
    const auto tint = row.is_compared ? tint_of(row.verdict) : nullptr;
    std::vector<TextTable::Cell> cells{row.name};
    cells.emplace_back(text_of(row, row.baseline));
    cells.emplace_back(text_of(row, row.now));
    cells.emplace_back(figure_text(row.worse, measure_of(row.kind)));
    cells.emplace_back(allowed_text(row));
    cells.emplace_back(std::string(word_of(row)), tint);
    table.row(std::move(cells));
  }
  text += table.text(paint);
  for (const GateRow& row : rows) {
    if (row.is_compared && row.verdict == Verdict::met) continue;
    text += "  - " + wrapped(row.name + ": " + row.because, 4, text_width, 4) + "\n";
  }
  return text + "\n" +
         wrapped("± is a 95 % interval; that of a difference takes the two runs as independent.",
                 2) +
         "\n";
}

Json gate_json(const std::vector<GateRow>& rows) {
  Json json{{"verdict", name_of(verdict_of(rows))}};
  json["rows"] = Json::array();
  for (const GateRow& row : rows) {
    Json each{{"name", row.name}, {"baseline", to_json(row.baseline)}, {"now", to_json(row.now)}};
    if (row.kind == GateRow::Kind::slo) {
      each["limit"] = row.limit;
    } else {
      each["worse"] = to_json(row.worse);
      each["allowed"] = row.allowed;
    }
    each["verdict"] = row.is_compared ? Json(name_of(row.verdict)) : Json(nullptr);
    if (row.never_settled) each["settled"] = false;
    if (!row.because.empty()) each["because"] = row.because;
    json["rows"].push_back(std::move(each));
  }
  return json;
}

std::string gate_junit(const std::string& title, const std::vector<GateRow>& rows) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format(
      "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
      escaped(title), rows.size(), count(rows, Verdict::missed), count(rows, Verdict::undecided),
      rows.size() - compared(rows));
  for (const GateRow& row : rows) {
    const char* classname = row.kind == GateRow::Kind::slo ? "slo" : "baseline";
    text += fmt::format("  <testcase classname=\"{}\" name=\"{}\"", classname, escaped(row.name));
    if (row.is_compared && row.verdict == Verdict::met) {
      text += "/>\n";
      continue;
    }
    if (!row.is_compared) {
      text +=
          fmt::format(">\n    <skipped message=\"{}\"/>\n  </testcase>\n", escaped(row.because));
      continue;
    }
    const char* element = row.verdict == Verdict::missed ? "failure" : "error";
    text += fmt::format(">\n    <{} type=\"{}\" message=\"{}\"/>\n  </testcase>\n", element,
                        word_of(row), escaped(figures_of(row)));
  }
  return text + "</testsuite>\n";
}

}  // namespace headroom
