#pragma once

#include <cstdint>

#include "models/request.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// Which of the independent clients of a workload a request is from. What one user sends is sent by
/// one client: the users of a closed workload are dealt out evenly, those of sessions at random;
/// without users each request is anybody's with equal chances, so that a Poisson process is split
/// into such.
struct ClientSplit {
  enum class By : std::uint8_t { user, session, request };
  By by = By::request;
  std::uint32_t clients = 1;
  std::uint64_t draws = 0;  ///< By request: what its workload derives all draws from.

  std::uint32_t client_of(const Request& request) const {
    if (by == By::user) return request.session % clients;
    constexpr std::uint64_t for_client = 0xC11E47;  // Chosen: any number of its own.
    // Without users the session is the number of the request, wherever it has come to.
    const std::uint64_t key =
        by == By::session ? request.session : sim::mix(draws, request.session);
    sim::Keyed bits(sim::mix(key, for_client));
    return static_cast<std::uint32_t>(bits.uniform() * static_cast<double>(clients));
  }
};

}  // namespace headroom
