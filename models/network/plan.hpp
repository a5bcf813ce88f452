#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
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
