#pragma once

// For the tests of this folder: a network with someone at each end.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/network/network.hpp"
#include "models/network/port.hpp"
#include "models/test_distributions.hpp"

namespace headroom::network_fixture {

inline const std::vector<std::string> two_zones{"a", "b"};
inline const std::vector<std::string> three_zones{"a", "b", "c"};

inline NetworkPlan one_link(LinkPlan link, std::string key = "* <-> *") {
  NetworkPlan plan;
  plan.links.add(std::move(key), std::move(link));
  return plan;
}

/// Answers after a time of its own.
class Echo final : public Endpoint {
 public:
  explicit Echo(sim::Simulation& simulation, sim::Duration takes = {})
      : Endpoint(simulation), takes_(takes) {}
  sim::Task<Reply> call(Request) override {
    ++calls;
    if (takes_ > sim::Duration()) co_await simulation_.delay(takes_);
    co_return Reply::ok();
  }
  sim::Task<bool> probe(std::uint16_t) override { co_return true; }
  std::uint64_t calls = 0;

 private:
  sim::Duration takes_;
};

/// What became of one call or message.
struct Seen {
  std::optional<Reply> reply;
  std::optional<Message::State> state;
  sim::Time at;
};

inline sim::Task<> call_at(sim::Simulation& simulation, sim::Time at, Endpoint* endpoint,
                           Request request, Seen* seen) {
  if (at > simulation.now()) co_await simulation.delay(at - simulation.now());
  const Reply reply = co_await endpoint->call(request);
  seen->reply = reply;
  seen->at = simulation.now();
}

inline sim::Task<> send_at(sim::Simulation& simulation, sim::Time at, Network* network,
                           Message message, Seen* seen) {
  if (at > simulation.now()) co_await simulation.delay(at - simulation.now());
  while (message.under_way())
    co_await network->carry(message);
  if (message.state == Message::State::gone) co_return;  // nobody learns of it
  seen->state = message.state;
  seen->at = simulation.now();
}

inline sim::Time at_ms(std::int64_t ms) {
  return sim::Time() + sim::Duration::ms(ms);
}

}  // namespace headroom::network_fixture
