#pragma once

#include <cstdint>
#include <string>

namespace headroom {

/// What one link carried since measuring started.
struct LinkCounts {
  std::uint64_t messages = 0;  ///< Given to it, transfers of the flow engine aside.
  double bytes = 0;
  double busy_ns = 0;      ///< Time that these took of all its bandwidth, as it then was.
  std::uint64_t lost = 0;  ///< Transmissions lost on it.
};

/// One link as it was used since measuring started.
struct LinkReport {
  std::string name;
  double bytes_per_s = 0;  ///< Its bandwidth at the end; infinite where unlimited.
  LinkCounts counts;
  double more_bytes = 0;            ///< That wait for it at the end than when measuring started.
  std::uint64_t transfers = 0;      ///< Of the flow engine, begun.
  std::int64_t more_transfers = 0;  ///< Under way at the end than at the start, where it is full.
};

/// What became of the copies of one bulk of the scenario, from the start of the run.
struct BulkReport {
  std::string name;
  std::uint64_t begun = 0, finished = 0, cut = 0;  ///< Copies.
  double bytes = 0;                                ///< That have arrived.
  double sum_s = 0;      ///< Of the lengths of finished rounds, from begin to the last arrival,
  double longest_s = 0;  ///< and the longest of them.
  std::uint64_t rounds = 0;
};

}  // namespace headroom
