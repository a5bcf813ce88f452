// Source: Zeller and Hildebrandt 2002, "Simplifying and isolating failure-inducing input": of
// circumstances, what is left out without loss has nothing to do with the failure.
#include "app/study/small_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/study/recorded_run.hpp"
#include "models/consistency/shrink.hpp"

namespace headroom {

namespace {

constexpr std::uint64_t most_seeds = 20;
constexpr std::uint64_t most_tried_events = 30'000'000;  // About ten seconds.
constexpr std::size_t enough_hits = 4;

class RunShrinking {
 public:
  RunShrinking(const ReadPlan& read, const LargeRun& from) : read_(read), from_(from) {
    for (std::size_t i = 0; i < from.failures.size(); ++i)
      left_.push_back(i);
  }

  std::optional<SmallRun> run() {
    const auto plan = read_({});
    if (!plan || !choose_seed(plan->run.seed)) return std::nullopt;
    leave_out_failures();
    cut_short();
    if (is_interrupted()) return std::nullopt;
    return told();
  }

 private:
  struct Hit {
    std::size_t operations = 0;
    sim::Time end;  ///< Of the last of them.
  };

  bool is_interrupted() const { return from_.interrupted != nullptr && *from_.interrupted; }

  std::vector<std::string> settings() const {
    std::vector<std::string> set{fmt::format("run.seed={}", seed_), "run.replications=1",
                                 fmt::format("run.warmup={}ns", from_.warmup.count_ns())};
    if (left_.size() < from_.failures.size()) {
      std::string list;
      for (const std::size_t i : left_)
        list += (list.empty() ? "" : ",") + from_.failures[i];
      set.push_back("failures=[" + list + "]");
    }
    if (duration_)
      set.push_back(fmt::format("run.duration={}ms", duration_->count_ns() / 1'000'000));
    return set;
  }

  /// Whether that run shows the violation, and by what.
  std::optional<Hit> look() {
    const auto plan = read_(settings());
    if (!plan || events_ >= most_tried_events || is_interrupted()) return std::nullopt;
    const RunResult run = recorded_run(*plan, measurement_of(*plan, from_.warmup, 1));
    events_ += run.events;
    for (const StoreHistory& recorded : run.histories) {
      if (recorded.service != from_.database) continue;
      const consistency::History history = checked_history(recorded);
      const consistency::Question question = question_of(recorded);
      auto finding = consistency::check(from_.violated, history, question);
      if (finding.holds != consistency::Holds::no) return std::nullopt;
      finding = consistency::smallest(from_.violated, history, question, finding);
      Hit hit{finding.operations.size(), {}};
      for (const std::uint32_t index : finding.operations) {
        const auto& each = history.operations[index];
        const std::int64_t end_ns = each.is_open() ? each.call : each.ret;
        hit.end = std::max(hit.end, sim::Time::at_ns(end_ns));
      }
      return hit;
    }
    return std::nullopt;
  }

  bool choose_seed(std::uint64_t first) {
    std::optional<std::uint64_t> best;
    std::size_t hits = 0;
    for (std::uint64_t i = 0; i < most_seeds && hits < enough_hits; ++i) {
      seed_ = first + i;
      const auto hit = look();
      if (!hit) continue;
      ++hits;
      const bool is_better =
          !best || std::pair(hit->operations, hit->end) < std::pair(hit_.operations, hit_.end);
      if (!is_better) continue;
      best = seed_;
      hit_ = *hit;
    }
    if (best) seed_ = *best;
    return best.has_value();
  }

  void leave_out_failures() {
    for (std::size_t i = left_.size(); i-- > 0;) {
      const auto before = left_;
      left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(i));
      const auto hit = look();
      if (hit)
        hit_ = *hit;
      else
        left_ = before;
    }
  }

  /// What ends with the last operation is complete a moment later.
  void cut_short() {
    const std::int64_t measured_ns = (hit_.end - (sim::Time() + from_.warmup)).count_ns();
    if (measured_ns <= 0) return;
    duration_ = sim::Duration::ms(measured_ns / 1'000'000 + 100);
    if (!look()) duration_.reset();
  }

  std::optional<SmallRun> told() const {
    SmallRun small;
    small.set = settings();
    small.failures = left_.size();
    small.of_failures = from_.failures.size();
    const auto plan = read_(small.set);
    if (!plan) return std::nullopt;
    std::vector<RunResult> runs;
    runs.push_back(simulate(*plan, 0, measurement_of(*plan, from_.warmup, 1), {}));
    for (ConsistencySummary& each : consistency_summaries(*plan, runs))
      if (each.service == from_.database) small.seen = std::move(each);
    if (!small.seen.refuted) return std::nullopt;
    return small;
  }

  const ReadPlan& read_;
  const LargeRun& from_;
  std::uint64_t seed_ = 0, events_ = 0;
  std::vector<std::size_t> left_;  ///< Failures.
  std::optional<sim::Duration> duration_;
  Hit hit_;
};

}  // namespace

std::optional<SmallRun> smallest_run(const ReadPlan& read, const LargeRun& from) {
  return RunShrinking(read, from).run();
}

}  // namespace headroom
