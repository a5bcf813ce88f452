#pragma once

#include <cstdint>
#include <optional>

#include "models/instance.hpp"
#include "sim/kernel/work.hpp"

namespace headroom {

class Broker;

/// What the machines of a broker have in common.
struct NodeTerms {
  Limit concurrency;
  Limit queue_limit;
  Crash crash = Crash::reset;
  sim::Duration restart_time;
  std::optional<Distribution> service_time;
};

/// One machine of a broker: it works for a while on what it is sent, where the plan says so, and
/// then does it. What it holds survives a crash.
class BrokerNode final : public Instance {
 public:
  BrokerNode(Broker& broker, Station& station, const NodeTerms& terms, std::uint32_t index,
             std::uint16_t zone);
  ~BrokerNode() override { scope_.close(); }

  sim::Task<Reply> call(Request request) override;

  using Instance::result;
  using Instance::start_measuring;

 private:
  sim::Task<Reply> serve(Request request);
  void on_speed(double speed) override;

  Broker& broker_;
  const NodeTerms& terms_;
  std::uint64_t service_;  ///< Hash of the name of the service.
  sim::Processor processor_;
};

}  // namespace headroom
