// How often do the intervals hold the truth? Experiments with known answers, each a whole study
// with its own seed: pilots, warm-up, replications, figures as a user gets them.
//
// The interval of `capacity` is tried a tenth as often.
//
// usage: bench_coverage [EXPERIMENTS (4000)] [CASE]
//   --gate: exit code 1 where coverage is outside of what the number of experiments allows
//   --short: replications of a quarter of the time, in which M/M/1 at 0.9 has fewer than one burst
//     of requests beyond its p99
#include <fmt/format.h>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/scenario/scenario.hpp"
#include "app/study/capacity.hpp"
#include "app/study/comparison.hpp"
#include "app/study/summary.hpp"
#include "models/analytic/closed_network.hpp"
#include "models/analytic/finite_station.hpp"
#include "models/analytic/inversion.hpp"
#include "models/analytic/single_station.hpp"

namespace headroom {

namespace {

/// One figure of a study and what it estimates.
struct Target {
  std::string name;
  double truth = 0;
  std::function<Figure(const Summary&)> figure;
};

struct Case {
  std::string name, arrivals, service_time;
  unsigned servers = 1;
  std::string queue_limit = "\"unlimited\"", duration{}, until{};
  std::vector<Target> targets{};
  double least = 0.94, most = 0.96;  ///< What 95 % may come out as.
};

const ClientSummary& clients(const Summary& summary) {
  return summary.workloads.front();
}
Target mean_is(double truth) {
  return {"mean", truth, [](const Summary& s) { return clients(s).latency_s.mean; }};
}
Target p99_is(double truth) {
  return {"p99", truth, [](const Summary& s) { return clients(s).latency_s.percentile(99); }};
}

constexpr double work_s = 0.01;

std::string poisson(double per_s) {
  return fmt::format(R"({{"poisson": "{:.10g}/s"}})", per_s);
}

Case mmc(unsigned servers, double load, const std::string& duration) {
  const double rate = servers * load / work_s;
  Case made{fmt::format("M/M/{} at {:g}", servers, load), poisson(rate), R"({"exp": "10ms"})"};
  made.servers = servers;
  made.duration = duration;
  made.targets = {mean_is(mmc_sojourn(rate, work_s, servers)),
                  p99_is(mmc_sojourn_quantile(rate, work_s, servers, 0.99))};
  return made;
}

Case mg1(double cv, double load, const std::string& duration) {
  const double rate = load / work_s;
  Case made{fmt::format("M/G/1 CV {:g} at {:g}", cv, load), poisson(rate),
            fmt::format(R"({{"gamma": {{"mean": "10ms", "cv": {:g}}}}})", cv)};
  made.duration = duration;
  made.targets = {mean_is(mg1_sojourn(rate, work_s, cv * cv)),
                  p99_is(mg1_gamma_sojourn_quantile(rate, work_s, cv * cv, 0.99))};
  return made;
}

Case loss() {
  const double rate = 4 * 0.9 / work_s;
  Case made{"M/M/4/8, loss", poisson(rate), R"({"exp": "10ms"})"};
  made.servers = 4;
  made.queue_limit = "4";
  made.duration = "20s";
  made.targets = {{"error rate", limited_station(rate, work_s, 4, 8).loss,
                   [](const Summary& s) { return clients(s).error_rate; }}};
  return made;
}

Case closed() {
  Case made{"10 users, M/M/1", R"({"closed": {"users": 10, "think_time": {"exp": "100ms"}}})",
            R"({"exp": "10ms"})"};
  made.duration = "30s";
  made.targets = {{"throughput", mean_value_analysis({{work_s, 1}}, 0.1, 10).throughput,
                   [](const Summary& s) { return clients(s).served_per_s; }}};
  return made;
}

Case sequential() {
  Case made = mmc(1, 0.8, "40s");
  made.name = "until mean +-5%, M/M/1 at 0.8";
  made.until = R"("until": "mean +-5%",)";
  made.targets.resize(1);
  made.least = 0.92;
  made.most = 1;
  return made;
}

/// The highest load of M/M/c at which a goal of the mean holds: known exactly.
struct CapacityCase {
  std::string name, require;
  unsigned servers = 1;
  double truth = 0;  ///< Of run.load.
};

std::vector<CapacityCase> capacity_cases() {
  std::vector<CapacityCase> cases;
  for (const unsigned servers : {1u, 4u}) {
    const double at = 0.8 * servers / work_s;  // arrivals at load 1.6
    const double limit_s = mmc_sojourn(at, work_s, servers);
    cases.push_back({fmt::format("capacity of M/M/{}, mean", servers),
                     fmt::format("mean < {:.6f}ms", 1e3 * limit_s), servers, 1.6});
  }
  return cases;
}

/// Of replications of so many seconds each. Chosen: between two and eight bursts beyond the p99.
std::vector<Case> all_cases(bool is_short) {
  const auto lasting = [&](double seconds) {
    return fmt::format("{:g}s", is_short ? seconds / 4 : seconds);
  };
  std::vector<Case> cases{mmc(1, 0.5, lasting(80)),
                          mmc(1, 0.8, lasting(160)),
                          mmc(1, 0.9, lasting(300)),
                          mmc(4, 0.8, lasting(80)),
                          mg1(0.5, 0.7, lasting(80)),
                          mg1(2, 0.7, lasting(200)),
                          loss(),
                          closed(),
                          sequential()};
  if (is_short) cases.resize(6);
  return cases;
}

ScenarioPlan plan_of(const Case& made, const std::string& further = {}) {
  const auto file = std::filesystem::temp_directory_path() /
                    fmt::format("headroom-coverage-{}.json", std::hash<std::string>()(made.name));
  std::ofstream(file) << fmt::format(
      R"({{"headroom": 1, "name": "coverage", "run": {{{} "duration": "{}", "replications": 10}},
          "workloads": {{"w": {{"target": "app", "arrivals": {}}}}},
          "services": {{"app": {{"kind": "server", "service_time": {}, "concurrency": {},
            "queue_limit": {}}}}}{}}})",
      made.until, made.duration, made.arrivals, made.service_time, made.servers, made.queue_limit,
      further);
  Diagnostics diagnostics;
  const auto plan = read_scenario(file.string(), {}, diagnostics);
  std::filesystem::remove(file);
  if (!plan) {
    std::fputs(diagnostics.text().c_str(), stderr);
    std::exit(2);
  }
  return *plan;
}

