#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/distribution.hpp"
#include "models/endpoint.hpp"
#include "models/keys.hpp"

namespace headroom {

struct Action;
using Actions = std::vector<Action>;

/// One step of an endpoint, ready to run. Its number makes its draws its own.
struct Action {
  enum class Kind : std::uint8_t { cpu, wait, call, parallel, choose, repeat, fail };
  Kind kind = Kind::cpu;
  std::uint32_t number = 0;    ///< Distinct among all steps of the service.
  Distribution amount;         ///< cpu: work; wait: time.
  Endpoint* callee = nullptr;  ///< call
  std::uint16_t callee_endpoint = 0;
  Operation operation = Operation::none;
  const KeySpace* keys = nullptr;     ///< call: what its item is of; null for the request's own.
  sim::Duration look_again_after;     ///< get: where somebody else fetches the value.
  Distribution size;                  ///< call: bytes of the request
  Distribution reply_size;            ///< call: bytes of the reply
  std::vector<Actions> branches;      ///< parallel, choose; repeat has one, a get that may miss too
  std::vector<Actions> fallback;      ///< call: none, or one that is run when it has failed
  bool is_optional = false;           ///< call: may be left out
  std::vector<double> probabilities;  ///< choose: cumulative; fail: one
  bool is_lasting = false;            ///< fail: drawn once for the request
  std::uint32_t count = 0;            ///< parallel: successes needed; repeat: times
};

/// What an endpoint of a service does.
struct Program {
  std::string name;
  Actions actions;
  bool calls_nobody = false;
};

/// Whether any step works on a core.
bool uses_cpu(const Actions& actions);
/// Whether one request may have several pieces of work at once, or leave one behind: branches side
/// by side of which one works while another works, or fails, or is not waited for; values fetched
/// for a cache in the background.
bool overlaps(const Actions& actions);
/// Whether any call has a fallback.
bool falls_back(const Actions& actions);
/// Whether any step calls a service.
bool calls(const Actions& actions);

}  // namespace headroom
