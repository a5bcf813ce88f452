#pragma once

#include <utility>
#include <vector>

#include "models/client_split.hpp"
#include "models/endpoint.hpp"

namespace headroom {

/// Independent clients that share the requests of one workload.
class Clients final : public Endpoint {
 public:
  Clients(sim::Simulation& simulation, std::vector<Endpoint*> clients, const ClientSplit& split)
      : Endpoint(simulation), clients_(std::move(clients)), split_(split) {}

  sim::Task<Reply> call(Request request) override {
    return clients_[split_.client_of(request)]->call(request);
  }
  sim::Task<bool> probe(std::uint16_t zone) override { return clients_.front()->probe(zone); }

 private:
  std::vector<Endpoint*> clients_;
  ClientSplit split_;
};

}  // namespace headroom
