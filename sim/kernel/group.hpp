#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

/// What became of several waits taken as one.
template <class... Values>
struct GroupResult {
  bool reached = false;          ///< As many were done as were needed.
  std::size_t first = SIZE_MAX;  ///< Position of the first that was done.
  std::tuple<Values...> values;  ///< In order; empty for those that were not done.
};

/// Several waits of one process taken as one. It ends when `need` of them are done, or as soon as
/// too few are left for that; the rest are then void. They are started from left to right.
template <class... Waits>
class Group final : public Awaitable<Group<Waits...>> {
 public:
  Group(Simulation& simulation, std::size_t need, Waits... waits)
      : Awaitable<Group>(simulation), need_(need), waits_(std::move(waits)...) {}
  Group(Group&&) = default;
  ~Group() {
    if (this->waiting()) withdraw();
  }

  bool try_now() {
    each([this](Wait& wait, auto& typed, std::size_t position) {
      if (decided() || !typed.try_now()) return;
      wait.state_ = Wait::State::over;
      wait.ended_ = Wait::Ended::done;
      count(wait, position);
    });
    return done_ >= need_;
  }
  void arm() {
    each([this](Wait& wait, auto& typed, std::size_t) {
      if (wait.state_ != Wait::State::idle || !this->waiting()) return;
      wait.suspend_in(*this);
      typed.arm();
      wait.start_timer();
    });
    if (this->waiting() && decided()) this->end(Wait::Ended::broken);  // more needed than there are
  }
  auto result() {
    return std::apply(
        [this](auto&... waits) {
          return GroupResult<decltype(waits.result())...>{
              done_ >= need_, first_, {waits.result()...}};
        },
        waits_);
  }

 private:
  bool decided() const { return done_ >= need_ || failed_ + need_ > sizeof...(Waits); }

  void count(const Wait& wait, std::size_t position) {
    if (wait.ended_ != Wait::Ended::done) {
      ++failed_;
    } else if (done_++ == 0) {
      first_ = position;
    }
  }
  void child_ended(Wait& child) override {
    each([&](Wait& wait, auto&, std::size_t position) {
      if (&wait == &child) count(wait, position);
    });
    if (!decided() || !this->waiting()) return;
    withdraw();
    this->end(done_ >= need_ ? Wait::Ended::done : Wait::Ended::broken);
  }
  void withdraw() override {
    each([](Wait& wait, auto&, std::size_t) {
      if (wait.state_ != Wait::State::waiting) return;
      wait.withdraw();
      if (wait.has_timer()) wait.cancel_timer();
      wait.state_ = Wait::State::over;
      wait.ended_ = Wait::Ended::no;
    });
  }
  template <class Function>
  void each(Function function) {
    std::apply(
        [&](auto&... waits) {
          std::size_t position = 0;
          (function(static_cast<Wait&>(waits), waits, position++), ...);
        },
        waits_);
  }

  std::size_t need_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::size_t first_ = SIZE_MAX;
  std::tuple<Waits...> waits_;
};

/// Ends with the first of them. Losers are void, not destroyed: work they wait for goes on.
template <class... Waits>
auto race(Simulation& simulation, Waits... waits) {
  return Group<Waits...>(simulation, 1, std::move(waits)...);
}

/// Ends when all are done, or when one can no longer be.
template <class... Waits>
auto all(Simulation& simulation, Waits... waits) {
  return Group<Waits...>(simulation, sizeof...(Waits), std::move(waits)...);
}

/// Ends when `need` of them are done, or can no longer be.
template <class... Waits>
auto quorum(Simulation& simulation, std::size_t need, Waits... waits) {
  return Group<Waits...>(simulation, need, std::move(waits)...);
}

}  // namespace headroom::sim
