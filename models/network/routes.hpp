#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/network/plan.hpp"

namespace headroom {

/// Which entry of a plan serves each ordered pair of zones: the most specific key that fits.
/// Both zones named goes before one, one before none ("* <-> *"), and with as many named a key of
/// one direction goes before one of both. Wildcards stand for zones other than the one they face:
/// inside a zone only "same zone" fits, and "a <-> a", which goes before it.
class Routes {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// Two keys that fit the same pair equally well, neither beaten by a third.
  struct Clash {
    std::uint32_t first, second;  ///< Entries of the plan.
    std::uint16_t from, to;       ///< Zones.
  };

  /// Keys that do not parse fit nothing. Of two that clash the later one counts.
  Routes(const NetworkPlan& plan, std::span<const std::string> zones);

  /// An entry of the plan or `none`.
  std::uint32_t entry(std::size_t from, std::size_t to) const {
    return entries_[from * zones_ + to];
  }
  std::size_t zones() const { return zones_; }
  const std::vector<Clash>& clashes() const { return clashes_; }

 private:
  std::size_t zones_;
  std::vector<std::uint32_t> entries_;
  std::vector<Clash> clashes_;
};

/// What is wrong with the links of a scenario: keys of no form, zones that do not exist, keys that
/// clash, and pairs of zones without a route. Keys of findings are keys of the plan, or empty.
void check_network(const NetworkPlan& plan, std::span<const std::string> zones, Findings& findings);

}  // namespace headroom
