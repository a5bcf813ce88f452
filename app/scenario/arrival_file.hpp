#pragma once

#include <string_view>
#include <vector>

#include "app/scenario/data_file.hpp"
#include "sim/kernel/time.hpp"

namespace headroom {

/// What a file of arrival times holds, or why it is none.
struct ArrivalFile : DataFileFault {
  std::vector<sim::Time> times;  ///< Rising; at least one where `why` is empty.
};

/// One time a line: a time with a unit or a bare number of seconds. Of several columns, parted by
/// commas, semicolons or white space, the first counts. Empty lines, lines that start with '#' and
/// one heading are skipped. Times must not decrease.
ArrivalFile read_arrival_list(std::string_view text);

/// A `RecordedTrace`. Times count from the first record. A trace tells seconds only, so the
/// requests of one second are spread over it evenly, the first at its beginning; a flow that was
/// burstier within a second is smoothed by that.
ArrivalFile read_arrival_trace(std::string_view bytes);

}  // namespace headroom
