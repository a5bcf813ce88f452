#pragma once

#include <cstdint>
#include <vector>

#include "models/item_table.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// Who fetches which value after a miss, so that others need not. Whoever takes a refill holds it
/// until the value is there, until it is given up, or until its time is over.
class Refills {
 public:
  /// What those hear that wait for a value.
  struct News {
    bool has_value = false;
    std::uint32_t version = 0;
  };

  explicit Refills(sim::Duration timeout) : timeout_(timeout) {}

  /// Someone other than `who` fetches the item.
  bool is_taken(std::uint64_t item, std::uint64_t who, sim::Time now) const;
  /// `who` fetches it from now on. Those that waited for another one wait for `who`.
  void take(std::uint64_t item, std::uint64_t who, sim::Time now);
  /// For how long `who` has been fetching the item; negative when it is not.
  sim::Duration held_for(std::uint64_t item, std::uint64_t who, sim::Time now) const;

  /// Until when whoever fetches the item keeps others from it; someone does.
  sim::Time ends_at(std::uint64_t item) const;
  /// The one that owns `trigger` hears what becomes of it.
  void await(std::uint64_t item, sim::Trigger<News> trigger);

  /// Nobody fetches it any more; those that wait hear `news`.
  void end(std::uint64_t item, News news);
  /// The same for all, without a value.
  void clear();

 private:
  struct Refill {
    std::uint64_t item = 0;
    std::uint64_t holder = 0;
    sim::Time since;
    std::vector<sim::Trigger<News>> waiting;
  };
  const Refill* find(std::uint64_t item) const;

  sim::Duration timeout_;
  ItemTable<std::uint32_t> places_;  ///< In `refills_`.
  std::vector<Refill> refills_;      ///< Used ones and free ones.
  std::vector<std::uint32_t> free_;
};

}  // namespace headroom
