#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "app/history/line_readers.hpp"

namespace headroom {

namespace {

using nlohmann::json;

/// A member, or null where there is none.
const json& at(const json& object, const char* key) {
  static const json nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

std::string shortened(const json& value) {
  const std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  return text.size() > 40 ? text.substr(0, 37) + "..." : text;
}

/// "invoke, ok, fail or info"
std::string any_of_these(std::span<const char* const> names) {
  return fmt::format("{} or {}", fmt::join(names.first(names.size() - 1), ", "), names.back());
}

}  // namespace

std::string EventLines::take(std::string_view line, std::uint32_t number) {
  const json event = json::parse(line, nullptr, false);
  if (!event.is_object()) return "this is not a JSON object";
  const json& process = at(event, "process");
  // Jepsen's nemesis stands among the clients.
  if (process.is_string() && at(event, "type") == "info") return {};
  if (!process.is_number_unsigned() || process.get<std::uint64_t>() > UINT32_MAX)
    return "\"process\" is " + shortened(process) + ", not a whole number from 0 to 4294967295";
  HistoryEvent read;
  read.process = process.get<std::uint32_t>();

  const json& type = at(event, "type");
  const auto type_at = std::find_if(event_type_names.begin(), event_type_names.end(),
                                    [&](const char* name) { return type == name; });
  if (type_at == event_type_names.end())
    return "\"type\" is " + shortened(type) + ", not " + any_of_these(event_type_names);
  read.type = static_cast<HistoryEvent::Type>(type_at - event_type_names.begin());

  const json& f = at(event, "f");
  const auto function = f.is_string() ? function_named(f.get<std::string>()) : std::nullopt;
  if (!function) return "\"f\" is " + shortened(f) + ", not " + any_of_these(function_names);
  read.f = *function;
  read.key = values_.key(key_text(at(event, "key")));
  const json& time = at(event, "time");
  if (!time.is_null()) {
    if (!time.is_number_unsigned() || time.get<std::uint64_t>() >= INT64_MAX)
      return "\"time\" is " + shortened(time) + ", not a whole number of nanoseconds from 0";
    read.time = sim::Time::at_ns(time.get<std::int64_t>());
  }
  if (!events_.empty() && !time.is_null() != is_timed_)
    return "either all events have a \"time\" or none";
  is_timed_ = !time.is_null();
  const json& value = at(event, "value");
  if (read.f == Function::read && read.type == HistoryEvent::Type::ok)
    reads_.note(value.is_array(), number);
  const std::string fault = read_value(value, read);
  if (!fault.empty()) return fault;
  events_.push_back(read);
  lines_.push_back(number);
  return {};
}

std::string EventLines::read_value(const json& value, HistoryEvent& event) {
  const bool is_end = event.type != HistoryEvent::Type::invoke;
  const auto number = [&](const json& from, std::int64_t& to) -> std::string {
    const auto read = values_.value(from);
    if (!read) return "the value " + shortened(from) + " is neither a whole number nor a text";
    to = *read;
    return {};
  };
  if (event.f == Function::cas) {
    if (value.is_null() && is_end) return {};
    if (!value.is_array() || value.size() != 2)
      return "the value of a cas is [expected, new], not " + shortened(value);
    const std::string fault = number(value[0], event.expected);
    return fault.empty() ? number(value[1], event.value) : fault;
  }
  if (event.f == Function::txn) {
    const bool is_open = event.type != HistoryEvent::Type::ok;
    const auto list = values_.transaction(value, is_open);
    if (!list)
      return "the value of a txn is a list of [\"r\" or \"w\", key, value], not " +
             shortened(value);
    event.value = *list;
    return {};
  }
  if (event.f == Function::read && value.is_array()) {
    const auto list = values_.list(value);
    if (!list) return "the value " + shortened(value) + " is not a list of numbers or texts";
    event.value = *list;
    return {};
  }
  return number(value, event.value);
}

std::string EventLines::finish(std::uint32_t& fault_line) {
  auto joined = consistency::operations_of(events_);
  if (const auto* fault = std::get_if<consistency::HistoryFault>(&joined)) {
    fault_line = lines_[fault->event];
    return fault->message;
  }
  history_.operations = std::get<std::vector<consistency::Operation>>(std::move(joined));
  for (auto& operation : history_.operations)
    operation.place = lines_[operation.place - 1];
  history_.timed = is_timed_;
  return {};
}

}  // namespace headroom
