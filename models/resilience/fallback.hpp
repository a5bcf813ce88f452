#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "models/endpoint.hpp"
#include "models/tracing.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// A client that does something else when its request, after all its policies, has no good answer.
/// The answer is ok where that is; else it is what it was.
class Fallback final : public Endpoint {
 public:
  /// Both outlive it. `steps` is called with the request as its endpoint 0.
  Fallback(sim::Simulation& simulation, Endpoint& client, Endpoint& steps, std::string target)
      : Endpoint(simulation), client_(client), steps_(steps), target_(std::move(target)) {}

  sim::Task<Reply> call(Request request) override {
    Traced traced;
    traced.begin_call(request.span, &target_);
    request.span = traced.span();
    Reply reply = co_await client_.call(request);
    if (!reply.is_ok()) {
      ++used_;
      request.endpoint = 0;
      request.draw_key = sim::mix(request.draw_key, for_fallback);
      const Reply instead = co_await steps_.call(request);
      if (instead.is_ok()) {
        reply.outcome = Outcome::ok;
        reply.cause = DropCause::none;
      }
    }
    traced.told(reply);
    co_return reply;
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return client_.probe(zone); }

  void start_measuring() { used_ = 0; }
  /// Requests without a good answer, since measuring started.
  std::uint64_t used() const { return used_; }

 private:
  // Chosen: any number; it keeps these draws apart from those of the attempts.
  static constexpr std::uint64_t for_fallback = 0xFA11'BAC4'0000'0001u;

  Endpoint& client_;
  Endpoint& steps_;
  std::string target_;
  std::uint64_t used_ = 0;
};

}  // namespace headroom
