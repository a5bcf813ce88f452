#include "models/store/layout.hpp"

#include <algorithm>
#include <numeric>

namespace headroom {

Layout Layout::by_residue(std::vector<std::uint32_t> owners) {
  Layout layout;
  layout.owners_ = std::move(owners);
  return layout;
}

Layout Layout::by_range(std::uint32_t count) {
  __extension__ using Wide = unsigned __int128;
  Layout layout;
  for (std::uint32_t i = 0; i < count; ++i) {
    layout.begins_.push_back(static_cast<std::uint64_t>((static_cast<Wide>(i) << 64) / count));
    layout.owners_.push_back(i);
  }
  return layout;
}

Layout Layout::by_ring(std::vector<HashRing::Point> points) {
  Layout layout;
  layout.set_points(std::move(points));
  return layout;
}

/// The arc of a point ends with it; beyond the last one begins that of the first.
void Layout::set_points(std::vector<HashRing::Point> points) {
  const auto before = [](const HashRing::Point& a, const HashRing::Point& b) {
    return a.at != b.at ? a.at < b.at : a.member < b.member;
  };
  std::sort(points.begin(), points.end(), before);
  points_ = std::move(points);
  begins_.clear();
  owners_.clear();
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (i > 0 && points_[i].at == points_[i - 1].at) continue;
    begins_.push_back(next);
    owners_.push_back(points_[i].member);
    next = points_[i].at + 1;
  }
  if (next == 0) return;
  begins_.push_back(next);
  owners_.push_back(points_.front().member);
}

std::size_t Layout::cell_of(std::uint64_t position) const {
  if (begins_.empty()) return position % owners_.size();
  const auto after = std::upper_bound(begins_.begin(), begins_.end(), position);
  return static_cast<std::size_t>(after - begins_.begin()) - 1;
}

double Layout::width(std::size_t cell) const {
  if (begins_.empty()) return 1 / static_cast<double>(owners_.size());
  return (static_cast<double>(last_of(cell) - begins_[cell]) + 1) * 0x1p-64;
}

std::vector<std::uint32_t> Layout::live() const {
  std::vector<std::uint32_t> owners = owners_;
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  return owners;
}

void Layout::halve(std::size_t cell, std::uint32_t upper) {
  const std::uint64_t middle = begins_[cell] + (last_of(cell) - begins_[cell]) / 2 + 1;
  const auto place = static_cast<std::ptrdiff_t>(cell) + 1;
  begins_.insert(begins_.begin() + place, middle);
  owners_.insert(owners_.begin() + place, upper);
}

void Layout::add(std::uint32_t shard, const HashRing* ring) {
  if (ring != nullptr) {
    std::vector<HashRing::Point> points = points_;
    for (const HashRing::Point& point : ring->points())
      if (point.member == shard) points.push_back(point);
    return set_points(std::move(points));
  }
  if (begins_.empty()) {
    owners_ = live();
    owners_.push_back(shard);
    return;
  }
  std::size_t widest = 0;
  for (std::size_t cell = 1; cell < cells(); ++cell)
    if (last_of(cell) - begins_[cell] > last_of(widest) - begins_[widest]) widest = cell;
  halve(widest, shard);
}

void Layout::remove(std::uint32_t shard) {
  if (!points_.empty()) {
    std::vector<HashRing::Point> points = points_;
    std::erase_if(points, [&](const HashRing::Point& point) { return point.member == shard; });
    return set_points(std::move(points));
  }
  if (begins_.empty()) {
    owners_ = live();
    std::erase(owners_, shard);
    return;
  }
  for (std::size_t cell = 0; cell < cells();) {
    if (owners_[cell] != shard) {
      ++cell;
      continue;
    }
    const std::size_t gone = cell == 0 ? 1 : cell;  // the first one's place is its neighbour's
    begins_.erase(begins_.begin() + static_cast<std::ptrdiff_t>(gone));
    owners_.erase(owners_.begin() + static_cast<std::ptrdiff_t>(cell));
  }
}

void Layout::split(std::uint32_t shard, std::uint32_t other) {
  if (!points_.empty()) {
    std::vector<HashRing::Point> points = points_;
    bool gives = false;
    for (HashRing::Point& point : points) {
      if (point.member != shard) continue;
      if (gives) point.member = other;
      gives = !gives;
    }
    return set_points(std::move(points));
  }
  if (begins_.empty()) {
    const std::size_t half = owners_.size();
    owners_.resize(2 * half);
    for (std::size_t i = 0; i < half; ++i)
      owners_[half + i] = owners_[i] == shard ? other : owners_[i];
    return;
  }
  std::size_t widest = SIZE_MAX;
  for (std::size_t cell = 0; cell < cells(); ++cell) {
    if (owners_[cell] != shard) continue;
    const bool wider =
        widest == SIZE_MAX || last_of(cell) - begins_[cell] > last_of(widest) - begins_[widest];
    if (wider) widest = cell;
  }
  halve(widest, other);
}

void Layout::align(Layout& before, Layout& after) {
  Layout a = before, b = after;
  if (before.begins_.empty()) {
    const std::size_t cells = std::lcm(before.cells(), after.cells());
    before.owners_.resize(cells);
    after.owners_.resize(cells);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      before.owners_[cell] = a.owners_[cell % a.cells()];
      after.owners_[cell] = b.owners_[cell % b.cells()];
    }
    return;
  }
  std::vector<std::uint64_t> begins;
  std::set_union(a.begins_.begin(), a.begins_.end(), b.begins_.begin(), b.begins_.end(),
                 std::back_inserter(begins));
  for (Layout* layout : {&before, &after}) {
    const Layout& own = layout == &before ? a : b;
    layout->begins_ = begins;
    layout->owners_.clear();
    for (const std::uint64_t begin : begins)
      layout->owners_.push_back(own.owners_[own.cell_of(begin)]);
  }
}

}  // namespace headroom
