#include "models/store/log/entry.hpp"

namespace headroom {

std::int64_t bytes_of(const LogEntry& entry, std::span<const KeySpace> keys) {
  constexpr std::int64_t entry_bytes = 32;  // Chosen: of an entry without its value.
  const Request request = Request::about(entry.item);
  // Without a key space an item is any number.
  if (entry.version == 0 || request.key_space == 0 || request.key_space > keys.size())
    return entry_bytes;
  return entry_bytes + keys[request.key_space - 1u].value_size(request);
}

}  // namespace headroom
