#include "models/history.hpp"

#include <cstddef>

namespace headroom {

const char* name_of(Function f) {
  constexpr const char* names[] = {"read",    "write",   "cas",     "append",  "add", "remove",
                                   "enqueue", "dequeue", "acquire", "release", "txn"};
  return names[static_cast<std::size_t>(f)];
}

}  // namespace headroom
