#pragma once

#include "models/instance.hpp"
#include "models/item_table.hpp"
#include "models/store/plan.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

/// What the nodes of a database share.
struct StoreShared {
  const DatabasePlan& plan;
  Station& station;
};

/// One node: it waits for a slot, works, and reads or writes its copy of a key. A write that is
/// older than what it has changes nothing. What it holds survives a crash.
class StoreNode final : public Instance {
 public:
  StoreNode(sim::Simulation& simulation, const StoreShared& shared, std::uint32_t index,
            std::uint16_t zone);
  ~StoreNode() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override;

  using Instance::result;
  using Instance::start_measuring;

 private:
  sim::Task<Reply> serve(Request request);
  void on_speed(double speed) override { processor_.set_speed(speed); }

  const StoreShared& shared_;
  std::uint64_t service_;  ///< Hash of the name of the service.
  sim::Processor processor_;
  ItemTable<std::uint32_t> versions_;  ///< Of the items written here.
};

}  // namespace headroom
