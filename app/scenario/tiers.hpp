#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/scenario/plan.hpp"

namespace headroom {

/// What all services with instances of their own have: servers, caches, databases.
struct Tier {
  const std::vector<ZoneRef>& zones;
  std::uint32_t replicas = 1;  ///< To begin with.
  std::uint32_t most = 1;      ///< That there can ever be.
  Limit concurrency;           ///< Slots of one replica.
  Limit queue_limit;
  std::uint32_t shards = 1;  ///< Among which the replicas are divided evenly.
};
/// Nothing for a balancer.
std::optional<Tier> tier_of(const ServicePlan& service);
/// The same by name; nothing where there is none of that name either.
std::optional<Tier> tier_of(const ScenarioPlan& plan, std::string_view service);

/// How many shards its replicas are divided among; 1 where it has none.
std::uint32_t shards_of(const ScenarioPlan& plan, std::string_view service);

/// The endpoints of a service that does something itself: those of a server ("call" where it has a
/// service_time), the operations of a cache or database; none of a balancer.
std::vector<std::string_view> endpoint_names(const ServicePlan& service);

/// The position of the endpoint among these; the only one when `endpoint` is empty.
std::optional<std::uint32_t> endpoint_index(const ServicePlan& service, std::string_view endpoint);

/// The key spaces whose keys may reach a service: those of the calls of it, where these say one,
/// else those of the workloads that reach it.
std::set<std::string> key_spaces_of(const ScenarioPlan& plan, std::string_view service);
/// Services that a workload without keys gets to by way of calls that name none.
std::set<const ServicePlan*> asked_without_key(const ScenarioPlan& plan);

/// Where a broker puts messages that nobody can work on; null where it has no such queue.
const ServiceRef* dead_letter_of(const ServicePlan& service);

/// Whether its endpoints are operations on keys.
bool goes_by_operation(const ServicePlan& service);

/// Where a cache writes what is set in it, which it does: of a store that goes by operations, the
/// write.
CallTarget store_of(const ScenarioPlan& plan, const CachePlan& cache);

/// The endpoint that a step calls: an operation names one where the service goes by operations.
std::string called_endpoint(const ServicePlan& service, const CallStep& step);
/// What a step does to its key: as it says, or as its endpoint is called.
Operation operation_of(const ServicePlan& service, const CallStep& step);

}  // namespace headroom
