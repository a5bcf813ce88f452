#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/time.hpp"

namespace headroom {

/// What a file of arrival times holds, or why it is none.
struct ArrivalFile {
  std::vector<sim::Time> times;  ///< Rising; at least one where `why` is empty.
  std::string why, hint;
  std::size_t offset = 0, length = 0;  ///< Of what is wrong, in the text.
  bool is_text = true;                 ///< Whether `offset` means a line and a column.
};

/// One time a line: a time with a unit or a bare number of seconds. Of several columns, parted by
/// commas, semicolons or white space, the first counts. Empty lines, lines that start with '#' and
/// one heading are skipped. Times must not decrease.
ArrivalFile read_arrival_list(std::string_view text);

/// A trace in the oracleGeneral format: little-endian records of 24 bytes, which are a u32 of
/// seconds, a u64 object, a u32 size and an i64 next access. Times count from the first record. A
/// trace tells seconds only, so the requests of one second are spread over it evenly, the first at
/// its beginning; a flow that was burstier within a second is smoothed by that.
/// Source: libCacheSim, the oracleGeneral trace reader.
ArrivalFile read_arrival_trace(std::string_view bytes);

}  // namespace headroom
