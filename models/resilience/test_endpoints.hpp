#pragma once

#include <cstdint>
#include <vector>

#include "models/client_plan.hpp"
#include "models/draw.hpp"
#include "models/endpoint.hpp"
#include "models/test_distributions.hpp"

namespace headroom {

/// Fails at once with probability `failure_share`, drawn from the request.
class Flaky final : public Endpoint {
 public:
  Flaky(sim::Simulation& simulation, double failure_share)
      : Endpoint(simulation), failure_share_(failure_share) {}
  sim::Task<Reply> call(Request request) override {
    ++calls;
    last = request;
    sim::Keyed draws(request.draw_key);
    co_return draws.uniform() < failure_share_ ? Reply::failed() : Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  std::uint64_t calls = 0;
  Request last;

 private:
  double failure_share_;
};

/// Answers ok after a time drawn from the request.
class Slow final : public Endpoint {
 public:
  Slow(sim::Simulation& simulation, Distribution time) : Endpoint(simulation), time_(time) {}
  sim::Task<Reply> call(Request request) override {
    started_at.push_back(simulation_.now());
    requests.push_back(request);
    sim::Keyed draws(request.draw_key);
    const sim::Duration time = draw_duration(time_, draws);
    co_await simulation_.delay(time);
    ++ended;
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  std::vector<sim::Time> started_at;
  std::vector<Request> requests;
  std::uint64_t ended = 0;

 private:
  Distribution time_;
};

struct Answered {
  Reply reply;
  sim::Time at;
};

inline sim::Task<> call_once(sim::Simulation& simulation, Endpoint* endpoint, Request request,
                             std::vector<Answered>* answers) {
  const Reply reply = co_await endpoint->call(request);
  answers->push_back({reply, simulation.now()});
}

inline RetryPlan retries(std::uint32_t attempts, sim::Duration pause = {}) {
  RetryPlan plan;
  plan.attempts = attempts;
  plan.backoff = constant(pause);
  return plan;
}

/// Calls `endpoint` `n` times at once, each with draws of its own, and runs until all is over.
inline std::vector<Answered> call_all(sim::Simulation& simulation, Endpoint& endpoint,
                                      std::uint64_t n) {
  std::vector<Answered> answers;
  for (std::uint64_t i = 0; i < n; ++i) {
    Request request;
    request.draw_key = sim::mix(2024, i);
    simulation.spawn(call_once(simulation, &endpoint, request, &answers));
  }
  simulation.run();
  return answers;
}

}  // namespace headroom
