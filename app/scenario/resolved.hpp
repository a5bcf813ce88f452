#pragma once

#include <nlohmann/json.hpp>

#include "models/fields.hpp"

namespace headroom {

/// The plan as a scenario would write it, with every default; reading it gives the same plan.
nlohmann::ordered_json resolved(const FieldTable& table, const void* object);

template <HasTable T>
nlohmann::ordered_json resolved(const T& plan) {
  return resolved(fields_of(&plan), &plan);
}

/// One value as its field would write it.
nlohmann::ordered_json written(const Field& field, const FieldType& type, const void* value);

}  // namespace headroom
