#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/fields.hpp"

namespace headroom {

/// One way (or both) between two zones, or inside one.
struct LinkPlan {
  std::optional<Distribution> latency{};  ///< One way; none takes no time.
  std::optional<Bandwidth> bandwidth{};   ///< Above 0; unlimited when absent.
  Ratio loss{};  ///< Of one message, below 1; a lost one is sent again after a timeout.
  std::optional<Bytes> queue{};  ///< Bytes that may wait for the link; unlimited when absent.
  bool duplex = true;            ///< Whether the two directions have each their own bandwidth.
};
const FieldTable& fields_of(const LinkPlan*);

/// Keys are "same zone", "a <-> b", "a -> b", with "*" for any zone. Without links, messages take
/// no time.
struct NetworkPlan {
  Named<LinkPlan> links;
};

/// The link that a key names. What may match is told in routes.hpp.
struct LinkKey {
  std::string from, to;  ///< "*" for any; empty for "same zone"
  bool both_ways = false;
  bool same_zone = false;
  bool operator==(const LinkKey&) const = default;
};
/// Nothing when the key has none of the forms. Whether the zones exist is not asked here.
std::optional<LinkKey> parse_link_key(std::string_view key);

}  // namespace headroom
