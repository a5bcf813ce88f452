#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/fields.hpp"
#include "models/popularity.hpp"
#include "models/request.hpp"

namespace headroom {

/// A few items that get more than their rank says.
struct HotKeys {
  Ratio share;              ///< Of the requests that ask for one of them.
  std::uint32_t count = 1;  ///< How many; each gets as much.
};
const FieldTable& fields_of(const HotKeys*);

/// A key space: what its items are asked for and how large they are. Item 0 is asked for most.
struct KeySpacePlan {
  std::optional<std::uint64_t> count;
  double zipf = 0;
  std::optional<Distribution> value_size;  ///< Bytes.
  std::optional<HotKeys> hot;
  std::optional<std::string> replay;  ///< A file.

  /// What the file holds, once read: items by request, numbered as they first appear.
  std::vector<std::uint64_t> replayed;
  std::vector<std::int64_t> replayed_sizes;  ///< Bytes, by request; empty where it tells none.
  std::uint64_t replayed_count = 0;          ///< Different items.

  std::uint64_t items() const { return replay ? replayed_count : count.value_or(0); }
};
const FieldTable& fields_of(const KeySpacePlan*);

/// How many key spaces there may be: a request names one in a byte, 0 being none.
inline constexpr std::size_t most_key_spaces = 255;

/// Which item of a key space a request is about, and how large an item is.
///
/// The item is drawn by the request and the name of the space, nothing else: the same request asks
/// for the same item in every design, in all its attempts and whichever service asks, so what is
/// set after a miss is what was asked for. A replayed space gives request n of each workload the
/// n-th item of the file, starting over at its end.
class KeySpace {
 public:
  /// `number` is its own, from 1; `plan` outlives it.
  KeySpace(const KeySpacePlan& plan, std::uint8_t number, std::string_view name);

  std::uint8_t number() const { return number_; }
  std::uint64_t items() const { return plan_.items(); }
  /// From 0 to `items() - 1`.
  std::uint64_t item_for(const Request& request) const;
  /// Makes the request ask for its item of this space.
  void give_key(Request& request) const {
    request.key = item_for(request);
    request.key_space = number_;
  }
  /// Bytes of the item a request is about, which is of this space. The same for every request but
  /// in a replay whose file has a size for each; 1 where nothing says it.
  std::int64_t value_size(const Request& request) const;

 private:
  const KeySpacePlan& plan_;
  std::uint8_t number_;
  std::uint64_t draws_;  ///< Hash of its name.
  std::uint64_t sizes_;
  std::uint64_t hot_ = 0;  ///< So many items stand before those that the popularity ranks.
  Popularity popularity_;
};

}  // namespace headroom
