#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "models/balancer/backends.hpp"
#include "models/balancer/plan.hpp"
#include "models/request.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

/// Decides which replica gets a call: an instantaneous function over plain state. Each balancer
/// instance has a policy of its own, and sees its own calls only.
class Policy {
 public:
  static constexpr std::size_t nobody = SIZE_MAX;

  virtual ~Policy() = default;
  /// The index of a backend that may get calls (a healthy one); `nobody` when there is none that
  /// may get calls.
  virtual std::size_t choose(const Request& request, const Backends& backends) = 0;

  /// A call of `backend` started; `backends` counts it already.
  virtual void on_start(const Backends&, std::size_t /*backend*/) {}
  /// A call ended after `elapsed`, by its answer or because its caller is gone; `backends` does not
  /// count it any more.
  virtual void on_end(const Backends&, std::size_t /*backend*/, sim::Duration /*elapsed*/) {}
  /// A backend may get calls from now on, or may not any more; `backends` knows already.
  virtual void on_health(const Backends&, std::size_t /*backend*/) {}
};

/// The policy `plan.policy` names, which must be one of `balancer_policies()`.
std::unique_ptr<Policy> make_policy(const BalancerPlan& plan, const Backends& backends,
                                    sim::Stream random);

}  // namespace headroom
