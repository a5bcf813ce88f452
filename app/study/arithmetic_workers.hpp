#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// The instances of all workers that are one group at a log: partitions are dealt out to them in
/// turn, in the order of the scenario.
struct GroupMembers {
  std::uint32_t all = 0, before = 0;  ///< `before`: of services that come before this one.
};
GroupMembers members_beside(const ScenarioPlan& plan, const std::string& worker);

/// What the instances of one service of workers get of the messages of their broker, and how much
/// of it they can work on at once. A partition of a log is one instance's, which works on one piece
/// of it at a time; partitions are dealt out as to a group that is complete, and count alike.
class WorkerShare {
 public:
  /// Of a worker whose broker there is.
  WorkerShare(const ScenarioPlan& plan, const std::string& worker);

  /// Of the messages that its group gets, or the workers of its queue.
  double of_messages() const { return of_messages_; }
  /// Messages of one piece of work, in the mean, where enough wait.
  double batch() const { return batch_; }

  struct Units {
    std::optional<double> there;  ///< Of all instances; none where unlimited.
    double imbalance = 1;         ///< Times the mean that the busiest instance gets for each.
    bool by_partitions = false;   ///< With more of them the busiest could do no more: too few
                                  ///< partitions.
  };
  /// Those of so many of each instance that can ever be busy, slots or cores; `pieces` of them work
  /// on one piece that an instance is given.
  Units usable(const Limit& of_one, double pieces = 1) const;

 private:
  void divide_queue(const ScenarioPlan& plan, const std::string& worker, const QueuePlan& queue);
  void divide_partitions(const ScenarioPlan& plan, const std::string& worker, const LogPlan& log);

  /// By instance: messages it gets, and pieces of work that it can be given at once.
  std::vector<double> shares_;
  std::vector<double> at_once_;
  double of_messages_ = 1, batch_ = 1;
  bool is_divided_ = false;  ///< By partitions.
};

}  // namespace headroom