/// How often it happened, of how many.
struct Share {
  std::atomic<unsigned> of{0}, hits{0};
  void add(bool hit) {
    ++of;
    hits += hit;
  }
  double value() const { return of > 0 ? 1.0 * hits / of : 0; }
};

/// Whether a share may be between the bounds: four standard errors beside them are chance.
bool may_be_within(const Share& share, double least, double most) {
  const double error = std::sqrt(0.95 * 0.05 / share.of);
  return share.value() >= least - 4 * error && share.value() <= most + 4 * error;
}

/// Runs the experiments of one case on all processors; false where coverage is off.
class Experiments {
 public:
  Experiments(const Case& made, unsigned count)
      : made_(made),
        plan_(plan_of(made)),
        count_(count),
        covers_(made.targets.size()),
        alike_(made.targets.size()) {}

  bool run() {
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
      threads.emplace_back([this] { work(); });
    for (auto& thread : threads)
      thread.join();
    bool right = true;
    for (std::size_t i = 0; i < made_.targets.size(); ++i) {
      right = may_be_within(covers_[i], made_.least, made_.most) && right;
      fmt::print("{:32} {:10} {:6.2f} % of {} cover {:.5g}; {} had no interval\n", made_.name,
                 made_.targets[i].name, 100 * covers_[i].value(), covers_[i].of.load(),
                 made_.targets[i].truth, none_.load());
      if (made_.until.empty()) {
        right = alike_[i].value() >= 0.93 - 4 * std::sqrt(0.93 * 0.07 / alike_[i].of) && right;
        fmt::print("{:32} {:10} {:6.2f} % of {} pairs without a difference: cannot tell\n", "", "",
                   100 * alike_[i].value(), alike_[i].of.load());
      }
    }
    std::fflush(stdout);
    return right;
  }

 private:
  Design design(std::uint64_t seed) const {
    Design made{"", plan_, {}, {}};
    made.plan.run.seed = seed;
    made.result = run_study(made.plan, {});
    made.summary = summarize(made.plan, made.result);
    return made;
  }

