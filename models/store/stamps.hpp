#pragma once

#include <cstdint>
#include <vector>

#include "models/item_table.hpp"

namespace headroom {

/// Which of two writes of an item is the later one, by the clocks of those who took them; of equal
/// stamps the one that began later. Where clocks agree that is the order in which they began.
///
/// Memory: of each item the highest stamps are kept; of writes below these, which are many by wrong
/// clocks only, the one that began later counts.
class Stamps {
 public:
  /// Once, before anything is written: clocks may be wrong.
  void use() { is_used_ = true; }
  bool is_used() const { return is_used_; }
  /// The write of that number has that stamp.
  void take(std::uint64_t item, std::uint32_t version, std::int64_t stamp_ns);
  /// Whether write `a` is later than write `b`; 0 stands before all writes.
  bool is_later(std::uint64_t item, std::uint32_t a, std::uint32_t b) const;

 private:
  static constexpr std::size_t kept = 64;  // Chosen: 1 kB of an item.
  struct Stamp {
    std::int64_t ns;
    std::uint32_t version;
  };
  const Stamp* find(std::uint64_t item, std::uint32_t version) const;

  bool is_used_ = false;
  ItemTable<std::vector<Stamp>> items_;
};

}  // namespace headroom
