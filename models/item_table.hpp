#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/check.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// Values by item number: a hash table that cannot be iterated over, so that nothing can depend on
/// its order. Open addressing with linear probing; at most half full; an erased place is closed by
/// moving what follows up. No allocation but to grow.
/// Source: Knuth, The Art of Computer Programming 3, 6.4, algorithms L and R.
template <class Value>
class ItemTable {
 public:
  std::size_t size() const { return size_; }

  /// Null when there is none. Valid until the next insertion or erasure.
  Value* find(std::uint64_t item) {
    if (places_.empty()) return nullptr;
    for (std::size_t place = home(item);; place = next(place)) {
      if (!places_[place].used) return nullptr;
      if (places_[place].item == item) return &places_[place].value;
    }
  }
  const Value* find(std::uint64_t item) const { return const_cast<ItemTable*>(this)->find(item); }

  /// The value of the item, a new one where there is none yet.
  Value& at(std::uint64_t item) {
    if (Value* found = find(item)) return *found;
    if (2 * (size_ + 1) > places_.size()) grow();
    ++size_;
    Place& place = free_place(item);
    place.used = true;
    place.item = item;
    place.value = Value();
    return place.value;
  }

  /// Whether there was one.
  bool erase(std::uint64_t item) {
    if (places_.empty()) return false;
    std::size_t hole = home(item);
    for (; places_[hole].item != item || !places_[hole].used; hole = next(hole))
      if (!places_[hole].used) return false;
    --size_;
    for (std::size_t place = next(hole); places_[place].used; place = next(place)) {
      // What stands between its home and here may move up to the hole.
      const std::size_t mask = places_.size() - 1;
      const std::size_t home_of_it = home(places_[place].item);
      if (((place - home_of_it) & mask) < ((place - hole) & mask)) continue;
      places_[hole] = std::move(places_[place]);
      hole = place;
    }
    places_[hole] = Place();
    return true;
  }

  /// Forgets all and keeps the memory.
  void clear() {
    for (Place& place : places_)
      place = Place();
    size_ = 0;
  }

 private:
  struct Place {
    std::uint64_t item = 0;
    bool used = false;
    Value value{};
  };

  std::size_t home(std::uint64_t item) const { return sim::mix(item) & (places_.size() - 1); }
  std::size_t next(std::size_t place) const { return (place + 1) & (places_.size() - 1); }
  Place& free_place(std::uint64_t item) {
    std::size_t place = home(item);
    while (places_[place].used)
      place = next(place);
    return places_[place];
  }
  void grow() {
    std::vector<Place> old(places_.empty() ? 16 : 2 * places_.size());
    old.swap(places_);
    for (Place& place : old)
      if (place.used) free_place(place.item) = std::move(place);
  }

  std::vector<Place> places_;
  std::size_t size_ = 0;
};

}  // namespace headroom
