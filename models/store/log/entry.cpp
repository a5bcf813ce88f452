#include "models/store/log/entry.hpp"

namespace headroom {

std::int64_t bytes_of(const LogEntry& entry, std::span<const KeySpace> keys) {
  constexpr std::int64_t entry_bytes = 32;  // Chosen: of an entry without its value.
  Request request;
  request.key_space = static_cast<std::uint8_t>(entry.item >> 56);
  if (entry.version == 0 || request.key_space == 0) return entry_bytes;
  request.key = entry.item ^ (std::uint64_t{request.key_space} << 56);
  return entry_bytes + keys[request.key_space - 1u].value_size(request);
}

}  // namespace headroom
