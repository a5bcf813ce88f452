#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/endpoint.hpp"

namespace headroom {

/// What one balancer knows of one replica behind it.
struct Backend {
  Endpoint* endpoint = nullptr;
  std::uint16_t zone = 0;
  bool healthy = true;
  double weight = 1;
  std::uint32_t outstanding = 0;  ///< Calls of this balancer that have not been answered.
};

/// The replicas behind one balancer, by index, and which of them are taken for healthy.
class Backends {
 public:
  explicit Backends(std::vector<Backend> backends);

  std::size_t size() const { return all_.size(); }
  const Backend& operator[](std::size_t index) const { return all_[index]; }
  /// Indices of the healthy ones in rising order.
  std::span<const std::uint32_t> healthy() const { return healthy_; }

  void start_call(std::size_t index) { ++all_[index].outstanding; }
  void end_call(std::size_t index) { --all_[index].outstanding; }
  /// Costs time linear in the number of backends. Whether anything changed.
  bool set_healthy(std::size_t index, bool healthy);

 private:
  std::vector<Backend> all_;
  std::vector<std::uint32_t> healthy_;
};

}  // namespace headroom
