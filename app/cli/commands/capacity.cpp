#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/cli/capacity_trial.hpp"
#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/load_capacity.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/study_command.hpp"
#include "app/cli/today.hpp"
#include "app/cli/vary.hpp"
#include "app/report/capacity_text.hpp"
#include "app/report/html/page.hpp"
#include "app/scenario/quantity.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

/// The setting whose limit is looked for: where it is, the unit it is written in, its bounds.
struct Searched {
  std::string path, unit;
  CapacitySearch::Options options;
};

double in_si(const std::string& text) {
  const bool is_time = parse_quantity(Quantity::time, text).value.has_value();
  return *in_base_units(text) * (is_time ? 1e-9 : 1);
}

class CapacityStudy : StudyCommand {
 public:
  explicit CapacityStudy(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool read_setting();
  bool read_bounds(const std::string& text);
  bool read_start(const ScenarioPlan& plan);
  bool is_misspelt(Diagnostics& diagnostics) const;
  bool read_resolution();
  bool takes_fractions() const;
  std::optional<ScenarioPlan> plan_at(double at, Diagnostics& diagnostics) const;
  bool is_possible(double at) const {
    Diagnostics unheard;
    return plan_at(at, unheard).has_value();
  }
  std::string written_at(double at) const { return written({at, searched_.unit}); }
  bool simulate(double at, CapacitySearch& search, Progress& progress);
  std::optional<CapacityTrial> study_of(const ScenarioPlan& plan, double at, Progress& progress);
  Capacity answer_of(const CapacitySearch& search);
  Json asked() const;

  Searched searched_;
  std::string scenario_;
  std::vector<std::string> without_;  ///< Settings that take away what --without names.
  std::vector<std::pair<double, CapacityTrial>> trials_;
  Json warnings_;
  bool interrupted_ = false;
};

/// PATH or PATH=LEAST..MOST, of --vary or of --find.
bool CapacityStudy::read_setting() {
  const bool finds = !session_.find.empty();
  if (finds && !session_.vary.empty()) {
    return refuse("--vary asks for the highest value, --find for the smallest: one of them");
  }
  const auto& asked = finds ? session_.find : session_.vary;
  if (asked.size() > 1 || (!asked.empty() && asked[0].find(',') != std::string::npos)) {
    return refuse("capacity looks along one setting at a time",
                  "give the others a value with --set, or see them together with sweep");
  }
  searched_.options.smallest = finds;
  const std::string text = asked.empty() ? "run.load" : asked[0];
  const std::size_t equals = text.find('=');
  searched_.path = text.substr(0, equals);
  return equals == std::string::npos || read_bounds(text.substr(equals + 1));
}

bool CapacityStudy::read_bounds(const std::string& text) {
  const std::size_t dots = text.find("..");
  const auto least = parse_amount(text.substr(0, dots));
  const auto most = dots == std::string::npos ? std::nullopt : parse_amount(text.substr(dots + 2));
  const bool usable = least && most && least->unit == most->unit && least->number > 0 &&
                      least->number < most->number;
  if (!usable) {
    return refuse(fmt::format("\"{}\" are no bounds for {}", visible(text), searched_.path),
                  "two positive numbers in one unit, the smaller first, as in 0.5..4 or "
                  "100/s..900/s");
  }
  searched_.unit = least->unit;
  searched_.options.least = least->number;
  searched_.options.most = most->number;
  return true;
}

bool CapacityStudy::read_resolution() {
  if (!session_.resolution) return true;
  const auto parsed = parse_quantity(Quantity::ratio, *session_.resolution);
  if (parsed.value && *parsed.value >= 1e-4 && *parsed.value <= 0.5) {
    searched_.options.resolution = *parsed.value;
    return true;
  }
  return refuse(fmt::format("--resolution is {}", visible(*session_.resolution)),
                "a share of the value from 0.01% to 50%, as in --resolution 2%");
}

/// Whether no scenario has that path: then something is said of it, whatever its value.
bool CapacityStudy::is_misspelt(Diagnostics& diagnostics) const {
  auto settings = base_settings(session_, without_);
  settings.push_back("--vary " + searched_.path + "=1");
  read_scenario(session_.study.file, settings, diagnostics);
  const auto& all = diagnostics.all();
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& each) {
    return each.severity == Diagnostic::Severity::error &&
           diagnostics.sources.name(each.place.file) == "--vary" &&
           each.place.offset < searched_.path.size();
  });
}

