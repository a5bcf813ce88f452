#pragma once

#include <cstdint>
#include <deque>
#include <utility>

#include "models/ties.hpp"
#include "sim/kernel/scope.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// The copies of one hedged request that know of each other: when a server begins to serve one, the
/// others are taken back, and no further one is sent.
/// Source: Dean, Barroso 2013, "The Tail at Scale", tied requests.
/// Departs from source: word between the servers takes no time.
class TiedCopies final : private Ties::Sender {
 public:
  TiedCopies(sim::Simulation& simulation, Ties& ties) : simulation_(simulation), ties_(ties) {}
  TiedCopies(const TiedCopies&) = delete;
  TiedCopies& operator=(const TiedCopies&) = delete;
  ~TiedCopies() {
    for (Copy& copy : copies_) {
      ties_.remove(copy.draw_key);
      copy.scope.cancel();
    }
  }

  bool is_served() const { return is_served_; }
  /// Starts another copy, which draws from that key.
  void send(std::uint64_t draw_key, sim::Task<> copy) {
    const auto number = static_cast<std::uint32_t>(copies_.size());
    Copy& added = copies_.emplace_back(simulation_, draw_key);
    ties_.add(draw_key, *this, number);
    added.scope.spawn(std::move(copy));
  }

 private:
  struct Copy {
    Copy(sim::Simulation& simulation, std::uint64_t key) : scope(simulation), draw_key(key) {}
    sim::Scope scope;
    std::uint64_t draw_key;
  };

  void on_served(std::uint32_t copy) override {
    if (std::exchange(is_served_, true)) return;
    for (std::uint32_t other = 0; other < copies_.size(); ++other)
      if (other != copy) copies_[other].scope.cancel();
  }

  sim::Simulation& simulation_;
  Ties& ties_;
  std::deque<Copy> copies_;
  bool is_served_ = false;
};

}  // namespace headroom
