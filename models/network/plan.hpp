#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/network/topology_plan.hpp"

namespace headroom {

/// Who carries messages.
enum class NetworkEngine : std::uint8_t {
  delay,  ///< Each link for itself, one message after the other.
  flow,   ///< SimGrid: large messages share the links they cross.
};
Choices choices_of(NetworkEngine);

/// How transfers of the flow engine share links.
enum class FlowModel : std::uint8_t { exact, LV08, CM02 };
Choices choices_of(FlowModel);

struct NetworkPlan {
  NetworkEngine engine = NetworkEngine::delay;
  FlowModel model = FlowModel::exact;
  std::variant<Bytes, std::uint32_t> flow_threshold = Bytes{64 * 1024};  ///< 0 without a unit, too.

  std::int64_t threshold_bytes() const {
    const auto* size = std::get_if<Bytes>(&flow_threshold);
    return size ? size->count : 0;
  }
  /// Keys are "same zone", "a <-> b", "a -> b", with "*" for any zone. Without links, messages take
  /// no time.
  Named<LinkPlan> links;
  TopologyPlan topology;  ///< In place of links between zones, where it is not empty.
  std::optional<ConnectionsPlan> connections;  ///< None are set up when absent.
  Named<BulkPlan> bulk;

  bool has_links() const { return !links.empty() || !topology.empty(); }
};
const FieldTable& fields_of(const NetworkPlan*);

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
