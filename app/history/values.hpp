#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "models/consistency/history.hpp"

namespace headroom {

/// Gives the values and keys of a history file their numbers: whole numbers stand for themselves,
/// texts are kept once each.
class HistoryValues {
 public:
  explicit HistoryValues(consistency::History& history) : history_(history) {}

  /// Nothing where the JSON is neither a whole number, a text, null, true nor false.
  std::optional<std::int64_t> value(const nlohmann::json& json);
  /// A list of values, by its number; nothing where one of them is none.
  std::optional<std::int64_t> list(const nlohmann::json& json);
  /// [["read", key, value], ["w", key, value]...], by its number. Of an open one the writes only.
  std::optional<std::int64_t> transaction(const nlohmann::json& json, bool is_open);
  std::uint64_t key(const std::string& name);

 private:
  consistency::History& history_;
  std::map<std::string, std::int64_t> texts_;
  std::map<std::string, std::uint64_t> keys_;
};

/// The function of that name, get, put and set included.
std::optional<Function> function_named(const std::string& name);
/// The name of a key as it is written in JSON: a number or a text, ":x" being "x".
std::string key_text(const nlohmann::json& json);

}  // namespace headroom
