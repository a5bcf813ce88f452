#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/report/paint.hpp"
#include "app/report/text_table.hpp"
#include "app/study/capacity.hpp"

namespace headroom {

/// The word of a trial in a table, in its colour.
TextTable::Cell verdict_cell(const CapacityTrial& trial);

/// What JSON has of a trial: its summary, the verdict and the reason.
void add_trial(nlohmann::ordered_json& json, const CapacityTrial& trial);

/// The answer in a sentence, every trial in a table, what breaks first and why.
std::string capacity_text(const std::string& title, const Capacity& capacity, const Paint& paint);

/// What `capacity --json` prints. `low` and `high` are the ends of the interval in SI units; null
/// where the search found no such end.
nlohmann::ordered_json capacity_json(const std::string& scenario, const Capacity& capacity);

}  // namespace headroom
