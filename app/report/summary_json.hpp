#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "app/study/summary.hpp"

namespace headroom {

/// null where there is none.
template <class T>
nlohmann::ordered_json or_null(const std::optional<T>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

/// {"value","low","high","n"}, and "why" where there is no value.
nlohmann::ordered_json to_json(const Figure& figure);

/// What --json prints and summary.json holds, without the end of the line.
nlohmann::ordered_json to_json(const Summary& summary);

/// The digest of each replication, null for one that was not finished: shows which one moved.
nlohmann::ordered_json digests_json(const StudyResult& study);

/// A value of a setting as JSON: what is none is a text.
nlohmann::ordered_json value_json(const std::string& value);

/// A document as it is printed and stored: two spaces deep, one line end. Bytes that are not UTF-8
/// are replaced, numbers are the shortest that read back the same.
std::string printed(const nlohmann::ordered_json& document);

}  // namespace headroom
