#pragma once

#include <utility>
#include <vector>

#include "models/endpoint.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// Independent clients that share the requests of one workload. What one user sends is sent by one
/// client: the users of a closed workload are dealt out evenly, those of sessions at random;
/// without users each request is anybody's with equal chances, so that a Poisson process is split
/// into such.
class Clients final : public Endpoint {
 public:
  enum class By { user, session, request };
  Clients(sim::Simulation& simulation, std::vector<Endpoint*> clients, By by)
      : Endpoint(simulation), clients_(std::move(clients)), by_(by) {}

  sim::Task<Reply> call(Request request) override { return chosen(request)->call(request); }
  sim::Task<bool> probe(std::uint16_t zone) override { return clients_.front()->probe(zone); }

 private:
  Endpoint* chosen(const Request& request) const {
    if (by_ == By::user) return clients_[request.session % clients_.size()];
    constexpr std::uint64_t for_client = 0xC11E47;  // Chosen: any number of its own.
    sim::Keyed draws(sim::mix(by_ == By::session ? request.session : request.origin, for_client));
    return clients_[static_cast<std::size_t>(draws.uniform() *
                                             static_cast<double>(clients_.size()))];
  }
  std::vector<Endpoint*> clients_;
  By by_;
};

}  // namespace headroom
