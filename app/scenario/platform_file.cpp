#include "app/scenario/platform_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/property_tree/xml_parser.hpp>
#include <charconv>
#include <cmath>
#include <sstream>

#include "app/scenario/platform_zones.hpp"
#include "models/network/topology.hpp"

namespace headroom {

namespace {

using Tree = boost::property_tree::ptree;

struct PlatformUnit {
  std::string_view name;
  double factor;
};
constexpr std::array<PlatformUnit, 9> platform_times{{{"", 1},
                                                      {"s", 1},
                                                      {"ms", 1e-3},
                                                      {"us", 1e-6},
                                                      {"ns", 1e-9},
                                                      {"ps", 1e-12},
                                                      {"m", 60},
                                                      {"h", 3600},
                                                      {"d", 86400}}};
constexpr std::array<PlatformUnit, 18> platform_bandwidths{{{"", 1},
                                                            {"Bps", 1},
                                                            {"kBps", 1e3},
                                                            {"KBps", 1e3},
                                                            {"MBps", 1e6},
                                                            {"GBps", 1e9},
                                                            {"TBps", 1e12},
                                                            {"KiBps", 1024.0},
                                                            {"MiBps", 1048576.0},
                                                            {"GiBps", 1073741824.0},
                                                            {"bps", 1 / 8.0},
                                                            {"kbps", 1e3 / 8},
                                                            {"Kbps", 1e3 / 8},
                                                            {"Mbps", 1e6 / 8},
                                                            {"Gbps", 1e9 / 8},
                                                            {"Tbps", 1e12 / 8},
                                                            {"Mibps", 1048576.0 / 8},
                                                            {"Gibps", 1073741824.0 / 8}}};

/// Why the file cannot be used; ends the reading of it.
struct Refusal {
  std::string near, why, hint;
};

class PlatformReader {
 public:
  PlatformReader(std::span<const std::string> zones, PlatformPlan& platform)
      : zones_(zones), platform_(platform) {}

  void read(const Tree& root) {
    const auto top = root.find("platform");
    if (top == root.not_found())
      throw Refusal{"<", "this is no SimGrid platform: <platform> is missing", {}};
    for (const auto& [name, tree] : top->second) {
      if (is_skipped(name)) continue;
      if (outermost_ != nullptr || !is_zone(name))
        throw unknown(name, "a platform has one <zone> that holds the rest");
      outermost_ = read_any_zone(name, tree, nullptr);
    }
    if (outermost_ == nullptr) throw Refusal{"<platform", "the platform has no <zone>", {}};
    draw_routes();
  }

 private:
  struct Ends {
    std::uint32_t up, down;  ///< The same where both directions share it.
  };

  static bool is_skipped(std::string_view name) {
    constexpr std::array<std::string_view, 8> skipped{
        "<xmlattr>", "<xmlcomment>", "prop", "config", "disk", "storage", "storage_type", "mount"};
    return std::find(skipped.begin(), skipped.end(), name) != skipped.end();
  }
  static bool is_zone(std::string_view name) {
    return name == "zone" || name == "AS" || name == "cluster";
  }
  static Refusal unknown(const std::string& name, std::string hint) {
    return {"<" + name, fmt::format("<{}> is not read from a platform", name), std::move(hint)};
  }
  static std::string text(const Tree& tree, const char* attribute, const char* otherwise = "") {
    return tree.get(Tree::path_type(std::string("<xmlattr>|") + attribute, '|'),
                    std::string(otherwise));
  }
  static std::string required(const std::string& element, const Tree& tree, const char* attribute) {
    std::string value = text(tree, attribute);
    if (value.empty())
      throw Refusal{"<" + element, fmt::format("a <{}> lacks its {}", element, attribute), {}};
    return value;
  }
  template <std::size_t n>
  static double amount(const std::string& value, const std::array<PlatformUnit, n>& units) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
    const auto known = std::find_if(units.begin(), units.end(),
                                    [&](const PlatformUnit& each) { return each.name == unit; });
    if (error != std::errc() || known == units.end() || !(number >= 0) || !std::isfinite(number))
      throw Refusal{'"' + value + '"', fmt::format("\"{}\" is no amount with a unit", value),
                    "for example 125MBps, 1Gbps, 50us"};
    return number * known->factor;
  }

