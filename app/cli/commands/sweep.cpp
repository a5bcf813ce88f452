#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/interrupt.hpp"
#include "app/cli/progress.hpp"
#include "app/cli/refine.hpp"
#include "app/cli/study_command.hpp"
#include "app/cli/today.hpp"
#include "app/cli/vary.hpp"
#include "app/report/html/page.hpp"
#include "app/report/summary_json.hpp"
#include "app/report/sweep_text.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_points = 1000;  // Chosen: a day at a minute and a half each.

/// A point that is yet to be run.
struct Planned {
  SweepPoint point;
  ScenarioPlan plan;
};

/// One that was run.
struct Done {
  SweepPoint point;
  Json summary;
  std::vector<ResultFile> files;
};

class Sweep : StudyCommand {
 public:
  explicit Sweep(Session& session) : StudyCommand(session) {}
  int run();

 private:
  bool read_axes();
  bool read_refinement();
  bool read_points();
  std::optional<Planned> read_point(const std::vector<std::string>& values,
                                    Diagnostics& diagnostics) const;
  void refine(Progress& progress);
  bool divide(const MapGap& gap);
  void put_in_order();
  std::vector<SweepPoint> points() const;
  bool simulate(std::size_t index, Progress& progress);
  Json document() const;
  Json asked() const;
  void add_files(std::vector<ResultFile>& files) const;
  std::string text(const Paint& paint) const;
  int code_of_points() const;
  std::vector<std::string> paths() const;

  std::vector<Axis> axes_;
  std::vector<Planned> planned_;
  std::vector<Done> done_;
  Json warnings_, today_;
  std::size_t refine_ = 0;  ///< Points beyond those that were asked for.
  bool interrupted_ = false;
};

bool Sweep::read_axes() {
  if (session_.vary.empty()) {
    return refuse("sweep needs a --vary PATH=FROM..TO:N or PATH=a,b,c",
                  "for example --vary run.load=0.5..2:7");
  }
  std::size_t points = 1;
  for (const std::string& argument : session_.vary) {
    std::string why;
    auto axis = parse_axis(argument, why);
    for (const Axis& other : axes_) {
      if (axis && other.path == axis->path) {
        why = "--vary " + visible(axis->path) + " is given twice";
        axis.reset();
      }
    }
    if (axis && (points *= axis->values.size()) > most_points) {
      why = fmt::format("a grid of {} points: at most {}", points, most_points);
      axis.reset();
    }
    if (!axis) return refuse(why);
    if (!may_vary(session_, axis->path)) {
      code_ = exit_bad_input;
      return false;
    }
    axes_.push_back(std::move(*axis));
  }
  return true;
}

bool Sweep::read_refinement() {
  if (!session_.refine) return true;
  const auto amount = parse_amount(*session_.refine);
  if (!amount || !amount->unit.empty() || amount->number != std::floor(amount->number) ||
      amount->number < 1 || amount->number > most_points) {
    return refuse(fmt::format("--refine {} is not a number of points: 1 to {}",
                              visible(*session_.refine), most_points));
  }
  for (const Axis& axis : axes_) {
    if (axis.numbers.empty())
      return refuse("--refine needs numbers to go between: the values of " + visible(axis.path) +
                    " are none");
  }
  refine_ = static_cast<std::size_t>(amount->number);
  return true;
}

/// All points are read before the first is run: a mistake in the last shows at once.
bool Sweep::read_points() {
  if (!can_be_read(console_, session_.study.file)) {
    code_ = exit_bad_input;
    return false;
  }
  for (const auto& indices : grid(axes_)) {
    std::vector<std::string> values;
    for (std::size_t axis = 0; axis < axes_.size(); ++axis)
      values.push_back(axes_[axis].values[indices[axis]]);
    Diagnostics diagnostics;
    auto planned = read_point(values, diagnostics);
    if (!planned) {
      code_ = console_.errors(diagnostics);
      std::string point;
      for (std::size_t axis = 0; axis < axes_.size(); ++axis)
        point +=
            fmt::format("{}{} = {}", point.empty() ? "" : ", ", axes_[axis].path, values[axis]);
      console_.warn("  at the point " + visible(point) + "\n");
      return false;
    }
    // Every point warns of much the same; the first speaks for all.
    if (planned_.empty()) {
      console_.warnings(diagnostics);
      warnings_ = diagnostics.warnings_json();
    }
    planned_.push_back(std::move(*planned));
  }
  today_ = values_of_today(session_.study.file, session_.study.settings(), paths());
  return true;
}

