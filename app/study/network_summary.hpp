#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/study/figure.hpp"

namespace headroom {

/// One link in the measured time.
struct LinkSummary {
  std::string name;
  std::optional<double> bandwidth_bytes_per_s;  ///< None where unlimited.
  Figure bytes_per_s;
  Figure utilization;           ///< Carried over what it could have; none where unlimited.
  Figure residual_bytes_per_s;  ///< What was left of it, in the mean.
  Figure lost_per_s;            ///< Transmissions.
  /// Of a platform, whose links are not named after their ends: these two, as it is drawn; of a
  /// link that begins and ends in one place also the hosts which stand there.
  std::vector<std::string> between{};
};

/// The copies of one bulk of the scenario.
struct BulkSummary {
  std::string name;
  Figure duration_s;            ///< Of a round, from its begin until its last copy has arrived.
  Figure bytes_per_s;           ///< Of a round.
  Figure begun, finished, cut;  ///< Copies of a run; pieces that were sent anew.
};

struct NetworkSummary {
  std::vector<LinkSummary> links;  ///< Those that carried or lost something.
  std::vector<BulkSummary> bulk;
};

}  // namespace headroom
