#include "app/study/clairvoyant.hpp"

#include "app/scenario/tiers.hpp"
#include "models/cache/trace.hpp"
#include "models/moments.hpp"

namespace headroom {

namespace {

std::uint32_t size_of(const KeySpacePlan& space, std::size_t request, bool in_bytes) {
  if (!in_bytes) return 1;
  if (!space.replayed_sizes.empty())
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(space.replayed_sizes[request], UINT32_MAX));
  return space.value_size ? static_cast<std::uint32_t>(mean(*space.value_size)) : 1;
}

}  // namespace

std::optional<double> clairvoyant_hit_ratio(const ScenarioPlan& plan, const std::string& name) {
  const CachePlan* cache = plan.cache(name);
  if (cache == nullptr || cache->hit_ratio) return std::nullopt;
  const auto spaces = key_spaces_of(plan, name);
  if (spaces.size() != 1) return std::nullopt;
  const KeySpacePlan* space = plan.keys.find(*spaces.begin());
  if (space == nullptr || !space->replay || space->replayed.empty()) return std::nullopt;
  const bool in_bytes = cache->memory.has_value();
  const auto of_one =
      static_cast<std::uint64_t>(in_bytes ? cache->memory->count : cache->capacity->count);
  if (of_one == 0) return 0.0;
  // Room for more than all requests changes nothing.
  const std::uint64_t most = in_bytes ? INT64_MAX : space->replayed.size();
  const std::uint64_t all = of_one > most / cache->replicas ? most : of_one * cache->replicas;
  const auto policy = make_clairvoyant(in_bytes ? CacheRoom::bytes(all) : CacheRoom::entries(all),
                                       next_requests(space->replayed));
  const ReplayCounts counts = replay(*policy, space->replayed.size(), [&](std::size_t i) {
    return TraceRequest{space->replayed[i], size_of(*space, i, in_bytes)};
  });
  return 1 - static_cast<double>(counts.misses) / static_cast<double>(counts.requests);
}

}  // namespace headroom