std::optional<Planned> Sweep::read_point(const std::vector<std::string>& values,
                                         Diagnostics& diagnostics) const {
  Planned planned;
  auto settings = session_.study.settings();
  for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
    settings.push_back("--vary " + axes_[axis].path + "=" + values[axis]);
    planned.point.at.emplace_back(axes_[axis].path, values[axis]);
  }
  if (axes_.size() == 1 && !axes_[0].numbers.empty()) planned.point.x = in_base_units(values[0]);
  auto plan = read_scenario(session_.study.file, settings, diagnostics);
  if (!plan) return std::nullopt;
  planned.plan = std::move(*plan);
  return planned;
}

/// One point after the other where the map changes most.
void Sweep::refine(Progress& progress) {
  std::vector<MapGap> closed;
  for (std::size_t left = refine_; left > 0;) {
    std::vector<MapPoint> map;
    for (const Done& done : done_) {
      MapPoint point{{}, done.point.summary.verdict, done.point.p99().value};
      for (const auto& [path, value] : done.point.at)
        point.x.push_back(in_base_units(value).value_or(0));
      map.push_back(std::move(point));
    }
    const auto gap = gap_to_divide(map, closed);
    if (!gap) return;
    if (!divide(*gap)) {
      closed.push_back(*gap);
      continue;
    }
    --left;
    if (!simulate(planned_.size() - 1, progress)) return;
  }
}

/// Plans a point in the middle; false where there is no value between, as between 3 and 4 replicas.
bool Sweep::divide(const MapGap& gap) {
  std::vector<std::string> values;
  for (const auto& [path, value] : done_[gap.low].point.at)
    values.push_back(value);
  const std::string low = values[gap.axis], high = done_[gap.high].point.at[gap.axis].second;
  const auto middle = value_between(low, high);
  if (!middle) return false;
  // Where a fraction is refused, the whole number below is tried.
  const auto amount = parse_amount(*middle);
  const std::string whole = written({std::floor(amount->number), amount->unit});
  for (const std::string& value : {*middle, whole}) {
    if (value == low || value == high) continue;
    values[gap.axis] = value;
    Diagnostics diagnostics;
    if (auto planned = read_point(values, diagnostics)) {
      planned_.push_back(std::move(*planned));
      return true;
    }
  }
  return false;
}

/// As a grid is listed: the last axis fastest.
void Sweep::put_in_order() {
  if (refine_ == 0) return;
  const auto numbers = [](const Done& done) {
    std::vector<double> all;
    for (const auto& [path, value] : done.point.at)
      all.push_back(in_base_units(value).value_or(0));
    return all;
  };
  std::stable_sort(done_.begin(), done_.end(),
                   [&](const Done& a, const Done& b) { return numbers(a) < numbers(b); });
}

std::vector<SweepPoint> Sweep::points() const {
  std::vector<SweepPoint> all;
  for (const Done& done : done_)
    all.push_back(done.point);
  return all;
}

nlohmann::ordered_json Sweep::asked() const {
  Json asked{{"command", "sweep"}};
  for (const Axis& axis : axes_)
    asked["vary"][axis.path] = axis.values;
  if (refine_ > 0) asked["refine"] = refine_;
  return asked;
}

/// Those of each point in a folder of its own.
void Sweep::add_files(std::vector<ResultFile>& files) const {
  for (std::size_t point = 0; point < done_.size(); ++point)
    for (const ResultFile& file : done_[point].files)
      files.push_back({fmt::format("point-{:03}/{}", point + 1, file.path), file.content});
  add_report(files);
}

std::string Sweep::text(const Paint& paint) const {
  std::string text = sweep_text(done_.front().point.summary.scenario, paths(), points(), paint);
  if (interrupted_) {
    text +=
        fmt::format("PARTIAL: interrupted after {} of {} points.\n", done_.size(), planned_.size());
  }
  return text;
}

