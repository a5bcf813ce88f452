#pragma once

#include <algorithm>

#include "models/scalable.hpp"
#include "models/store/database.hpp"

namespace headroom {

/// The shards of a database as a pool that is scaled, each with all its copies. Each shard that
/// comes or goes is a change of the shards that moves keys while the database serves; who goes
/// stops when all of its keys are elsewhere, however long that takes.
class ShardPool final : public Scalable, private Members::Watcher {
 public:
  /// `present`: how many there are to begin with. The database, whose shards change, outlives it.
  ShardPool(Database& database, std::uint32_t copies, std::uint32_t present)
      : database_(database), copies_(copies), members_(database.size() / copies, present) {
    members_.watch(*this);
  }

  Members& members() override { return members_; }
  std::size_t machines() const override { return copies_; }
  /// Any of its copies.
  bool is_up(std::size_t index) const override {
    for (std::size_t copy = 0; copy < copies_; ++copy)
      if (copy_of(index, copy).up()) return true;
    return false;
  }
  bool is_idle(std::size_t index) const override { return !copy_of(index, 0).present(); }
  /// At the copy where most do.
  double waiting(std::size_t index) const override {
    std::size_t most = 0;
    for (std::size_t copy = 0; copy < copies_; ++copy)
      most = std::max(most, copy_of(index, copy).waiting());
    return static_cast<double>(most);
  }
  BusyArea used(std::size_t machine) const override {
    return database_.node(machine).result().used;
  }
  void set_present(std::size_t index, bool is_present) override {
    if (is_present) database_.rebalancer()->add(static_cast<std::uint32_t>(index));
  }
  bool is_settled() const override { return database_.rebalancer()->is_settled(); }
  bool can_be_cut_off() const override { return false; }

 private:
  const StoreNode& copy_of(std::size_t index, std::size_t copy) const {
    return database_.node(index * copies_ + copy);
  }
  void on_standing(std::size_t index, Standing standing) override {
    if (standing == Standing::draining)
      database_.rebalancer()->remove(static_cast<std::uint32_t>(index));
  }

  Database& database_;
  std::size_t copies_;
  Members members_;
};

}  // namespace headroom