/// The value that the scenario has, which tells the unit as well.
bool CapacityStudy::read_start(const ScenarioPlan& plan) {
  const Json value = value_at(plan, searched_.path);
  const auto amount = parse_amount(value.is_string() ? value.get<std::string>() : value.dump());
  CapacitySearch::Options& options = searched_.options;
  const bool has_bounds = options.least.has_value();
  if (!amount || amount->number <= 0) {
    // Between bounds a setting need not have a value yet.
    if (has_bounds) {
      options.start = *options.least;
      return true;
    }
    Diagnostics diagnostics;
    if (value.is_null() && is_misspelt(diagnostics)) {
      code_ = console_.errors(diagnostics);
      return false;
    }
    return refuse(value.is_null()
                      ? fmt::format("the scenario has no {}", visible(searched_.path))
                      : fmt::format("{} is {}: a positive number is needed to start from",
                                    visible(searched_.path), visible(value.dump())),
                  "bounds say where to look, as in run.load=0.5..4");
  }
  if (!has_bounds) searched_.unit = amount->unit;
  if (has_bounds && searched_.unit != amount->unit) {
    options.start = *options.least;
    return true;
  }
  options.start = amount->number;
  if (has_bounds) options.start = std::clamp(options.start, *options.least, *options.most);
  return true;
}

std::optional<ScenarioPlan> CapacityStudy::plan_at(double at, Diagnostics& diagnostics) const {
  auto settings = base_settings(session_, without_);
  settings.push_back(searched_.path + "=" + written_at(at));
  return read_scenario(session_.study.file, settings, diagnostics);
}

/// Counts take whole numbers only; the field itself knows, so it is asked.
bool CapacityStudy::takes_fractions() const {
  const double at = std::max(1.0, std::floor(searched_.options.start));
  return is_possible(at + 0.5) || is_possible(at - 0.5) || !is_possible(at);
}

std::optional<CapacityTrial> CapacityStudy::study_of(const ScenarioPlan& plan, double at,
                                                     Progress& progress) {
  const std::string what = fmt::format("trial {}: {}", trials_.size() + 1, written_at(at));
  auto trial = capacity_trial(session_, plan, progress, what, interrupted_, code_);
  if (!trial) return std::nullopt;
  trial->written = written_at(at);
  trial->at_si = in_si(trial->written);
  return trial;
}

bool CapacityStudy::simulate(double at, CapacitySearch& search, Progress& progress) {
  Diagnostics diagnostics;
  auto plan = plan_at(at, diagnostics);
  if (!plan) {
    if (search.exclude(at)) return true;
    code_ = console_.errors(diagnostics);
    return false;
  }
  session_.varied = session_.at;
  session_.varied.insert(session_.varied.end(), without_.begin(), without_.end());
  session_.varied.push_back(searched_.path + "=" + written_at(at));
  auto trial = study_of(*plan, at, progress);
  if (!trial) return false;
  if (interrupted_) {
    // Of the first value what is finished is told; it decides nothing.
    if (trials_.empty()) trials_.emplace_back(at, std::move(*trial));
    return false;
  }
  search.record({at, trial->verdict, seems_met(*plan, *trial)});
  trials_.emplace_back(at, std::move(*trial));
  return true;
}

