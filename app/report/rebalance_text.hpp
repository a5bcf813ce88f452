#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/study/summary.hpp"

namespace headroom {

/// Each change of the shards of a database: what it moved and did to the load, as sentences and as
/// the list `rebalances` of summary.json.
std::vector<std::string> rebalance_notes(const ServiceSummary& service);
nlohmann::ordered_json rebalances_json(const StoreSummary& store);
/// The list `member_changes`.
nlohmann::ordered_json member_changes_json(const StoreSummary& store);

}  // namespace headroom
