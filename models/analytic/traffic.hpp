#pragma once

#include <optional>
#include <vector>

namespace headroom {

/// One arrow of a network: of what leaves `from` so much (on average, each time) goes to `to`.
struct Routing {
  std::size_t from = 0, to = 0;
  double times = 0;
};

/// The traffic equations: how often each of the stations is visited in the long run, where
/// `outside[i]` come to station i from outside and each visit causes further ones. Nothing where
/// visits cause as many or more visits without end, so that no finite rate solves them.
/// Source: Jackson 1957; Denning, Buzen 1978 (forced flow law).
std::optional<std::vector<double>> solve_traffic(const std::vector<double>& outside,
                                                 const std::vector<Routing>& routing);

}  // namespace headroom