bool Sweep::simulate(std::size_t index, Progress& progress) {
  Planned& planned = planned_[index];
  const auto count = static_cast<double>(planned_.size());
  const std::string what = fmt::format("point {} of {}", index + 1, planned_.size());
  session_.varied.clear();
  for (const auto& [path, value] : planned.point.at)
    session_.varied.push_back(path + "=" + value);
  const auto finished = carry_out(
      session_, planned.plan,
      [&](double share) { progress.show((static_cast<double>(index) + share) / count, what); },
      code_);
  if (!finished) return false;
  planned.point.summary = finished->summary;
  Json summary = to_json(finished->summary);
  summary["digests"] = digests_json(finished->result);
  Done done{planned.point, std::move(summary), {}};
  if (session_.study.directory)
    done.files = result_files(planned.plan, finished->result, printed(done.summary));
  done_.push_back(std::move(done));
  interrupted_ = finished->result.interrupted;
  return !interrupted_;
}

std::vector<std::string> Sweep::paths() const {
  std::vector<std::string> paths;
  for (const Axis& axis : axes_)
    paths.push_back(axis.path);
  return paths;
}

Json Sweep::document() const {
  const Summary& first = done_.front().point.summary;
  Json json{{"headroom", 1}, {"scenario", first.scenario}, {"seed", first.seed}};
  json["replications"] = first.replications;
  if (interrupted_) json["partial"] = true;
  const int code = code_of_points();
  json["verdict"] = code == exit_met ? "met" : code == exit_missed ? "missed" : "undecided";
  json.update(sweep_json(paths(), points()));
  json["today"] = today_;
  json["points"] = Json::array();
  for (const Done& done : done_) {
    Json at{{"at", Json::object()}};
    for (const auto& [path, value] : done.point.at)
      at["at"][path] = value_json(value);
    at.update(done.summary);
    json["points"].push_back(std::move(at));
  }
  if (!warnings_.empty()) json["warnings"] = warnings_;
  return json;
}

/// As for one study, over all points: one that misses decides, then one that is undecided.
int Sweep::code_of_points() const {
  int code = exit_met;
  for (const Done& done : done_) {
    Summary summary = done.point.summary;
    summary.partial = false;
    const int one = exit_code_of(summary);
    if (one == exit_missed || code == exit_met) code = one;
    if (code == exit_missed) return code;
  }
  return code;
}

int Sweep::run() {
  if (!read_execution(session_)) return exit_bad_input;
  if (!read_axes() || !read_refinement() || !read_points()) return code_;
  // Of what the axes change the scenario has the first values.
  if (!begin(planned_.front().plan, asked())) return code_;
  Progress progress(console_.shows_progress());
  for (std::size_t index = 0; index < planned_.size(); ++index) {
    if (!simulate(index, progress)) break;
  }
  if (code_ == exit_met && !interrupted_) refine(progress);
  put_in_order();
  progress.clear();
  if (code_ == exit_interrupted && !done_.empty()) interrupted_ = true;
  if (code_ != exit_met && !interrupted_) return code_;
  return deliver(
      interrupted_ ? exit_interrupted : code_of_points(), document(),
      [&](const Paint& paint) { return text(paint); }, [&](auto& files) { add_files(files); });
}

}  // namespace

void add_sweep(Session& session) {
  Command command = session.line.add(
      "sweep", "Run a scenario at several values of a setting and show where it breaks.");
  add_setting_options(command, session.study);
  command.repeatable("--vary", session.vary, "PATH=VALUES",
                     "FROM..TO:N for N evenly spaced values, or a,b,c; repeatable for a grid.");
  command.option("--refine", session.refine, "N",
                 "Run N points more, each where the verdict changes, else where p99 does most.");
  add_running_options(command, session.study);
  add_resume_option(command, session.study);
  add_console_options(command, session.options);
  command.footer(
      "Examples: headroom sweep shop.json --vary run.load=0.5..2:7\n"
      "          headroom sweep shop.json --vary services.app.replicas=2,4,8\n"
      "          headroom sweep shop.json --vary workloads.w.arrivals.poisson=100/s..900/s:9\n\n"
      "Exit codes are those of all points together: 0 every SLO met at every point, 3 one missed\n"
      "somewhere, else 4 one undecided or never settled somewhere. To explore: --exit-zero.");
  command.action([&session] { return Sweep(session).run(); });
}

}  // namespace headroom
