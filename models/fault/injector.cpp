#include "models/fault/injector.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "models/draw.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

using Verb = Failure::Verb;

std::size_t targets_of(const Failure& failure) {
  if (failure.verb == Verb::partition || failure.verb == Verb::degrade) return 1;
  return failure.verb == Verb::surge ? failure.workloads.size() : failure.targets.size();
}

void begin_at(const Failure& failure, std::size_t target) {
  switch (failure.verb) {
    case Verb::kill:
      return failure.targets[target]->begin_kill();
    case Verb::pause:
      return failure.targets[target]->begin_pause();
    case Verb::slow:
      return failure.targets[target]->begin_slow(failure.amount);
    case Verb::error:
      return failure.targets[target]->begin_error(failure.amount);
    case Verb::flush:
      return failure.targets[target]->flush();
    case Verb::partition:
      return failure.network->begin_partition(failure.partition);
    case Verb::surge:
      return failure.workloads[target]->begin_surge(failure.amount);
    case Verb::drain:
      return failure.targets[target]->begin_drain();
    case Verb::deploy:
      return;
    case Verb::degrade:
      return failure.links->begin_degradation(failure.degradation);
    case Verb::skew:
      return failure.targets[target]->begin_skew(static_cast<std::int64_t>(failure.amount));
  }
}

void end_at(const Failure& failure, std::size_t target) {
  switch (failure.verb) {
    case Verb::kill:
      return failure.targets[target]->end_kill();
    case Verb::pause:
      return failure.targets[target]->end_pause();
    case Verb::slow:
      return failure.targets[target]->end_slow(failure.amount);
    case Verb::error:
      return failure.targets[target]->end_error(failure.amount);
    case Verb::flush:
      return;
    case Verb::partition:
      return failure.network->end_partition(failure.partition);
    case Verb::surge:
      return failure.workloads[target]->end_surge(failure.amount);
    case Verb::drain:
      return failure.targets[target]->end_drain();
    case Verb::deploy:
      return;
    case Verb::degrade:
      return failure.links->end_degradation(failure.degradation);
    case Verb::skew:
      return failure.targets[target]->end_skew(static_cast<std::int64_t>(failure.amount));
  }
}

}  // namespace

Injector::Injector(sim::Simulation& simulation, std::vector<Failure> failures,
                   sim::Time measuring_starts)
    : simulation_(simulation), failures_(std::move(failures)), measuring_starts_(measuring_starts) {
  for (const Failure& failure : failures_) {
    HEADROOM_CHECK(failure.at.has_value() != failure.every.has_value());
    HEADROOM_CHECK(failure.every.has_value() == failure.repair.has_value());
    HEADROOM_CHECK(failure.verb != Verb::partition || failure.network != nullptr);
    HEADROOM_CHECK(failure.verb != Verb::degrade || failure.links != nullptr);
    if (failure.verb == Verb::degrade) failure.links->expect_degradation(failure.degradation);
  }
}

void Injector::start() {
  for (std::uint32_t failure = 0; failure < failures_.size(); ++failure) {
    if (failures_[failure].at) {
      simulation_.spawn(once(failure));
      continue;
    }
    if (failures_[failure].together) {
      simulation_.spawn(again_and_again(failure, all_targets, 1));
      continue;
    }
    const std::size_t targets = targets_of(failures_[failure]);
    const double common = failures_[failure].common_cause;
    for (std::uint32_t target = 0; common < 1 && target < targets; ++target) {
      simulation_.spawn(again_and_again(failure, target, 1 - common));
    }
    if (common > 0) simulation_.spawn(again_and_again(failure, all_targets, common));
  }
}

sim::Task<> Injector::once(std::uint32_t failure) {
  const Failure& plan = failures_[failure];
  co_await simulation_.delay(measuring_starts_ + *plan.at - simulation_.now());
  const std::size_t window = begin(failure, all_targets);
  if (plan.verb == Verb::deploy) {
    auto rolling = roll_out(simulation_, &plan.deploy);
    co_await rolling;
    end(window, all_targets);
  }
  if (!plan.length) co_return;
  co_await simulation_.delay(*plan.length);
  end(window, all_targets);
}

/// `share` of the failures that `every` speaks of: so much longer is the time up.
sim::Task<> Injector::again_and_again(std::uint32_t failure, std::uint32_t target, double share) {
  const Failure& plan = failures_[failure];
  sim::Stream stream(simulation_.seed(), simulation_.replication(),
                     "failure/" + std::to_string(failure) + "/" +
                         (target == all_targets ? "all" : std::to_string(target)));
  for (;;) {
    const sim::Duration up = draw_duration(*plan.every, stream);
    const auto up_ns = static_cast<double>(up.count_ns());
    co_await simulation_.delay(share < 1 ? sim::Duration::rounded_ns(up_ns / share) : up);
    const std::size_t window = begin(failure, target);
    const sim::Duration down = draw_duration(*plan.repair, stream);
    co_await simulation_.delay(down);
    end(window, target);
  }
}

std::size_t Injector::begin(std::uint32_t failure, std::uint32_t target) {
  const bool together = target == all_targets;
  windows_.push_back({failure, target, simulation_.now(), sim::Time::never()});
  const Failure& plan = failures_[failure];
  for (Phase* phase : plan.phases)
    phase->begin(simulation_.now());
  if (!together) {
    begin_at(plan, target);
  } else {
    for (std::size_t each = 0; each < targets_of(plan); ++each)
      begin_at(plan, each);
  }
  return windows_.size() - 1;
}

void Injector::end(std::size_t window, std::uint32_t target) {
  windows_[window].end = simulation_.now();
  const Failure& plan = failures_[windows_[window].failure];
  for (Phase* phase : plan.phases)
    phase->end(simulation_.now());
  if (target != all_targets) return end_at(plan, target);
  for (std::size_t each = 0; each < targets_of(plan); ++each)
    end_at(plan, each);
}

std::vector<FailureWindow> Injector::windows() const {
  std::vector<FailureWindow> result = windows_;
  for (auto& window : result)
    window.end = std::min(window.end, simulation_.now());
  return result;
}

}  // namespace headroom
