#include "models/cache/trace.hpp"

namespace headroom {

std::vector<std::uint64_t> next_requests(std::span<const std::uint64_t> keys) {
  std::vector<std::uint64_t> next(keys.size(), never_again);
  KeyNodes seen(keys.size());
  std::vector<std::uint64_t> last;  // By slot.
  for (std::size_t i = keys.size(); i-- > 0;) {
    CacheSlot slot = seen.find(keys[i]);
    if (slot != no_slot) {
      next[i] = last[slot];
    } else {
      slot = seen.add(keys[i]);
      last.resize(seen.end());
    }
    last[slot] = i;
  }
  return next;
}

}  // namespace headroom
