#pragma once

#include <optional>
#include <utility>

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

/// A call that goes on when its caller waits no longer or is gone: a process of its own, in the
/// scope that hosts the call or else among the roots of the simulation. It starts when it is
/// awaited, and the answer is there at once when it returns without a wait.
///
///   const auto reply = co_await before(timeout, Call(simulation, endpoint.call(request)));
///
/// A call that is destroyed never answers: its caller waits until his deadline, or for ever.
template <class T>
class Call final : public Awaitable<Call<T>> {
 public:
  Call(Simulation& simulation, Task<T> task)
      : Awaitable<Call>(simulation), task_(std::move(task)) {}

  /// As `before` with both, for a call that stays where it is.
  void give_up(Time deadline, Lane timeout) {
    this->set_deadline(deadline);
    if (timeout.valid()) this->set_timeout(timeout);
  }
  bool try_now() {
    auto& promise = task_.promise();
    if (promise.scope == nullptr) promise.scope = &this->simulation_->roots_;
    promise.process = ++this->simulation_->processes_;
    promise.enter_scope(&task_.handle_, this);
    task_.handle_.resume();
    return task_.handle_ && promise.value.has_value();
  }
  void arm() const {}
  /// The answer, or nothing when the deadline came first.
  std::optional<T> result() {
    if (this->ended() != Wait::Ended::done) return std::nullopt;
    return std::move(task_.promise().value);
  }

 private:
  Task<T> task_;
};

}  // namespace headroom::sim
