#pragma once

#include <cstdint>

#include "models/request.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/task.hpp"

namespace headroom {

/// The one interface between components: something that can be called. A decorator (a client with
/// a timeout, a network port, a balancer) is an endpoint in front of another.
class Endpoint {
 public:
  explicit Endpoint(sim::Simulation& simulation) : simulation_(simulation) {}
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  virtual ~Endpoint() = default;

  sim::Simulation& simulation() const { return simulation_; }
  /// The answer as the caller sees it. A crashed endpoint that is silent never answers.
  virtual sim::Task<Reply> call(Request request) = 0;
  /// Whether a health check gets an answer, tried from `zone`. Takes as long as it takes; an
  /// endpoint that does not answer at all never returns.
  virtual sim::Task<bool> probe(std::uint16_t zone) = 0;

 protected:
  sim::Simulation& simulation_;
};

}  // namespace headroom
