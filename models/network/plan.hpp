#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// One way (or both) between two zones, or inside one.
struct LinkPlan {
  std::optional<Distribution> latency;  ///< One way; none takes no time.
  std::optional<Bandwidth> bandwidth;   ///< Unlimited when absent.
  Ratio loss;                           ///< Of one message; a lost one is sent again after a timeout.
  std::optional<Bytes> queue;           ///< Bytes that may wait for the link; unlimited when absent.
  bool duplex = true;                   ///< Whether the two directions have each their own bandwidth.
};
const FieldTable& fields_of(const LinkPlan*);

/// Keys are "same zone", "a <-> b", "a -> b", with "*" for any zone.
struct NetworkPlan {
  Named<LinkPlan> links;
};

/// The link that a key names, or why it names none. `zones` are the names of the scenario.
struct LinkKey {
  std::string from, to;  ///< "*" for any
  bool both_ways = false;
  bool same_zone = false;
};
std::optional<LinkKey> parse_link_key(std::string_view key);

}  // namespace headroom
