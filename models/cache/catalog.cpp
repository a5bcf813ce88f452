#include "models/catalog.hpp"
#include "models/cache/policies/policies.hpp"

namespace headroom {

namespace {

constexpr Listed<EvictionFactory> catalog[] = {
    {{"lru", "what has not been asked for the longest goes", "Mattson et al. 1970"}, make_lru},
    {{"fifo", "what has been there the longest goes", "Belady 1966"}, make_fifo},
    {{"clock", "first in first out, with another round for what was asked for", "Corbato 1968"},
     make_clock},
    {{"random", "any entry goes, with equal chances", "Belady 1966"}, make_random},
    {{"lfu", "what was asked for least often goes, of equals the least recently used",
      "Shah, Mitra, Matani 2010"},
     make_lfu},
    {{"gdsf", "what was asked for least often for its bytes goes, and old popularity ages",
      "Cherkasova 1998"},
     make_gdsf},
    {{"slru", "what is asked for twice is protected from what is asked for once",
      "Karedla, Love, Wherry 1994"},
     make_slru},
    {{"two_q", "a short queue for what comes in, a long one for what comes back",
      "Johnson, Shasha 1994"},
     make_two_q},
    {{"arc", "recent and frequent keys share the room as their misses advise",
      "Megiddo, Modha 2003"},
     make_arc},
    {{"sieve", "a hand passes over what was asked for and takes the first that was not",
      "Zhang et al. 2024"},
     make_sieve},
    {{"s3_fifo", "a small queue filters what is asked for once out of a main one",
      "Yang et al. 2023"},
     make_s3_fifo},
    {{"w_tinylfu", "a newcomer gets in if it was asked for more often than what it displaces",
      "Einziger, Friedman, Manes 2017"},
     make_w_tinylfu},
};
constexpr auto choices = choices_of(catalog);

}  // namespace

Choices eviction_policies() {
  return choices;
}

std::unique_ptr<EvictionPolicy> make_eviction_policy(std::string_view name, CacheRoom room,
                                                     sim::Stream random) {
  return factory_of(catalog, name)(room, random);
}

}  // namespace headroom
