#pragma once

#include <cstdint>

#include "sim/kernel/task.hpp"

namespace headroom {

/// Carries messages between sites of the network for those who are no endpoints of calls: the
/// copies of a store that talk to each other.
class Courier {
 public:
  virtual ~Courier() = default;
  /// True when the message is there, false when it was refused. A message that is lost for good
  /// never is, and takes with it who waits for it. `key`: its random numbers derive from it.
  virtual sim::Task<bool> carry(std::uint16_t from, std::uint16_t to, std::int64_t bytes,
                                std::uint64_t key) = 0;
};

}  // namespace headroom
