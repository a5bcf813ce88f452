#pragma once

#include "models/scalable.hpp"
#include "models/store/database.hpp"

namespace headroom {

/// The shards of a database, one copy each, as a pool that is scaled. Each shard that comes or goes
/// is a change of the shards that moves keys while the database serves; who goes stops when all of
/// its keys are elsewhere, however long that takes.
class ShardPool final : public Scalable, private Members::Watcher {
 public:
  /// `present`: how many there are to begin with. The database, whose shards change, outlives it.
  ShardPool(Database& database, std::uint32_t present)
      : database_(database), members_(database.size(), present) {
    members_.watch(*this);
  }

  Members& members() override { return members_; }
  bool is_up(std::size_t index) const override { return database_.node(index).up(); }
  bool is_idle(std::size_t index) const override { return !database_.node(index).present(); }
  double waiting(std::size_t index) const override {
    return static_cast<double>(database_.node(index).waiting());
  }
  BusyArea used(std::size_t index) const override { return database_.node(index).result().used; }
  void set_present(std::size_t index, bool is_present) override {
    if (is_present) database_.rebalancer()->add(static_cast<std::uint32_t>(index));
  }
  bool is_settled() const override { return database_.rebalancer()->is_settled(); }
  bool can_be_cut_off() const override { return false; }

 private:
  void on_standing(std::size_t index, Standing standing) override {
    if (standing == Standing::draining)
      database_.rebalancer()->remove(static_cast<std::uint32_t>(index));
  }

  Database& database_;
  Members members_;
};

}  // namespace headroom
