#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom {

/// Members on a ring of 2^64 points: each owns some of them, and a key belongs to the first point
/// at or after its own hash. Rings of the same name place member i at the same points, so whoever
/// uses them agrees on who owns a key, and a member that comes or goes moves only its own keys.
/// Memory is 16 bytes a point; a choice costs time logarithmic in their number.
/// Source: Karger et al. 1997, "Consistent hashing and random trees"; several points for each
/// member after Stoica et al. 2001 (Chord).
class HashRing {
 public:
  HashRing(std::size_t members, std::uint32_t points_each, std::string_view name)
      : of_keys_(sim::hash_name(std::string(name) + "/keys")) {
    const std::uint64_t of_points = sim::hash_name(std::string(name) + "/points");
    points_.reserve(members * points_each);
    for (std::uint32_t member = 0; member < members; ++member) {
      const std::uint64_t of_member = sim::mix(of_points, member);
      for (std::uint32_t point = 0; point < points_each; ++point)
        points_.push_back({sim::mix(of_member, point), member});
    }
    std::sort(points_.begin(), points_.end(), before);
  }

  /// The owner of the key; there is at least one member.
  std::size_t owner(std::uint64_t key) const {
    return owner(key, [](std::size_t) { return true; });
  }
  /// The first member, clockwise from the key, that `accepts`, which some member must.
  template <class Accepts>
  std::size_t owner(std::uint64_t key, Accepts accepts) const {
    const Point at{position(key), 0};
    auto point = std::lower_bound(points_.begin(), points_.end(), at, before);
    for (;; ++point) {
      if (point == points_.end()) point = points_.begin();
      if (accepts(std::size_t{point->member})) return point->member;
    }
  }

  /// What each member owns of all keys there can be, by member; they sum to 1.
  std::vector<double> shares(std::size_t members) const {
    std::vector<double> owned(members);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const std::uint64_t before = points_[i == 0 ? points_.size() - 1 : i - 1].at;
      owned[points_[i].member] += static_cast<double>(points_[i].at - before) * 0x1p-64;
    }
    return owned;
  }

  struct Point {
    std::uint64_t at;
    std::uint32_t member;
  };
  /// All of them, clockwise.
  const std::vector<Point>& points() const { return points_; }
  /// Where the key stands.
  std::uint64_t position(std::uint64_t key) const { return sim::mix(of_keys_, key); }

 private:
  static bool before(const Point& a, const Point& b) {
    return a.at != b.at ? a.at < b.at : a.member < b.member;
  }

  std::uint64_t of_keys_;
  std::vector<Point> points_;
};

}  // namespace headroom
