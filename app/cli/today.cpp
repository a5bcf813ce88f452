#include "app/cli/today.hpp"

#include <utility>

#include "app/scenario/merge.hpp"
#include "app/scenario/resolved.hpp"
#include "app/scenario/scenario.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// Null where the path leads nowhere.
const Json* at_path(const Json& document, const std::string& path) {
  std::string why;
  const auto steps = parse_path(path, why);
  if (!steps) return nullptr;
  const Json* at = &document;
  for (const PathStep& step : *steps) {
    if (step.index) {
      if (!at->is_array() || *step.index >= at->size()) return nullptr;
      at = &(*at)[*step.index];
    } else {
      if (!at->is_object() || !at->contains(step.key)) return nullptr;
      at = &(*at)[step.key];
    }
  }
  return at;
}

}  // namespace

Json value_at(const ScenarioPlan& plan, const std::string& path) {
  const Json scenario = resolved(plan);
  const Json* value = at_path(scenario, path);
  return value == nullptr ? Json(nullptr) : *value;
}

Json values_of_today(const std::string& file, std::span<const std::string> settings,
                     std::span<const std::string> paths) {
  Json today = Json::object();
  Diagnostics unheard;
  const auto plan = read_scenario(file, settings, unheard);
  if (!plan) return today;
  for (const std::string& path : paths) {
    Json value = value_at(*plan, path);
    if (value.is_primitive() && !value.is_null()) today[path] = std::move(value);
  }
  return today;
}

}  // namespace headroom
