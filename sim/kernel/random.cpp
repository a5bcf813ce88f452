#include "sim/kernel/random.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace headroom::sim {

std::uint64_t hash_name(std::string_view name) {
  return XXH64(name.data(), name.size(), 0);
}

}  // namespace headroom::sim
