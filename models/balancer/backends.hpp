#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/endpoint.hpp"

namespace headroom {

/// Why a replica gets no calls from a balancer; several may hold at once.
enum class Out : std::uint8_t {
  unhealthy = 1,  ///< It fails its health checks.
  ejected = 2,    ///< It answered with errors.
  draining = 4,   ///< It finishes what it has.
  absent = 8,     ///< It is not started.
  warming = 16,   ///< It has just come and is spared, for one choice.
};

/// What one balancer knows of one replica behind it.
struct Backend {
  Endpoint* endpoint = nullptr;
  std::uint16_t zone = 0;
  bool healthy = true;   ///< May get calls: nothing speaks against it.
  bool is_near = false;  ///< Stands in the zone of the balancer.
  std::uint8_t out = 0;  ///< Of `Out`, what speaks against it.
  double weight = 1;
  std::uint32_t outstanding = 0;  ///< Calls of this balancer that have not been answered.
};

/// The replicas behind one balancer, by index, and which of them may get calls.
class Backends {
 public:
  /// `simulation` tells the time, which is 0 without one.
  explicit Backends(std::vector<Backend> backends, const sim::Simulation* simulation = nullptr);

  std::size_t size() const { return all_.size(); }
  const Backend& operator[](std::size_t index) const { return all_[index]; }
  /// Indices of those that may get calls in rising order.
  std::span<const std::uint32_t> healthy() const { return healthy_; }
  bool is_out(std::size_t index, Out reason) const {
    return (all_[index].out & static_cast<std::uint8_t>(reason)) != 0;
  }
  sim::Time now() const { return simulation_ != nullptr ? simulation_->now() : sim::Time(); }

  void start_call(std::size_t index) { ++all_[index].outstanding; }
  void end_call(std::size_t index) { --all_[index].outstanding; }
  /// Costs time linear in the number of backends where it changes who may get calls; whether it
  /// did.
  bool set_out(std::size_t index, Out reason, bool is_out);

 private:
  std::vector<Backend> all_;
  std::vector<std::uint32_t> healthy_;
  const sim::Simulation* simulation_;
};

}  // namespace headroom
