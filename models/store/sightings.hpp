#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/item_table.hpp"
#include "models/request.hpp"

namespace headroom {

/// What each session read last of each item, which it sends along when it writes the item; and
/// which writes were overwritten by somebody who had read them.
///
/// Memory: of sessions and items those of the last half million reads at least; a session that
/// is forgotten writes as if it had read nothing. Of each write a byte.
class Sightings {
 public:
  /// `state`: a version, or a number of `Siblings`.
  void saw(const Request& request, std::uint32_t state);
  /// 0 where it has read nothing.
  std::uint32_t last_seen(const Request& request) const;

  /// Who writes now has read that write.
  void overwritten(std::uint64_t item, std::uint32_t value) { fate(item, value) |= is_seen; }
  void acknowledged(std::uint64_t item, std::uint32_t value) { fate(item, value) |= is_counted; }
  /// Writes that were acknowledged until now do not count.
  void start_measuring();
  /// Acknowledged writes that are in no copy any more though nobody had read them who wrote the
  /// item. `left`: the writes of an item that are not gone, or not unseen.
  std::uint64_t lost(
      const std::function<std::vector<std::uint32_t>(std::uint64_t item)>& left) const;
  const std::vector<std::uint64_t>& items() const { return items_; }

 private:
  static constexpr std::size_t most = 500'000;  // Chosen: some 30 MB in all.
  static constexpr std::uint8_t is_seen = 1, is_counted = 2;
  static std::uint64_t place_of(const Request& request);
  std::uint8_t& fate(std::uint64_t item, std::uint32_t value);

  ItemTable<std::uint32_t> recent_, older_;     ///< By session and item.
  ItemTable<std::vector<std::uint8_t>> fates_;  ///< By item and value.
  std::vector<std::uint64_t> items_;            ///< Of these.
};

}  // namespace headroom
