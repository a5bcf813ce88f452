#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/kernel/simulation.hpp"

namespace headroom {

/// Something an operator would want to know of: an ejection, a change of scale, an election.
struct LoggedEvent {
  using Value = std::variant<double, std::string>;  ///< Times in seconds.

  sim::Time at;
  std::string event;   ///< What happened, in a few words: "ejected".
  std::string target;  ///< To whom: "app[2]", "db.shard[1]".
  std::vector<std::pair<std::string, Value>> details;  ///< By key, in the order to be read.
};

/// What happened in one run, in the order of time: the lines of events.jsonl. Any component may
/// hold a pointer to the log of its world and note what changes; null where nobody reads it. For
/// what is rare: a line costs an allocation or two.
///
///   if (log_) log_->note("ejected", "app[2]", {{"by", "lb[0]"}, {"for_s", 30.0}});
class EventLog {
 public:
  // Chosen: more lines than anybody reads; some 20 MB.
  static constexpr std::size_t most = 100'000;

  explicit EventLog(const sim::Simulation& simulation) : simulation_(simulation) {}
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  void note(std::string event, std::string target,
            std::vector<std::pair<std::string, LoggedEvent::Value>> details = {}) {
    if (events_.size() == most) {
      ++left_out_;
      return;
    }
    events_.push_back({simulation_.now(), std::move(event), std::move(target), std::move(details)});
  }

  /// The first `most` of them.
  const std::vector<LoggedEvent>& events() const { return events_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  const sim::Simulation& simulation_;
  std::vector<LoggedEvent> events_;
  std::uint64_t left_out_ = 0;
};

}  // namespace headroom
