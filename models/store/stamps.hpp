#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/item_table.hpp"
#include "models/store/siblings.hpp"

namespace headroom {

/// Which of two writes of an item is the later one, by the clocks of those who took them; of equal
/// stamps the one that began later. Where clocks agree that is the order in which they began.
///
/// Memory: of each item the highest stamps are kept; of writes below these, which are many by wrong
/// clocks only, the one that began later counts.
///
/// Where concurrent writes stay side by side no clock counts, and in place of a write there is a
/// state of `Siblings`: one is later than another if it has more, and so each may be.
class Stamps {
 public:
  /// Once, before anything is written: clocks may be wrong.
  void use() { is_used_ = true; }
  bool is_used() const { return is_used_; }
  /// The write of that number has that stamp.
  void take(std::uint64_t item, std::uint32_t version, std::int64_t stamp_ns);
  /// Whether write `a` is later than write `b`; 0 stands before all writes.
  bool is_later(std::uint64_t item, std::uint32_t a, std::uint32_t b) const;

  /// Once, before anything is written.
  void keep_siblings() { siblings_.emplace(); }
  /// Null where the last writer wins.
  Siblings* siblings() { return siblings_ ? &*siblings_ : nullptr; }
  /// What stays of two: the later one, or all that is in either.
  std::uint32_t merged(std::uint64_t item, std::uint32_t a, std::uint32_t b) {
    if (siblings_) return siblings_->merged(item, a, b);
    return is_later(item, b, a) ? b : a;
  }

 private:
  static constexpr std::size_t kept = 64;  // Chosen: 1 kB of an item.
  struct Stamp {
    std::int64_t ns;
    std::uint32_t version;
  };
  const Stamp* find(std::uint64_t item, std::uint32_t version) const;

  std::optional<Siblings> siblings_;
  bool is_used_ = false;
  ItemTable<std::vector<Stamp>> items_;
};

}  // namespace headroom
