#include "app/study/joint_search.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

using Counts = JointSearch::Counts;

/// No more of anything.
bool within(const Counts& a, const Counts& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] > b[i]) return false;
  return true;
}

Counts most_of(const std::vector<JointSearch::Axis>& axes) {
  Counts most;
  for (const auto& axis : axes)
    most.push_back(axis.most);
  return most;
}

}  // namespace

JointSearch::JointSearch(std::vector<Axis> axes) : axes_(std::move(axes)) {
  HEADROOM_CHECK(!axes_.empty());
  for (const Axis& axis : axes_) {
    HEADROOM_CHECK(axis.least >= 1 && axis.least <= axis.most && axis.cost > 0);
    least_.push_back(axis.least);
  }
  low_ = axes_[0].least - 1;
  high_ = axes_[0].most;
}

double JointSearch::cost_of(const Counts& at) const {
  double cost = 0;
  for (std::size_t i = 0; i < at.size(); ++i)
    cost += static_cast<double>(at[i]) * axes_[i].cost;
  return cost;
}

/// What follows from the trials: more than what holds holds, less than what fails fails.
std::optional<Verdict> JointSearch::known(const Counts& at) const {
  for (const Trial& trial : trials_) {
    if (trial.at == at) return trial.verdict;
    if (trial.verdict == Verdict::met && within(trial.at, at)) return Verdict::met;
    if (trial.verdict == Verdict::missed && within(at, trial.at)) return Verdict::missed;
  }
  return std::nullopt;
}

/// Halves what is left of one axis, with the most of all others.
std::optional<Counts> JointSearch::next_alone() {
  while (alone_ < axes_.size()) {
    if (high_ - low_ <= 1) {
      least_[alone_] = high_;
      if (++alone_ == axes_.size()) break;
      low_ = axes_[alone_].least - 1;
      high_ = axes_[alone_].most;
      continue;
    }
    Counts at = most_of(axes_);
    at[alone_] = low_ + (high_ - low_) / 2;
    const auto verdict = known(at);
    if (!verdict) return at;
    // An undecided one may hold: the answer may be that small.
    (*verdict == Verdict::missed ? low_ : high_) = at[alone_];
  }
  push(least_);
  return std::nullopt;
}

std::optional<Counts> JointSearch::next_by_cost() {
  while (!queue_.empty()) {
    const Counts at = queue_.begin()->second;
    const auto verdict = known(at);
    if (!verdict) return at;  // it stays the first until its verdict is there
    queue_.erase(queue_.begin());
    if (*verdict == Verdict::met) {
      answer_ = at;
      return std::nullopt;
    }
    left_open_ = left_open_ || *verdict == Verdict::undecided;
    for (std::size_t i = 0; i < at.size(); ++i) {
      Counts more = at;
      if (++more[i] > axes_[i].most) continue;
      const auto [first, last] = queue_.equal_range(cost_of(more));
      if (std::none_of(first, last, [&](const auto& each) { return each.second == more; }))
        push(more);
    }
  }
  return std::nullopt;
}

std::optional<JointSearch::Counts> JointSearch::next() {
  if (failed_ || answer_ || exhausted()) return std::nullopt;
  if (trials_.empty()) return asked_ = most_of(axes_);
  if (alone_ < axes_.size()) {
    if (const auto at = next_alone()) return asked_ = at;
  }
  return asked_ = next_by_cost();
}

void JointSearch::record(Verdict verdict) {
  HEADROOM_CHECK(asked_);
  // Where the most of everything does not hold, nothing does.
  if (trials_.empty()) failed_ = verdict != Verdict::met;
  trials_.push_back({*asked_, verdict});
}

}  // namespace headroom