Capacity CapacityStudy::answer_of(const CapacitySearch& search) {
  std::sort(trials_.begin(), trials_.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  Capacity capacity;
  capacity.path = searched_.path;
  capacity.smallest = searched_.options.smallest;
  capacity.whole = searched_.options.whole;
  capacity.monotone = search.is_monotone();
  capacity.exhausted = search.exhausted();
  capacity.interrupted = interrupted_;
  for (std::size_t i = 0; i < trials_.size(); ++i) {
    if (search.holds() == trials_[i].first) capacity.holds = i;
    if (search.breaks() == trials_[i].first) capacity.breaks = i;
  }
  auto estimate = search.estimate();
  const auto last = search.holds();
  if (last && !capacity.breaks && capacity.whole && capacity.smallest) {
    capacity.is_last = !is_possible(*last - 1);
    if (capacity.is_last) estimate = last;
  }
  if (estimate) {
    capacity.estimate = written_at(*estimate);
    capacity.estimate_si = in_si(capacity.estimate);
  }
  for (auto& [at, trial] : trials_)
    capacity.trials.push_back(std::move(trial));
  return capacity;
}

nlohmann::ordered_json CapacityStudy::asked() const {
  const CapacitySearch::Options& options = searched_.options;
  Json asked{{"command", "capacity"}, {options.smallest ? "find" : "vary", searched_.path}};
  if (options.least) asked["within"] = {written_at(*options.least), written_at(*options.most)};
  asked["resolution"] = options.resolution;
  return asked;
}

int CapacityStudy::run() {
  if (!read_execution(session_)) return exit_bad_input;
  if (!read_setting() || !read_resolution()) return code_;
  Diagnostics diagnostics;
  auto plan = open_without(session_, base_settings(session_, without_), diagnostics, without_);
  if (!plan) return exit_bad_input;
  scenario_ = plan->name;
  if (diagnostics.warning_count() > 0) warnings_ = diagnostics.warnings_json();
  if (plan->slos.empty() && !plan->is_stationary()) {
    refuse("there is no SLO to meet, and with timed failures or staged load nothing settles",
           "add a goal under \"slos\"");
    return code_;
  }
  std::string hint;
  if (const std::string why = why_no_load(*plan, hint);
      searched_.path == "run.load" && !why.empty()) {
    refuse(why, hint);
    return code_;
  }
  if (!read_start(*plan)) return code_;
  searched_.options.whole = !takes_fractions();
  if (!begin(*plan, asked())) return code_;
  CapacitySearch search(searched_.options);
  Progress progress(console_.shows_progress());
  for (auto at = search.next(); at; at = search.next()) {
    if (!simulate(*at, search, progress)) break;
  }
  progress.clear();
  if (code_ != exit_met && code_ != exit_interrupted) return code_;
  interrupted_ = interrupted_ || code_ == exit_interrupted;
  if (trials_.empty()) return exit_interrupted;
  const Capacity capacity = answer_of(search);
  Json document = capacity_json(scenario_, capacity);
  if (!warnings_.empty()) document["warnings"] = warnings_;
  return deliver(
      interrupted_ ? exit_interrupted : exit_code_of(capacity.verdict()), document,
      [&](const Paint& paint) { return capacity_text(scenario_, capacity, paint); },
      [](auto& files) { add_report(files); });
}

}  // namespace

void add_capacity(Session& session) {
  Command command = session.line.add(
      "capacity", "Find the highest (or smallest) value of a setting that meets every SLO.");
  add_setting_options(command, session.study);
  command.repeatable("--vary", session.vary, "PATH",
                     "The setting whose highest value is looked for; PATH=LEAST..MOST keeps within "
                     "bounds. Default: run.load.");
  command.repeatable("--find", session.find, "PATH",
                     "The setting whose smallest value is looked for, as services.app.replicas; "
                     "several, with commas, are found together at the least cost.");
  command.repeatable("--without", session.without, "TARGET",
                     "Gone while it is measured: a replica as app[0], a zone as \"zone az-a\".");
  command.repeatable("--at", session.at, "PATH=VALUE",
                     "Where to look for it: as --set, for example run.load=2.");
  command.option("--resolution", session.resolution, "SHARE",
                 "How close the ends of the answer come where all is decided. Default: 1%.");
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Examples: headroom capacity shop.json\n"
      "          headroom capacity shop.json --vary workloads.w.arrivals.poisson\n"
      "          headroom capacity shop.json --find services.app.replicas --at run.load=2\n"
      "          headroom capacity shop.json --find services.app.replicas,services.db.replicas\n"
      "          headroom capacity shop.json --without \"zone az-a\"\n\n"
      "Exit codes: 0 found, 3 the SLOs are met nowhere, 4 nothing settles or can be decided, or\n"
      "the SLOs do not break at one place.");
  command.action([&session] {
    return is_joint(session) ? find_together(session) : CapacityStudy(session).run();
  });
}

}  // namespace headroom