  Ends add_link(const std::string& id, double bytes_per_s, double latency_s,
                const std::string& policy) {
    LinkPlan plan;
    if (!(bytes_per_s > 0))
      throw Refusal{'"' + id + '"', fmt::format("the link \"{}\" has no bandwidth", id), {}};
    plan.bandwidth = Bandwidth{bytes_per_s};
    if (latency_s > 0) plan.latency.emplace().a = std::round(latency_s * 1e9);
    plan.shared = policy != "FATPIPE";
    const auto number = static_cast<std::uint32_t>(platform_.links.size());
    const bool split = policy == "SPLITDUPLEX" || policy == "FULLDUPLEX";
    if (!split && policy != "SHARED" && policy != "FATPIPE")
      throw Refusal{policy, fmt::format("the sharing policy \"{}\" is not known", policy),
                    "SHARED, SPLITDUPLEX or FATPIPE"};
    const Ends ends{number, split ? number + 1 : number};
    if (!links_.emplace(id, ends).second)
      throw Refusal{'"' + id + '"', fmt::format("two links are called \"{}\"", id), {}};
    platform_.links.push_back({split ? id + "_UP" : id, plan, ends.down});
    if (split) platform_.links.push_back({id + "_DOWN", plan, ends.up});
    return ends;
  }

  const PlatformZone* read_any_zone(const std::string& name, const Tree& tree,
                                    PlatformZone* parent) {
    auto made = std::make_unique<PlatformZone>();
    PlatformZone* zone = made.get();
    zone->id = required(name, tree, "id");
    zone->parent = parent;
    (parent != nullptr ? parent->children : outer_).push_back(std::move(made));
    name == "cluster" ? read_cluster(tree, *zone) : read_zone(name, tree, *zone);
    return zone;
  }

  void read_zone(const std::string& element, const Tree& tree, PlatformZone& zone) {
    const std::string routing = text(tree, "routing", "Full");
    if (routing == "Floyd" || routing == "Dijkstra" || routing == "DijkstraCache") {
      zone.routing = PlatformZone::Routing::shortest;
    } else if (routing != "Full" && routing != "None") {
      throw Refusal{'"' + routing + '"', fmt::format("the routing \"{}\" is not read", routing),
                    "Full, Floyd, Dijkstra, or a flat <cluster>"};
    }
    for (const auto& [name, each] : tree) {
      if (is_skipped(name)) continue;
      if (is_zone(name)) {
        read_any_zone(name, each, &zone);
      } else if (name == "host" || name == "router") {
        add_point(required(name, each, "id"), zone, name == "host");
      } else if (name == "link") {
        add_link(required(name, each, "id"),
                 amount(required(name, each, "bandwidth"), platform_bandwidths),
                 amount(text(each, "latency", "0"), platform_times),
                 text(each, "sharing_policy", "SHARED"));
      } else if (name == "route" || name == "zoneRoute" || name == "ASroute") {
        read_route(name, each, zone);
      } else {
        throw unknown(name, fmt::format("a <{}> holds hosts, routers, links, routes, clusters and "
                                        "zones",
                                        element));
      }
    }
  }

  void add_point(const std::string& id, const PlatformZone& zone, bool is_host) {
    if (routes_.home_of(id) != nullptr)
      throw Refusal{'"' + id + '"', fmt::format("two hosts or routers are called \"{}\"", id), {}};
    routes_.add_point(id, zone);
    if (!is_host) return;
    std::optional<std::string> scenario_zone;
    for (const PlatformZone* each = &zone; each != nullptr && !scenario_zone; each = each->parent)
      if (std::find(zones_.begin(), zones_.end(), each->id) != zones_.end())
        scenario_zone = each->id;
    platform_.nodes.push_back({id, true, scenario_zone});
  }

