// What caches hit, by arithmetic.
#include <algorithm>
#include <optional>
#include <set>
#include <string>

#include "app/scenario/tiers.hpp"
#include "app/study/arithmetic_demand.hpp"
#include "models/analytic/cache.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

/// The keys that the step asks for; null where they are of several key spaces, or of none.
const KeySpacePlan* keys_asked(const ScenarioPlan& plan, const CallStep& step) {
  if (step.key) return plan.keys.find(step.key->name);
  const auto spaces = key_spaces_of(plan, step.target.service);
  return spaces.size() == 1 ? plan.keys.find(*spaces.begin()) : nullptr;
}

}  // namespace

/// A cache that has room for the hot keys has them, and LRU does with the rest of its room what it
/// can.
std::optional<double> Demands::hit_ratio(const CallStep& step) const {
  const ServicePlan* service = plan_.behind(step.target.service);
  const auto* cache = service ? std::get_if<CachePlan>(&service->kind) : nullptr;
  if (!cache) return std::nullopt;
  if (cache->hit_ratio) return cache->hit_ratio->value;
  const KeySpacePlan* keys = keys_asked(plan_, step);
  if (!keys || keys->replay || !keys->count) return std::nullopt;
  double entries = cache->capacity ? static_cast<double>(cache->capacity->count) : 0;
  if (cache->memory)
    entries = static_cast<double>(cache->memory->count) /
              std::max(1.0, keys->value_size ? mean(*keys->value_size) : 1);
  if (!cache->local_to) entries *= cache->replicas;
  if (!keys->hot) return zipf_lru_hit_ratio_che(*keys->count, keys->zipf, entries);
  const double hot = keys->hot->count, share = keys->hot->share.value;
  if (entries < hot) return std::nullopt;
  const std::uint64_t others = *keys->count - keys->hot->count;
  return share + (1 - share) * zipf_lru_hit_ratio_che(others, keys->zipf, entries - hot);
}

}  // namespace headroom
