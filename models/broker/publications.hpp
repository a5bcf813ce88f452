#pragma once

#include <cstdint>
#include <memory>

#include "models/broker_result.hpp"
#include "models/item_table.hpp"
#include "models/request.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// What publishers know of their messages. Each attempt to publish one has an identity and ends
/// once: acknowledged, failed or unknown. What was not acknowledged may be stored all the same,
/// before that or after it, and is known here too.
class Publications {
 public:
  /// One attempt, for as long as somebody waits for its answer or its message is on its way.
  struct Attempt {
    bool is_over = false, is_stored = false;
    PublishFate fate = PublishFate::unknown;
    std::uint32_t period = 0;  ///< Of the measurement, in which it ended.
  };
  using Publication = std::shared_ptr<Attempt>;
  class Wait;

  explicit Publications(sim::Simulation& simulation) : simulation_(simulation) {}

  /// The publisher of the attempt with that draw key waits no longer.
  void give_up(std::uint64_t draw_key);
  void store(Attempt& attempt);

  void start_measuring();
  /// Up to now. That each attempt ended once, or goes on, is asserted.
  PublishResult result() const;

 private:
  void end(Attempt& attempt, PublishFate fate);
  void note_stored(PublishFate fate);

  sim::Simulation& simulation_;
  PublishResult result_;
  std::uint64_t waiting_ = 0;
  std::uint32_t period_ = 0;
  ItemTable<Publication> open_;  ///< By draw key.
};

/// The wait of a publisher for the answer to one attempt.
class Publications::Wait {
 public:
  Wait(Publications& all, std::uint64_t draw_key);
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait();

  const Publication& publication() const { return own_; }
  void end(PublishFate fate) { all_.end(*own_, fate); }

 private:
  Publications& all_;
  std::uint64_t draw_key_;
  Publication own_;
};

}  // namespace headroom
