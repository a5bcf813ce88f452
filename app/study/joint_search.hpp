#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "app/study/figure.hpp"

namespace headroom {

/// Looks for the cheapest combination of counts with which every goal holds, where more of
/// anything never harms. First each count alone: the smallest that is enough while there is plenty
/// of the others; none of an answer can be smaller. From there in the order of cost, leaving out
/// what has no more of anything than a combination that failed. The first that holds is therefore
/// the cheapest. It knows nothing of simulations. Source: uniform-cost search, Dijkstra 1959.
class JointSearch {
 public:
  using Counts = std::vector<std::uint64_t>;
  struct Axis {
    std::uint64_t least = 1, most = 1;  ///< least <= most
    double cost = 1;                    ///< Of one more, above 0.
  };
  struct Trial {
    Counts at;
    Verdict verdict = Verdict::undecided;
  };
  // Chosen: a search that is not over by then is one of too many settings.
  static constexpr std::size_t most_trials = 100;

  explicit JointSearch(std::vector<Axis> axes);

  /// The combination to try next; nothing when the search is over.
  std::optional<Counts> next();
  /// Of the combination that `next` gave. Undecided ones do not count as held.
  void record(Verdict verdict);

  const std::vector<Trial>& trials() const { return trials_; }
  /// The cheapest that holds; nothing where it was not found.
  const std::optional<Counts>& answer() const { return answer_; }
  /// Whether cheaper ones than the answer were left undecided.
  bool is_sure() const { return !left_open_; }
  bool exhausted() const { return trials_.size() >= most_trials; }
  double cost_of(const Counts& at) const;

 private:
  std::optional<Counts> next_alone();
  std::optional<Counts> next_by_cost();
  std::optional<Verdict> known(const Counts& at) const;
  void push(const Counts& at) { queue_.emplace(cost_of(at), at); }

  std::vector<Axis> axes_;
  std::vector<Trial> trials_;
  std::size_t alone_ = 0;  ///< The axis looked at alone; beyond them all of them together.
  std::uint64_t low_ = 0, high_ = 0;  ///< Of that axis: not enough, and enough.
  Counts least_;
  std::multimap<double, Counts> queue_;
  std::optional<Counts> asked_, answer_;
  bool left_open_ = false, failed_ = false;
};

}  // namespace headroom
