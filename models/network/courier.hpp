#pragma once

#include "models/courier.hpp"
#include "models/network/network.hpp"

namespace headroom {

/// Carries messages over the network.
class NetworkCourier final : public Courier {
 public:
  /// The network outlives it.
  explicit NetworkCourier(Network& network) : network_(network) {}
  sim::Simulation& simulation() const { return network_.simulation(); }
  sim::Task<bool> carry(std::uint16_t from, std::uint16_t to, std::int64_t bytes,
                        std::uint64_t key) override;

 private:
  Network& network_;
};

}  // namespace headroom
