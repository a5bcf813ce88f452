#include <array>

#include "models/cache/policies/policies.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

struct Listed {
  Choice choice;
  EvictionFactory* make;
};

constexpr Listed catalog[] = {
    {{"lru", "what has not been asked for the longest goes", "Mattson et al. 1970"}, make_lru},
    {{"fifo", "what has been there the longest goes", "Belady 1966"}, make_fifo},
};
constexpr std::size_t entries = std::size(catalog);

constexpr std::array<Choice, entries> choices = [] {
  std::array<Choice, entries> all{};
  for (std::size_t i = 0; i < entries; ++i)
    all[i] = catalog[i].choice;
  return all;
}();

}  // namespace

Choices eviction_policies() {
  return choices;
}

std::unique_ptr<EvictionPolicy> make_eviction_policy(std::string_view name, CacheRoom room,
                                                     sim::Stream random) {
  for (const Listed& entry : catalog) {
    if (entry.choice.name == name) return entry.make(room, random);
  }
  HEADROOM_CHECK(!"a policy of the catalogue");
  return nullptr;
}

}  // namespace headroom
