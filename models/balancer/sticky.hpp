#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/balancer/backends.hpp"
#include "models/balancer/plan.hpp"
#include "models/item_table.hpp"
#include "models/request.hpp"
#include "models/session.hpp"

namespace headroom {

/// Keeps the calls of one session, or about one key, at the replica that got the first of them, as
/// a cookie or a stick table does. A replica that drains keeps its own until it goes; when it is
/// gone the next call of each is pinned anew, to whom the policy chooses. Who calls brings the pin
/// along, so any instance of a balancer finds it. Memory is some 40 bytes for each session that
/// goes on at the same time, or for each key. Source: cookie persistence and the DRAIN state of
/// HAProxy.
class Sticky {
 public:
  Sticky(StickyBy by, std::size_t backends) : by_(by), pins_(backends) {}

  /// Whom the call is pinned to; `Policy::nobody` where it is pinned to nobody that may have it.
  std::size_t pinned(const Request& request, const Backends& backends) const;
  /// The call goes to `backend`, and those after it too.
  void pin(const Request& request, std::size_t backend);

  void start_measuring() { moved_ = 0; }
  /// Sessions or keys that went on at another replica than they had begun at.
  std::uint64_t moved() const { return moved_; }
  /// How many the fullest of the replicas in service holds for one that they hold in the mean; 1
  /// where they hold none.
  double imbalance(const Backends& backends) const;

 private:
  struct Pin {
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    std::uint32_t backend = nowhere;
    std::uint8_t generation = 0;
  };
  std::uint64_t name_of(const Request& request) const;
  std::uint8_t generation_of(const Request& request) const;

  StickyBy by_;
  ItemTable<Pin> table_;
  std::vector<std::uint64_t> pins_;  ///< By replica: how many are pinned to it.
  std::uint64_t moved_ = 0;
};

}  // namespace headroom
