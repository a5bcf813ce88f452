#pragma once

#include <cstdint>
#include <string>

namespace headroom {

/// One change of the copies of a database in one run. Counts are up to the end of the run where it
/// did not end before.
struct MemberChangeResult {
  std::string change;        ///< "copy 0 replaced by copy 3"
  std::int64_t due_ns = 0;   ///< As planned, from the end of the warm-up.
  std::int64_t at_ns = 0;    ///< When it began, from the start of the run.
  std::int64_t took_ns = 0;  ///< Until it was committed everywhere, or to the end of the run.
  bool begun = false;
  bool ended = false;
  double bytes_sent = 0;      ///< To copies that lacked them, and acknowledged.
  std::uint64_t resends = 0;  ///< Pieces of that which were sent again.
};

}  // namespace headroom
