#include "models/cache/trace.hpp"

namespace headroom {

namespace {

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = width; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

}  // namespace

TraceRequest OracleGeneral::operator[](std::size_t i) const {
  const std::string_view record = bytes_.substr(i * record_bytes, record_bytes);
  return {.key = little_endian(record, 4, 8),
          .size = static_cast<std::uint32_t>(little_endian(record, 12, 4)),
          .time_s = static_cast<std::uint32_t>(little_endian(record, 0, 4))};
}

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
