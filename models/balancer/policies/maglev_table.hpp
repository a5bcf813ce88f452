#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom {

/// A table of owners, shared out by letting the members take turns: each takes the first entry that
/// is still free in an order of its own. So their shares differ by one entry at most, and a member
/// that goes disturbs little of the rest. Filling costs a few steps for each entry; memory is 4
/// bytes an entry. Source: Eisenbud et al. 2016, "Maglev", NSDI, sec. 3.4 (pseudocode 1).
class MaglevTable {
 public:
  /// The smaller of the two sizes of the source; a prime.
  static constexpr std::uint32_t usual_size = 65'537;

  /// `members` by number, each once; their orders follow from their numbers alone. `size` is prime.
  explicit MaglevTable(std::span<const std::uint32_t> members, std::uint32_t size = usual_size)
      : owners_(size, nobody) {
    struct Turn {
      std::uint64_t next, skip;
      std::uint32_t member;
    };
    std::vector<Turn> turns;
    for (const std::uint32_t member : members) {
      const std::uint64_t name = sim::mix(sim::hash_name("maglev/members"), member);
      turns.push_back({sim::mix(name, 0) % size, sim::mix(name, 1) % (size - 1) + 1, member});
    }
    if (turns.empty()) return;
    for (std::uint32_t filled = 0;;) {
      for (Turn& turn : turns) {
        while (owners_[turn.next] != nobody)
          turn.next = (turn.next + turn.skip) % size;
        owners_[turn.next] = turn.member;
        if (++filled == size) return;
      }
    }
  }

  /// There is at least one member.
  std::uint32_t owner(std::uint64_t key) const {
    return owners_[sim::mix(sim::hash_name("maglev/keys"), key) % owners_.size()];
  }
  std::span<const std::uint32_t> owners() const { return owners_; }

 private:
  static constexpr std::uint32_t nobody = UINT32_MAX;
  std::vector<std::uint32_t> owners_;
};

}  // namespace headroom