  void read_route(const std::string& name, const Tree& tree, PlatformZone& zone) {
    const std::string from = required(name, tree, "src"), to = required(name, tree, "dst");
    PlatformZone::Route route{{}, text(tree, "gw_src"), text(tree, "gw_dst")};
    PlatformZone::Route back{{}, route.to_gateway, route.from_gateway};
    for (const auto& [element, each] : tree) {
      if (is_skipped(element)) continue;
      if (element != "link_ctn") throw unknown(element, "a route is a list of <link_ctn>");
      const std::string id = required(element, each, "id");
      const auto found = links_.find(id);
      if (found == links_.end())
        throw Refusal{'"' + id + '"', fmt::format("there is no link \"{}\"", id),
                      "links come before the routes that use them"};
      const bool down = text(each, "direction") == "DOWN";
      const Ends ends = found->second;
      route.links.push_back(down ? ends.down : ends.up);
      back.links.insert(back.links.begin(), down ? ends.up : ends.down);
    }
    const std::string symmetrical = text(tree, "symmetrical", "yes");
    const bool both = symmetrical != "no" && symmetrical != "NO" && symmetrical != "false";
    bool is_new = zone.routes.emplace(std::pair(from, to), route).second;
    if (both && from != to)
      is_new = zone.routes.emplace(std::pair(to, from), back).second && is_new;
    if (!is_new)
      throw Refusal{'"' + from + '"',
                    fmt::format("the route from \"{}\" to \"{}\" is given twice", from, to),
                    "symmetrical=\"no\" where each direction has its own"};
  }

  /// "0-3,7" as numbers.
  static std::vector<std::uint32_t> numbers_of(const std::string& radical) {
    std::vector<std::uint32_t> numbers;
    std::istringstream parts(radical);
    for (std::string part; std::getline(parts, part, ',');) {
      std::uint32_t first = 0;
      const char* end = part.data() + part.size();
      auto parsed = std::from_chars(part.data(), end, first);
      std::uint32_t last = first;
      if (parsed.ec == std::errc() && parsed.ptr != end && *parsed.ptr == '-')
        parsed = std::from_chars(parsed.ptr + 1, end, last);
      const bool is_range = parsed.ec == std::errc() && parsed.ptr == end && first <= last;
      if (!is_range || last - first > most_edges)
        throw Refusal{'"' + radical + '"', fmt::format("\"{}\" is no list of numbers", radical),
                      "for example radical=\"0-15\""};
      for (std::uint32_t number = first; number <= last; ++number)
        numbers.push_back(number);
    }
    return numbers;
  }

  void read_cluster(const Tree& tree, PlatformZone& zone) {
    zone.routing = PlatformZone::Routing::cluster;
    if (const std::string shape = text(tree, "topology", "FLAT"); shape != "FLAT")
      throw Refusal{'"' + shape + '"',
                    fmt::format("the cluster topology \"{}\" is not read", shape),
                    "FLAT; \"generate\" of the scenario makes fat trees"};
    for (const char* other : {"limiter_link", "loopback_bw"})
      if (!text(tree, other).empty())
        throw Refusal{other, fmt::format("{} of a cluster is not read", other), {}};
    const std::string prefix = text(tree, "prefix"), suffix = text(tree, "suffix");
    const double bandwidth = amount(required("cluster", tree, "bw"), platform_bandwidths);
    const double latency = amount(text(tree, "lat", "0"), platform_times);
    for (const std::uint32_t number : numbers_of(required("cluster", tree, "radical"))) {
      const std::string id = prefix + std::to_string(number) + suffix;
      add_point(id, zone, true);
      const Ends ends = add_link(fmt::format("{}_link_{}", zone.id, number), bandwidth, latency,
                                 text(tree, "sharing_policy", "SPLITDUPLEX"));
      zone.spokes[id] = {{ends.up}, {ends.down}};
    }
    if (const std::string backbone = text(tree, "bb_bw"); !backbone.empty()) {
      const Ends ends = add_link(zone.id + "_backbone", amount(backbone, platform_bandwidths),
                                 amount(text(tree, "bb_lat", "0"), platform_times),
                                 text(tree, "bb_sharing_policy", "SHARED"));
      zone.backbone = {ends.up};
    }
    const std::string router = text(tree, "router_id");
    add_point(router.empty() ? fmt::format("{}{}_router{}", prefix, zone.id, suffix) : router, zone,
              false);
  }

