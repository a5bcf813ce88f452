#include "models/network/plan.hpp"
#include "models/text.hpp"

namespace headroom {

Choices choices_of(NetworkEngine) {
  static constexpr Choice choices[] = {
      {"delay", "latency, bandwidth, queue and loss link by link; millions of messages a second"},
      {"flow", "messages of flow_threshold and more are transfers that share bandwidth fairly",
       "SimGrid 3.32: Casanova, Giersch, Legrand, Quinson, Suter 2014"},
  };
  return choices;
}

Choices choices_of(FlowModel) {
  static constexpr Choice choices[] = {
      {"exact", "max-min fair shares of the bandwidth as written; latency is spent before them",
       "Bertsekas, Gallager 1992, sec. 6.5.2"},
      {"LV08", "TCP as measured: latency x 13.01, bandwidth x 0.97, acknowledgements take 5 %",
       "Velho, Legrand 2009"},
      {"CM02", "a window of 4 MiB bounds the rate, long round trips get smaller shares",
       "Casanova, Marchal 2002"},
  };
  return choices;
}

const FieldTable& fields_of(const NetworkPlan*) {
  using P = NetworkPlan;
  static const auto table =
      FieldTable::of<P>("network", "Between zones, and inside them.")
          .with_default("engine", &P::engine, "Who carries messages.")
          .with_default("model", &P::model, "How transfers of the flow engine share links.")
          .with_default("flow_threshold", &P::flow_threshold,
                        "In the flow engine, shorter messages go as in the delay engine, over what "
                        "transfers leave of a link; 0 makes every message a transfer.",
                        example("1MB"))
          .with_default("a <-> b", &P::links,
                        "Links by \"same zone\", \"a <-> b\" or \"a -> b\"; * is any zone.",
                        example(R"({"same zone": {"latency": "250us"}})"), other_keys())
          .inlined(&P::topology)
          .optional("connections", &P::connections,
                    "Round trips before a request where no kept connection is idle.",
                    example(R"({"tls_round_trips": 1, "keep_alive": 8})"),
                    absent_means("connections are there"))
          .with_default("bulk", &P::bulk, "Copies that compete with requests, by name.",
                        example(R"({"backup": {"from": ["east"], "to": ["west"], "bytes": "20GB",
                                 "at": "60s", "throttle": "50MB/s"}})"))
          .check([](const P& plan, Findings& findings) {
            if (!plan.topology.empty() && !plan.links.empty())
              findings.error(plan.links.entries.front().first,
                             "a network has links between zones, or a topology, not both",
                             "links of hosts and switches stand in \"links\"");
            const auto* bare = std::get_if<std::uint32_t>(&plan.flow_threshold);
            if (bare && *bare > 0)
              findings.error("flow_threshold", "a size needs a unit",
                             "for example \"" + std::to_string(*bare) + "B\"");
          });
  return table;
}

namespace {}  // namespace

std::optional<LinkKey> parse_link_key(std::string_view key) {
  if (key == "same zone") return LinkKey{{}, {}, true, true};
  const bool both_ways = key.find("<->") != std::string_view::npos;
  const std::string_view arrow = both_ways ? "<->" : "->";
  const std::size_t at = key.find(arrow);
  if (at == std::string_view::npos) return std::nullopt;
  const auto from = trimmed(key.substr(0, at));
  const auto to = trimmed(key.substr(at + arrow.size()));
  const auto is_name = [](std::string_view name) {
    return !name.empty() && name.find_first_of(" <>") == std::string_view::npos;
  };
  if (!is_name(from) || !is_name(to)) return std::nullopt;
  return LinkKey{std::string(from), std::string(to), both_ways, false};
}

}  // namespace headroom
