#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace headroom {

/// The links that a message crosses one after the other, by number.
using LinkList = std::vector<std::uint32_t>;

/// A netzone of a platform: hosts, routers and zones inside, and the ways between them.
struct PlatformZone {
  enum class Routing : std::uint8_t { full, shortest, cluster };
  struct Route {
    LinkList links;
    std::string from_gateway, to_gateway;  ///< Where it connects two zones.
  };
  /// What connects a host of a cluster with its middle.
  struct Spoke {
    LinkList up, down;
  };

  std::string id;
  Routing routing = Routing::full;
  PlatformZone* parent = nullptr;
  std::vector<std::unique_ptr<PlatformZone>> children;
  std::map<std::pair<std::string, std::string>, Route> routes;  ///< Of routings but `cluster`.
  std::map<std::string, Spoke> spokes;                          ///< Of a cluster.
  LinkList backbone;
};

/// Routes between any two hosts of a platform, by the rules of its zones.
class PlatformRoutes {
 public:
  /// A host or router stands in this zone.
  void add_point(const std::string& name, const PlatformZone& zone) { homes_[name] = &zone; }
  const PlatformZone* home_of(const std::string& name) const;
  /// The way, or nothing where there is none.
  std::optional<LinkList> between(const std::string& from, const std::string& to) const;

 private:
  static constexpr unsigned deepest = 64;  // Chosen: more than any platform is nested.
  std::optional<LinkList> between(const std::string& from, const std::string& to,
                                  unsigned depth) const;
  std::optional<PlatformZone::Route> inside(const PlatformZone& zone, const std::string& from,
                                            const std::string& to, unsigned depth) const;
  std::optional<PlatformZone::Route> shortest(const PlatformZone& zone, const std::string& from,
                                              const std::string& to, unsigned depth) const;

  std::map<std::string, const PlatformZone*> homes_;
};

}  // namespace headroom
