#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/cache/key_table.hpp"
#include "models/cache/packed_numbers.hpp"
#include "models/cache/policy.hpp"

namespace headroom {

/// Keys remembered after their eviction, oldest forgotten first, in up to two lists that share the
/// room: where it is short, the second gives way first; what is larger than it is not remembered.
/// All stand in one ring, in the order in which they came. Who leaves it from between others leaves
/// a hole, and once the ring is full of keys and holes the keys move up. 13 bytes a key, and those
/// of its size, where there are fewer than 16 million keys in the key space.
class Ghosts {
 public:
  /// `room.capacity` may be 0: then nothing is remembered.
  explicit Ghosts(CacheRoom room)
      : room_(room),
        most_(room.in_bytes ? KeyNodes::limit : std::max<std::uint64_t>(1, room.capacity)) {
    make_room();
  }

  CacheSlot find(std::uint64_t key) const {
    return table_.find(KeyTable::hash(key), [this, kept = turned(key)](CacheSlot slot) {
      return keys_[slot - 1] == kept;
    });
  }
  std::uint32_t list_of(CacheSlot slot) const { return mark(slot - 1) - 1; }
  /// Entries or bytes.
  std::uint64_t used(std::uint32_t list = 0) const { return used_[list]; }

  void push(std::uint64_t key, std::uint32_t size, std::uint32_t list = 0) {
    if (size > room_.capacity) return;
    while (used_[0] + used_[1] + size > room_.capacity)
      drop_oldest(used_[1] > 0 ? 1 : 0);
    if (live_ == room_for_) {
      make_room();
    } else if (window_ == places_) {
      close_holes();
      index();
    }
    std::uint32_t at = first_ + window_;
    if (at >= places_) at -= places_;
    ++window_;
    ++live_;
    keys_.set(at, turned(key));
    if (room_.in_bytes) sizes_.set(at, size);
    set_mark(at, list + 1);
    used_[list] += size;
    table_.add(KeyTable::hash(key), at + 1);
  }
  /// The list must not be empty.
  void drop_oldest(std::uint32_t list) {
    std::uint32_t& oldest = oldest_[list];
    while (mark(oldest) != list + 1)
      oldest = next(oldest);
    remove(oldest + 1);
  }
  void remove(CacheSlot slot) {
    const std::uint32_t at = slot - 1;
    used_[mark(at) - 1] -= size_at(at);
    table_.remove(KeyTable::hash(turned_back(keys_[at])), slot);
    set_mark(at, hole);
    --live_;
    while (window_ > 0 && mark(first_) == hole) {
      const std::uint32_t second = next(first_);
      for (std::uint32_t& oldest : oldest_)
        if (oldest == first_) oldest = second;
      first_ = second;
      --window_;
    }
  }
  /// Whether the key was there; it is not any more.
  bool take(std::uint64_t key) {
    const CacheSlot slot = find(key);
    if (slot != no_slot) remove(slot);
    return slot != no_slot;
  }

  void clear() {
    table_.clear();
    first_ = window_ = live_ = 0;
    oldest_ = {0, 0};
    used_ = {0, 0};
  }
  std::size_t memory_bytes() const {
    return table_.memory_bytes() + keys_.memory_bytes() + sizes_.memory_bytes() + marks_.capacity();
  }

 private:
  // What stands at a place: nothing any more, or a key of the list of that number less one.
  static constexpr std::uint32_t hole = 0;
  static constexpr unsigned keys_per_line = 10;  // Chosen: two of twelve places stay free.

  /// The number of the key space, which is on top, goes to the bottom: small keys are small.
  static std::uint64_t turned(std::uint64_t key) { return key << 8 | key >> 56; }
  static std::uint64_t turned_back(std::uint64_t kept) { return kept >> 8 | kept << 56; }

  std::uint32_t mark(std::uint32_t at) const { return marks_[at / 4] >> (at % 4 * 2) & 3u; }
  void set_mark(std::uint32_t at, std::uint32_t mark) {
    const unsigned shift = at % 4 * 2;
    marks_[at / 4] = static_cast<std::uint8_t>((marks_[at / 4] & ~(3u << shift)) | mark << shift);
  }
  std::uint32_t next(std::uint32_t at) const { return at + 1 == places_ ? 0 : at + 1; }
  std::uint64_t size_at(std::uint32_t at) const { return room_.in_bytes ? sizes_[at] : 1; }

  /// Keys move up to the first, in their order; where they are now is not in the table yet.
  void close_holes() {
    std::uint32_t to = first_;
    for (std::uint32_t i = 0, from = first_; i < window_; ++i, from = next(from)) {
      if (mark(from) == hole) continue;
      if (to != from) {
        keys_.set(to, keys_[from]);
        if (room_.in_bytes) sizes_.set(to, sizes_[from]);
        set_mark(to, mark(from));
      }
      to = next(to);
    }
    window_ = live_;
    oldest_ = {first_, first_};
  }

  void index() {
    table_.clear();
    for (std::uint32_t i = 0, at = first_; i < window_; ++i, at = next(at))
      table_.add(KeyTable::hash(turned_back(keys_[at])), at + 1);
  }

  /// Room for more keys, and for holes a sixth as many.
  void make_room() {
    HEADROOM_CHECK(live_ < most_);
    const double expected =
        room_.in_bytes ? room_.expected(live_, used_[0] + used_[1]) : static_cast<double>(most_);
    room_for_ = static_cast<std::uint32_t>(next_room(live_, most_, expected));
    // There are ghosts only where the cache is full: from thousands on for as many as there will
    // be.
    constexpr std::uint32_t few = 4096;
    if (live_ >= few) {
      const double all = std::min(expected * (1 + 1.0 / 32), static_cast<double>(most_));
      room_for_ = std::max(room_for_, static_cast<std::uint32_t>(all));
    }
    close_holes();
    const std::uint32_t places = room_for_ + room_for_ / 6 + 1;
    PackedNumbers keys, sizes;
    std::vector<std::uint8_t> marks(places / 4 + 1);
    keys.resize(places);
    if (room_.in_bytes) sizes.resize(places);
    for (std::uint32_t i = 0, at = first_; i < live_; ++i, at = next(at)) {
      keys.set(i, keys_[at]);
      if (room_.in_bytes) sizes.set(i, sizes_[at]);
      marks[i / 4] = static_cast<std::uint8_t>(marks[i / 4] | mark(at) << (i % 4 * 2));
    }
    keys_ = std::move(keys);
    sizes_ = std::move(sizes);
    marks_ = std::move(marks);
    places_ = places;
    first_ = 0;
    oldest_ = {0, 0};
    table_ = KeyTable(room_for_ / keys_per_line + 1);
    index();
  }

  CacheRoom room_;
  std::uint64_t most_;
  KeyTable table_;
  PackedNumbers keys_;               ///< By place, as are the next two.
  PackedNumbers sizes_;              ///< Where the room is in bytes.
  std::vector<std::uint8_t> marks_;  ///< Two bits a place.
  std::uint32_t places_ = 0;
  std::uint32_t room_for_ = 0;             ///< Keys.
  std::uint32_t first_ = 0;                ///< Where the oldest key is.
  std::uint32_t window_ = 0;               ///< Places from there to the newest one, holes included.
  std::uint32_t live_ = 0;                 ///< Keys.
  std::array<std::uint32_t, 2> oldest_{};  ///< Of each list: no key of it stands before.
  std::array<std::uint64_t, 2> used_{};
};

}  // namespace headroom
