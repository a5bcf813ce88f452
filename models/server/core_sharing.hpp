#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/kernel/simulation.hpp"

namespace headroom {

/// The books of cores that pieces of work share equally: how far each piece has come, kept apart
/// from the processor that does the work, so that the two can be held against each other.
class CoreSharing {
 public:
  CoreSharing(sim::Simulation& simulation, std::int64_t cores)
      : simulation_(simulation), cores_(cores) {}

  std::int64_t pieces() const { return pieces_; }
  void set_speed(double speed) {
    advance();
    speed_ = speed;
    fastest_ = std::max(fastest_, speed);
  }
  /// One more piece; returns what `end` wants to know.
  double begin() {
    advance();
    ++pieces_;
    begun_ns_ += each_ns_;
    return each_ns_;
  }
  /// A piece that began at `begun` is gone: it got `amount` done, or was given up on the way.
  /// Whether that is what it can have got.
  bool end(double begun, sim::Duration amount, bool is_done) {
    advance();
    --pieces_;
    begun_ns_ -= begun;
    const double came_ns = each_ns_ - begun;
    const auto amount_ns = static_cast<double>(amount.count_ns());
    ended_ns_ += is_done ? amount_ns : came_ns;
    ++ended_;
    const bool came_far_enough = std::abs(came_ns - amount_ns) <= slack(1, each_ns_);
    if (pieces_ == 0) each_ns_ = begun_ns_ = 0;  // sums stay small, and so does their rounding
    return !is_done || came_far_enough;
  }
  /// Work is conserved: what the cores did, busy time times speed, is the work of the pieces that
  /// were finished and what those that were not had got. Up to a nanosecond for each piece, because
  /// ends are rounded up to one, and to the rounding of sums.
  bool work_is_conserved() const {
    CoreSharing now = *this;
    now.advance();
    return now.balances();
  }

 private:
  bool balances() const {
    const double under_way_ns = static_cast<double>(pieces_) * each_ns_ - begun_ns_;
    return std::abs(cores_ns_ - ended_ns_ - under_way_ns) <= slack(ended_ + 1, cores_ns_);
  }
  void advance() {
    const sim::Time now = simulation_.now();
    const double passed_ns = static_cast<double>((now - since_).count_ns()) * speed_;
    since_ = now;
    if (pieces_ == 0) return;
    const auto busy = static_cast<double>(std::min(pieces_, cores_));
    cores_ns_ += passed_ns * busy;
    each_ns_ += passed_ns * busy / static_cast<double>(pieces_);
  }
  double slack(std::uint64_t pieces, double sum_ns) const {
    return (1 + fastest_) * static_cast<double>(pieces) + 1e-9 * sum_ns;
  }

  sim::Simulation& simulation_;
  std::int64_t cores_;
  std::int64_t pieces_ = 0;
  std::uint64_t ended_ = 0;
  double speed_ = 1;
  double fastest_ = 1;
  sim::Time since_;
  double cores_ns_ = 0;  ///< Work that all cores did.
  double each_ns_ = 0;   ///< Work that a piece got that was there all the time.
  double begun_ns_ = 0;  ///< Sum of the above over the pieces there, as of their beginning.
  double ended_ns_ = 0;  ///< Work of the pieces that are gone.
};

}  // namespace headroom
