#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/item_table.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// Someone who holds copies of items and wants to know when they are written.
class VersionListener {
 public:
  virtual ~VersionListener() = default;
  /// The item has a new version from now on.
  virtual void on_commit(std::uint64_t item) = 0;
  /// The request with that draw key writes that version of its item, if it ever counts.
  virtual void on_assign(std::uint64_t, std::uint32_t) {}
  /// The request with that draw key reads more than one version at once.
  virtual void on_read_together(std::uint64_t, std::span<const std::uint32_t>) {}
};

/// The truth about every item: how often its store has committed a write of it, and when. Version
/// 0 is what an item is before its first write. A value is stale from the instant its next version
/// was committed.
///
/// Memory is that of the items ever written. Of each, the instants of its last few commits are
/// kept; who holds a copy is told of every commit and so knows since when it is stale.
class Versions {
 public:
  explicit Versions(sim::Simulation& simulation) : simulation_(simulation) {}
  Versions(const Versions&) = delete;
  Versions& operator=(const Versions&) = delete;

  std::uint32_t current(std::uint64_t item) const;
  /// A store has committed a write of the item: its new version.
  std::uint32_t commit(std::uint64_t item) {
    const std::uint32_t version = assign(item);
    commit(item, version);
    return version;
  }
  /// The number of a write that begins now; it is no version of the item before it is committed,
  /// which may never happen.
  std::uint32_t assign(std::uint64_t item) { return ++items_.at(item).assigned; }
  /// The same, and all who listen learn which request it is of.
  std::uint32_t assign(std::uint64_t item, std::uint64_t draw_key);
  /// All who listen learn what that request reads.
  void read_together(std::uint64_t draw_key, std::span<const std::uint32_t> versions);
  /// The write of that number is committed. Nothing changes where a later one was before it.
  void commit(std::uint64_t item, std::uint32_t version);
  /// When the version was superseded, which it was. A value that was overtaken by more than four
  /// writes on its way counts from the fourth last one.
  sim::Time superseded_at(std::uint64_t item, std::uint32_t version) const;
  /// Told of every commit from now on; it outlives this.
  void listen(VersionListener& listener) { listeners_.push_back(&listener); }

 private:
  static constexpr std::uint32_t kept = 4;  // Chosen: see `superseded_at`.
  struct History {
    std::uint32_t version = 0;
    std::uint32_t assigned = 0;
    std::array<sim::Time, kept> committed{};  ///< Of version v at v mod `kept`.
  };

  sim::Simulation& simulation_;
  ItemTable<History> items_;
  std::vector<VersionListener*> listeners_;
};

}  // namespace headroom
