#include "app/study/runner.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "app/study/journal.hpp"
#include "app/study/mpi_ranks.hpp"

namespace headroom {

namespace {

/// Which thread runs which replication is chance; results are put where their number says.
class Runner {
 public:
  Runner(const ScenarioPlan& plan, const Measurement& measurement, const StudyOptions& options,
         std::uint32_t first, std::uint32_t last)
      : plan_(plan),
        measurement_(measurement),
        options_(options),
        how_(options.execution),
        first_(first),
        next_(first),
        last_(last),
        results_(last - first),
        lost_(last - first),
        shares_(last - first),
        key_(options.journal ? Journal::key_of(plan, measurement) : 0) {}

  Replications run() {
    // Each rank has a thread here, which waits for it.
    const unsigned ranks = how_.ranks ? how_.ranks->count() : 0;
    const unsigned threads = std::min(std::max(1u, how_.jobs) + ranks, last_ - first_);
    std::vector<std::thread> others;
    for (unsigned other = 1; other < threads; ++other)
      others.emplace_back([this, rank = other <= ranks ? other : 0] { work(rank); });
    work(0);
    for (auto& thread : others)
      thread.join();
    if (error_) std::rethrow_exception(error_);
    Replications finished;
    for (std::size_t i = 0; i < results_.size(); ++i) {
      if (!lost_[i].empty()) {
        finished.lost.push_back({first_ + static_cast<std::uint32_t>(i), std::move(lost_[i])});
      } else if (results_[i]) {
        finished.runs.push_back(std::move(*results_[i]));
      } else {
        break;
      }
    }
    return finished;
  }

 private:
  bool interrupted() const {
    return options_.interrupted != nullptr && options_.interrupted->load();
  }

  /// What goes wrong on a thread (no memory left) is thrown again on the one that asked.
  void work(unsigned rank) {
    try {
      run_until_none_is_left(rank);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      error_ = std::current_exception();
      next_ = last_;
    }
  }

  void run_until_none_is_left(unsigned rank) {
    while (!interrupted()) {
      const std::uint32_t replication = next_.fetch_add(1);
      if (replication >= last_) return;
      auto& result = results_[replication - first_];
      try {
        if (options_.journal) result = recalled(replication);
        if (!result) result = simulated(replication, rank);
      } catch (const RunLost& lost) {
        lost_[replication - first_] = lost.what();
        continue;
      }
      if (!result) return;
    }
  }

  RunResult run_of(std::uint32_t replication, unsigned rank,
                   const std::function<bool(double)>& go_on) const {
    if (rank == 0) return run_within(how_.limits, plan_, replication, measurement_, go_on);
    return how_.ranks->run(rank, job_of(plan_, replication, measurement_, how_.limits), go_on);
  }

  /// Nothing where it was interrupted.
  std::optional<RunResult> simulated(std::uint32_t replication, unsigned rank) {
    using Status = sim::Simulation::Status;
    auto result = run_of(replication, rank, [&](double share) {
      report(replication, share);
      return !interrupted();
    });
    if (result.status == Status::stopped) return std::nullopt;
    if (options_.journal && result.status == Status::reached) options_.journal->keep(key_, result);
    return result;
  }

  /// A run that was finished before the study was ended.
  std::optional<RunResult> recalled(std::uint32_t replication) {
    auto known = options_.journal->find(key_, replication);
    if (!known) return std::nullopt;
    if (options_.journal->is_to_be_tried()) {
      const auto again = run_of(replication, 0, [](double) { return true; });
      if (again.digest != known->digest) {
        throw JournalError(options_.journal->path() +
                           " was made by another program or from other data files");
      }
    }
    report(replication, 1);
    return known;
  }

  void report(std::uint32_t replication, double share) {
    if (!options_.progress) return;
    const std::lock_guard lock(mutex_);
    shares_[replication - first_] = share;
    double sum = 0;
    for (const double each : shares_)
      sum += each;
    options_.progress(sum / static_cast<double>(shares_.size()));
  }

  const ScenarioPlan& plan_;
  const Measurement& measurement_;
  const StudyOptions& options_;
  const Execution& how_;
  std::uint32_t first_;
  std::atomic<std::uint32_t> next_;
  std::uint32_t last_;
  std::vector<std::optional<RunResult>> results_;
  std::vector<std::string> lost_;  ///< By replication: why; empty for those that are not.
  std::vector<double> shares_;
  Journal::Key key_;
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

Replications replications(const ScenarioPlan& plan, const Measurement& measurement,
                          const StudyOptions& options, std::uint32_t first, std::uint32_t last) {
  return Runner(plan, measurement, options, first, last).run();
}

}  // namespace headroom
