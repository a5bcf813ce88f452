#pragma once

#include <nlohmann/json.hpp>

#include "models/fields.hpp"

namespace headroom {

/// The JSON Schema (draft-07) of documents that the table reads. Every table is a definition.
nlohmann::ordered_json json_schema(const FieldTable& root);

}  // namespace headroom
