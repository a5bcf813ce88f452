#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/consistency/configurations.hpp"
#include "models/consistency/history.hpp"
#include "models/consistency/states.hpp"

namespace headroom::consistency {

/// Looks for an order of the operations of one object that its model and real time allow, depth
/// first, with a memory of where it has been. Just in time: operations are ordered one by one up to
/// the next return. It can be interrupted and continued, so that many objects share a budget.
///
/// A read that fits is taken at once: it cannot be in the way. Crashed
/// operations are counted by effect instead of listed.
/// Sources: Wing and Gong 1993; Lowe 2017, secs. 3 and 4.
class Search {
 public:
  /// `operations` of one object in any order; they and `states` outlive the search.
  Search(std::span<const Operation* const> operations, States& states);

  /// Goes on for so many steps; unknown while there are places left to look.
  Holds run(std::uint64_t steps);
  /// Nothing is left to look at, whatever came out.
  bool ended() const { return found_ || cursor_.empty(); }
  /// Words of memory in use.
  std::size_t words() const { return seen_.words() + stack_.size(); }
  /// The operation by whose return no order was left; null where nothing returned.
  const Operation* blocked() const { return returned_.empty() ? nullptr : returned_[deepest_]; }

 private:
  /// Crashed operations of one effect.
  struct Effect {
    const Operation* operation = nullptr;
    std::vector<std::int64_t> calls;  ///< sorted
  };

  void find_open();
  void find_effects(std::vector<const Operation*> crashed);
  std::uint64_t mask_bit(std::size_t index) const {
    return std::uint64_t{1} << (slot_[index] % 64);
  }
  std::size_t mask_word(std::size_t index) const { return 2 + slot_[index] / 64; }

  bool push(std::vector<std::uint64_t>& words);
  bool try_next();
  bool settle(std::vector<std::uint64_t>& words);

  States& states_;
  std::vector<const Operation*> returned_;  ///< in the order of their returns
  std::vector<std::uint32_t> slot_;         ///< which bit stands for it while it is open
  std::vector<std::uint32_t> open_;         ///< those open at each return, one after the other
  std::vector<std::size_t> open_begin_;
  std::vector<Effect> effects_;
  std::size_t mask_words_ = 1, stride_ = 0, deepest_ = 0;
  Configurations seen_{1, 0};
  std::vector<std::uint64_t> stack_;  ///< configurations: next return, state, mask, counts
  std::vector<std::uint32_t> cursor_;
  bool found_ = false;
  bool curtailed_ = false;  ///< more crashed operations of one effect than can be counted
};

}  // namespace headroom::consistency