  /// Each host has the ways to all others before it as a tree: where two of them part there is a
  /// node. As nothing else leads through it, messages go the ways of the file and no other.
  void draw_routes() {
    const auto hosts = static_cast<std::uint32_t>(platform_.nodes.size());
    for (std::uint32_t from = 0; from < hosts; ++from) {
      std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> next;
      for (std::uint32_t to = 0; to < hosts; ++to)
        if (from != to) draw_route(from, to, next);
    }
  }

  void draw_route(std::uint32_t from, std::uint32_t to,
                  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>& next) {
    const std::string sender = platform_.nodes[from].name, receiver = platform_.nodes[to].name;
    auto way = routes_.between(sender, receiver);
    if (!way)
      throw Refusal{'"' + sender + '"',
                    fmt::format("there is no route from \"{}\" to \"{}\"", sender, receiver),
                    {}};
    if (way->empty()) {
      way->push_back(static_cast<std::uint32_t>(platform_.links.size()));
      platform_.links.push_back({sender + " -> " + receiver, LinkPlan(), way->front()});
    }
    std::uint32_t at = from;
    for (std::size_t i = 0; i + 1 < way->size(); ++i) {
      const std::uint32_t link = (*way)[i];
      const auto [place, is_new] =
          next.try_emplace({at, link}, static_cast<std::uint32_t>(platform_.nodes.size()));
      if (is_new) {
        std::string name = platform_.nodes[at].name + " > " + platform_.links[link].name;
        platform_.nodes.push_back({std::move(name), false, std::nullopt});
        platform_.hops.push_back({at, place->second, link});
      }
      at = place->second;
    }
    platform_.hops.push_back({at, to, way->back()});
    if (platform_.hops.size() > most_edges)
      throw Refusal{"<platform",
                    fmt::format("the routes between these hosts are more than {} hops", most_edges),
                    "take a part of the platform, or \"generate\" a topology"};
  }

  std::span<const std::string> zones_;
  PlatformPlan& platform_;
  std::vector<std::unique_ptr<PlatformZone>> outer_;
  const PlatformZone* outermost_ = nullptr;
  PlatformRoutes routes_;
  std::map<std::string, Ends> links_;
};

}  // namespace

PlatformFile read_platform(std::string_view xml, std::span<const std::string> zones) {
  PlatformFile file;
  Tree root;
  try {
    std::istringstream stream{std::string(xml)};
    boost::property_tree::read_xml(stream, root, boost::property_tree::xml_parser::no_comments);
    PlatformReader(zones, file.platform).read(root);
  } catch (const boost::property_tree::xml_parser_error& error) {
    std::size_t line_start = 0;
    for (unsigned long line = 1; line < error.line(); ++line)
      line_start = std::min(xml.find('\n', line_start), xml.size() - 1) + 1;
    const std::size_t start = std::min(line_start, xml.size());
    const std::size_t length = std::min(xml.find('\n', start), xml.size()) - start;
    file.refuse(xml, xml.substr(start, length), "this is no XML: " + error.message(), {});
  } catch (const Refusal& refusal) {
    const std::size_t at = xml.find(refusal.near);
    file.refuse(
        xml, at == std::string_view::npos ? xml.substr(0, 0) : xml.substr(at, refusal.near.size()),
        refusal.why, refusal.hint);
  }
  return file;
}

}  // namespace headroom
