#include "app/history/values.hpp"

#include <algorithm>

namespace headroom {

namespace {

using consistency::History;
using nlohmann::json;

std::int64_t kept(History& history, std::vector<std::int64_t> list) {
  history.lists.push_back(std::move(list));
  return static_cast<std::int64_t>(history.lists.size()) - 1;
}

}  // namespace

std::optional<std::int64_t> HistoryValues::value(const json& json) {
  if (json.is_null()) return no_value;
  if (json.is_boolean()) return json.get<bool>() ? 1 : 0;
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  // The numbers of texts begin at the far end.
  if (json.is_number_integer()) {
    const auto number = json.get<std::int64_t>();
    return number > INT64_MIN / 2 ? std::optional(number) : std::nullopt;
  }
  if (!json.is_string()) return std::nullopt;
  const auto text = json.get<std::string>();
  const auto [at, is_new] = texts_.try_emplace(text, History::text_value(history_.texts.size()));
  if (is_new) history_.texts.push_back(text);
  return at->second;
}

std::optional<std::int64_t> HistoryValues::list(const json& json) {
  if (!json.is_array()) return std::nullopt;
  std::vector<std::int64_t> all;
  for (const auto& each : json) {
    const auto number = value(each);
    if (!number) return std::nullopt;
    all.push_back(*number);
  }
  return kept(history_, std::move(all));
}

std::optional<std::int64_t> HistoryValues::transaction(const json& json, bool is_open) {
  if (!json.is_array()) return std::nullopt;
  std::vector<std::int64_t> steps;
  for (const auto& step : json) {
    if (!step.is_array() || step.size() != 3 || !step[0].is_string()) return std::nullopt;
    std::string f = step[0].get<std::string>();
    if (f.starts_with(':')) f.erase(0, 1);
    const bool is_write = f == "write" || f == "w";
    if (!is_write && f != "read" && f != "r") return std::nullopt;
    const auto number = value(step[2]);
    if (!number) return std::nullopt;
    if (is_open && !is_write) continue;
    steps.insert(steps.end(),
                 {is_write, static_cast<std::int64_t>(key(key_text(step[1]))), *number});
  }
  return kept(history_, std::move(steps));
}

std::uint64_t HistoryValues::key(const std::string& name) {
  const auto [at, is_new] = keys_.try_emplace(name, history_.key_names.size());
  if (is_new) history_.key_names.push_back(name);
  return at->second;
}

std::optional<Function> function_named(const std::string& name) {
  if (name == "get") return Function::read;
  if (name == "put" || name == "set") return Function::write;
  const auto found = std::find(function_names.begin(), function_names.end(), name);
  if (found == function_names.end()) return std::nullopt;
  return static_cast<Function>(found - function_names.begin());
}

std::string key_text(const json& json) {
  if (json.is_null()) return "-";
  if (!json.is_string()) return json.dump();
  const auto text = json.get<std::string>();
  return text.starts_with(':') ? text.substr(1) : text;
}

}  // namespace headroom
