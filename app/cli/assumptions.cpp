#include "app/cli/assumptions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/cli/exit_code.hpp"
#include "app/cli/today.hpp"
#include "app/cli/vary.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/merge.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

constexpr double farthest = 4;  // Chosen: who is off by more has not assumed but guessed.
constexpr int halvings = 4;     // The answer is then known to 9 %.

/// Tries one path upwards or downwards.
class FlipSearch {
 public:
  FlipSearch(Session& session, const std::vector<std::string>& settings, Verdict now,
             Progress& progress, int& code)
      : session_(session), settings_(settings), now_(now), progress_(progress), code_(code) {}

  /// The factor nearest to 1 from which on the verdict is another; `verdict` tells which. False
  /// where a run failed.
  bool find(const std::string& path, const Json& value, bool upwards, std::optional<double>& factor,
            std::string& verdict) {
    double near = 0, far = std::log(farthest);
    std::string at_far;
    if (!differs(path, value, upwards ? far : -far, at_far)) return code_ == exit_met;
    for (int step = 0; step < halvings; ++step) {
      const double middle = (near + far) / 2;
      std::string at_middle;
      const bool flips = differs(path, value, upwards ? middle : -middle, at_middle);
      if (code_ != exit_met) return false;
      (flips ? far : near) = middle;
      if (flips) at_far = at_middle;
    }
    factor = std::exp(upwards ? far : -far);
    verdict = at_far;
    return true;
  }

 private:
  bool differs(const std::string& path, const Json& value, double log_factor,
               std::string& verdict) {
    const Json changed = scaled_value(value, std::exp(log_factor));
    auto settings = settings_;
    settings.push_back(path + "=" + changed.dump());
    session_.varied = {settings.back()};
    Diagnostics unheard;
    auto plan = read_scenario(session_.study.file, settings, unheard);
    if (!plan) return false;  // beyond what the value may be
    plan->run.until.reset();
    const auto finished = carry_out(
        session_, *plan, [&](double share) { progress_.show(share, path + " " + changed.dump()); },
        code_);
    if (!finished) return false;
    if (finished->result.interrupted) {
      code_ = exit_interrupted;
      return false;
    }
    const Verdict found = finished->summary.verdict;
    verdict = std::string(name_of(found));
    return found != now_ && found != Verdict::undecided;
  }

  Session& session_;
  const std::vector<std::string>& settings_;
  Verdict now_;
  Progress& progress_;
  int& code_;
};

Json scaled_quantity(const std::string& text, double factor) {
  auto amount = parse_amount(text);
  if (!amount || amount->unit.empty()) return text;
  amount->number *= factor;
  return written(*amount);
}

/// What callers do about slow answers is no part of the work.
bool is_of_clients(const std::string& key) {
  static constexpr std::array keys{"timeout",    "deadline",        "retry",   "hedge",
                                   "rate_limit", "circuit_breaker", "bulkhead"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// As much of it as fits into a table.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 40;
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

std::string factor_text(const std::optional<double>& factor, const std::string& verdict) {
  if (!factor) return "never";
  return fmt::format("{:+.0f} %: {}", 100 * (*factor - 1), verdict);
}

}  // namespace

std::optional<double> Assumption::nearest() const {
  std::optional<double> found = more;
  if (less && (!found || 1 / *less < *found)) found = 1 / *less;
  return found;
}

Json scaled_value(const Json& value, double factor) {
  if (value.is_string()) return scaled_quantity(value.get<std::string>(), factor);
  if (value.is_number_integer())
    return std::max<std::int64_t>(0, std::llround(value.get<double>() * factor));
  if (value.is_number()) return value.get<double>() * factor;
  if (!value.is_structured()) return nullptr;
  Json changed = value;
  for (const auto& item : changed.items()) {
    Json& each = item.value();
    if (value.is_object() && is_of_clients(item.key())) continue;
    if (each.is_structured() || each.is_string()) each = scaled_value(each, factor);
  }
  return changed;
}

std::optional<Provenance> provenance_of(const std::string& file,
                                        const std::vector<std::string>& settings,
                                        const ScenarioPlan& plan, std::string& why) {
  Provenance found;
  Diagnostics unheard;
  const auto document = load_scenario(file, settings, unheard);
  const Node* told = document ? at_pointer(*document, "/x-provenance") : nullptr;
  if (told == nullptr) return found;
  for (const Node& each : told->children) {
    auto* list = each.text == "measured"  ? &found.measured
                 : each.text == "fitted"  ? &found.fitted
                 : each.text == "assumed" ? &found.assumed
                                          : nullptr;
    if (list == nullptr) {
      why = fmt::format("x-provenance: {} is \"{}\", not measured, fitted or assumed",
                        visible(each.key), visible(each.text));
      return std::nullopt;
    }
    if (value_at(plan, each.key).is_null()) {
      why = fmt::format("x-provenance: the scenario has no value at {}", visible(each.key));
      return std::nullopt;
    }
    list->push_back(each.key);
  }
  return found;
}

std::optional<std::vector<Assumption>> assumptions_tried(Session& session, const ScenarioPlan& plan,
                                                         Verdict verdict,
                                                         const std::vector<std::string>& assumed,
                                                         Progress& progress, int& code) {
  std::vector<Assumption> found;
  const auto settings = session.study.settings();
  FlipSearch search(session, settings, verdict, progress, code);
  for (const std::string& path : assumed) {
    const Json value = value_at(plan, path);
    Assumption one{path, value.is_string() ? value.get<std::string>() : value.dump(), {}, {}, {},
                   {}};
    if (!search.find(path, value, true, one.more, one.verdict_more)) return std::nullopt;
    if (!search.find(path, value, false, one.less, one.verdict_less)) return std::nullopt;
    found.push_back(std::move(one));
  }
  std::stable_sort(found.begin(), found.end(), [](const Assumption& a, const Assumption& b) {
    return a.nearest().value_or(farthest * 2) < b.nearest().value_or(farthest * 2);
  });
  return found;
}

std::string assumptions_text(const std::vector<Assumption>& assumptions, Verdict verdict,
                             const Paint& paint) {
  if (assumptions.empty()) return {};
  std::string text = fmt::format(
      "\nAssumed, not measured: how far each may be off before the verdict ({}) is another:\n\n",
      name_of(verdict));
  TextTable table;
  table.column("assumed", TextTable::Align::left);
  for (const auto* heading : {"is", "from so much more on", "from so much less on"})
    table.column(heading);
  for (const Assumption& each : assumptions)
    table.row({each.path, shortened(each.now), factor_text(each.more, each.verdict_more),
               factor_text(each.less, each.verdict_less)});
  return text + table.text(paint) +
         "\n  The first is the one to measure next. Tried from a quarter to four times as much.\n";
}

Json assumptions_json(const std::vector<Assumption>& assumptions) {
  Json list = Json::array();
  const auto number = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
  };
  for (const Assumption& each : assumptions) {
    list.push_back({{"path", each.path},
                    {"now", each.now},
                    {"flips_at_factor_above", number(each.more)},
                    {"flips_at_factor_below", number(each.less)},
                    {"nearest", number(each.nearest())}});
  }
  return list;
}

}  // namespace headroom
