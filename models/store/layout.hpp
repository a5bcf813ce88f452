#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "models/hash_ring.hpp"

namespace headroom {

/// Which shard owns which keys. A key stands at a position, 64 bits; positions are divided into
/// cells, each with one owner. Cells are ranges of positions, or residues modulo their number.
class Layout {
 public:
  /// Position p belongs to owners[p mod owners.size()]. Source: the hash slots of Redis Cluster,
  /// where slots = shards.
  static Layout by_residue(std::vector<std::uint32_t> owners);
  /// Positions divided evenly, owner i the i-th of `count` ranges.
  static Layout by_range(std::uint32_t count);
  /// A key belongs to the first point at or after it, clockwise.
  static Layout by_ring(std::vector<HashRing::Point> points);

  std::size_t cells() const { return owners_.size(); }
  std::size_t cell_of(std::uint64_t position) const;
  std::uint32_t owner(std::size_t cell) const { return owners_[cell]; }
  /// Of all positions, the share in that cell.
  double width(std::size_t cell) const;
  /// Who owns anything, in the order of their numbers.
  std::vector<std::uint32_t> live() const;

  /// Residues modulo one shard more: nearly all keys move. The widest range is halved, its upper
  /// half is the new shard's. On a ring the points of the new shard, `ring`'s, take their arcs.
  void add(std::uint32_t shard, const HashRing* ring);
  /// Residues modulo one shard less; the range goes to the neighbour before it, or after it; arcs
  /// go to the next points.
  void remove(std::uint32_t shard);
  /// Half of the keys of `shard` become those of `other`: every second residue, the upper half of
  /// its widest range, every second arc.
  void split(std::uint32_t shard, std::uint32_t other);

  /// Both with the same cells, so that each cell has one owner before and one after.
  static void align(Layout& before, Layout& after);

 private:
  void set_points(std::vector<HashRing::Point> points);
  void halve(std::size_t cell, std::uint32_t upper);
  std::uint64_t last_of(std::size_t cell) const {
    return cell + 1 < begins_.size() ? begins_[cell + 1] - 1 : UINT64_MAX;
  }

  std::vector<std::uint32_t> owners_;    ///< By cell.
  std::vector<std::uint64_t> begins_;    ///< First positions, from 0; empty where by residue.
  std::vector<HashRing::Point> points_;  ///< Where by ring.
};

}  // namespace headroom