  /// Two studies with seeds of their own are also two designs without a difference.
  void work() {
    while (true) {
      const unsigned first = next_.fetch_add(2);
      if (first >= count_) return;
      std::vector<Design> two;
      for (const unsigned seed : {first, first + 1}) {
        two.push_back(design(seed + 1000));
        for (std::size_t i = 0; i < made_.targets.size(); ++i) {
          const Figure figure = made_.targets[i].figure(two.back().summary);
          if (!figure.low) ++none_;
          const double truth = made_.targets[i].truth;
          if (figure.low) covers_[i].add(*figure.low <= truth && truth <= *figure.high);
        }
      }
      if (!made_.until.empty()) continue;
      const auto metrics = common_metrics(two);
      for (std::size_t i = 0; i < made_.targets.size(); ++i) {
        for (const Metric& metric : metrics) {
          if (!metric.name.ends_with(suffix(made_.targets[i].name))) continue;
          alike_[i].add(difference_of(metric, two[0], two[1], 0.95).verdict == Better::cannot_tell);
          break;
        }
      }
    }
  }
  static std::string_view suffix(const std::string& name) {
    if (name == "mean") return ".latency_s.mean";
    if (name == "p99") return ".latency_s.p99";
    return name == "throughput" ? ".goodput_per_s" : ".error_rate";
  }

  const Case& made_;
  ScenarioPlan plan_;
  unsigned count_;
  std::atomic<unsigned> next_{0}, none_{0};
  std::vector<Share> covers_, alike_;
};

/// The search of `headroom capacity`, with a seed of its own.
CapacitySearch searched(const ScenarioPlan& plan, std::uint64_t seed) {
  CapacitySearch search{CapacitySearch::Options{}};
  for (auto at = search.next(); at; at = search.next()) {
    ScenarioPlan loaded = plan;
    loaded.run.seed = seed;
    loaded.run.load = *at;
    StudyOptions options;
    options.more = second_look(loaded);
    const auto trial = judge_trial(summarize(loaded, run_study(loaded, options)));
    search.record({*at, trial.verdict, seems_met(loaded, trial)});
  }
  return search;
}

bool cover_capacity(const CapacityCase& made, unsigned count) {
  Case station = mmc(made.servers, 0.5, made.servers == 1 ? "60s" : "20s");
  station.name = made.name;
  const ScenarioPlan plan = plan_of(
      station,
      fmt::format(R"(, "slos": {{"fast": {{"workload": "w", "require": "{}"}}}})", made.require));
  Share covers;
  std::atomic<unsigned> next{0};
  std::mutex mutex;
  double width = 0;
  const auto work = [&] {
    for (unsigned seed = next++; seed < count; seed = next++) {
      const CapacitySearch search = searched(plan, seed + 1000);
      const auto low = search.holds(), high = search.breaks();
      covers.add(low && high && *low <= made.truth && made.truth <= *high);
      const std::lock_guard lock(mutex);
      width += low && high ? (*high - *low) / made.truth / count : 0;
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back(work);
  for (auto& thread : threads)
    thread.join();
  fmt::print("{:32} {:10} {:6.2f} % of {} cover {:.5g}; {:.2g} % wide in the mean\n", made.name,
             "load", 100 * covers.value(), covers.of.load(), made.truth, 100 * width);
  std::fflush(stdout);
  return may_be_within(covers, 0.93, 1);
}

int cover(unsigned count, const std::string& only, bool is_short, bool gate) {
  bool right = true;
  for (const Case& made : all_cases(is_short)) {
    if (made.name.find(only) == std::string::npos) continue;
    right = Experiments(made, count).run() && right;
  }
  for (const CapacityCase& made : capacity_cases()) {
    if (is_short) break;
    if (made.name.find(only) == std::string::npos) continue;
    right = cover_capacity(made, std::max(1u, count / 10)) && right;
  }
  return gate && !right ? 1 : 0;
}

}  // namespace

}  // namespace headroom

int main(int argc, char** argv) {
  unsigned count = 4000;
  std::string only;
  bool gate = false, is_short = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--gate") {
      gate = true;
    } else if (word == "--short") {
      is_short = true;
    } else if (std::atoi(argv[i]) > 0) {
      count = static_cast<unsigned>(std::atoi(argv[i]));
    } else {
      only = word;
    }
  }
  return headroom::cover(count, only, is_short, gate);
}
