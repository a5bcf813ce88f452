#include <algorithm>
#include <charconv>
#include <optional>

#include "app/history/line_readers.hpp"

namespace headroom {

namespace {

using nlohmann::json;

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> columns;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    columns.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return columns;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

std::string OperationLines::take(std::string_view line, std::uint32_t number) {
  const auto columns = columns_of(line);
  if (columns.size() != 8) {
    return "there are " + std::to_string(columns.size()) +
           " columns, not the 8 of: id process f key args result call ret";
  }
  consistency::Operation operation;
  operation.place = number;
  const auto process = whole(columns[1]);
  if (!process || *process > UINT32_MAX)
    return "process \"" + std::string(columns[1]) + "\" is not a whole number from 0";
  operation.process = static_cast<std::uint32_t>(*process);
  const auto f = function_named(std::string(columns[2]));
  if (!f) return "f \"" + std::string(columns[2]) + "\" is no function of a history";
  operation.f = *f;
  operation.key = values_.key(std::string(columns[3]));
  const auto call = whole(columns[6]);
  if (!call) return "call \"" + std::string(columns[6]) + "\" is not a whole number from 0";
  operation.call = *call;
  if (columns[7] != "inf") {
    const auto ret = whole(columns[7]);
    if (!ret) return "ret \"" + std::string(columns[7]) + "\" is neither a whole number nor inf";
    if (*ret < *call) return "it returns at " + std::to_string(*ret) + ", before its call";
    operation.ret = *ret;
  }
  const json args = json::parse(columns[4], nullptr, false);
  const json result = json::parse(columns[5], nullptr, false);
  if (args.is_discarded()) return "args are not JSON";
  if (result.is_discarded()) return "the result is not JSON";
  bool is_seen = true;
  const std::string fault = read_value(args, result, operation, is_seen);
  if (fault.empty() && is_seen) history_.operations.push_back(operation);
  return fault;
}

/// A read of which the answer is not known says nothing.
std::string OperationLines::read_value(const json& args, const json& result,
                                       consistency::Operation& operation, bool& is_seen) {
  const bool known = result != "?" && result != "any";
  const auto number = [&](const json& from, std::int64_t& to) -> std::string {
    const auto read = values_.value(from);
    if (read) to = *read;
    return read ? "" : "a value is neither a whole number nor a text";
  };
  switch (operation.f) {
    case Function::cas:
      if (!args.is_array() || args.size() != 2) return "the args of a cas are [expected, new]";
      operation.refused = result == false;
      if (const auto fault = number(args[0], operation.expected); !fault.empty()) return fault;
      return number(args[1], operation.value);
    case Function::txn: {
      const auto list = values_.transaction(args, operation.is_open() || !known);
      if (!list) return "the args of a txn are a list of [\"read\" or \"write\", key, value]";
      operation.value = *list;
      return {};
    }
    case Function::read:
      is_seen = known && !operation.is_open();
      if (!is_seen) return {};
      reads_.note(result.is_array(), operation.place);
      if (result.is_array()) {
        const auto list = values_.list(result);
        if (list) operation.value = *list;
        return list ? "" : "the result is not a list of numbers or texts";
      }
      return number(result, operation.value);
    case Function::dequeue:
      operation.unseen = !known;
      return known ? number(result, operation.value) : "";
    default:
      return number(args, operation.value);
  }
}

std::string OperationLines::finish(std::uint32_t& fault_line) {
  std::vector<const consistency::Operation*> in_order;
  for (const auto& operation : history_.operations)
    in_order.push_back(&operation);
  std::stable_sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) {
    return std::pair(a->process, a->call) < std::pair(b->process, b->call);
  });
  for (std::size_t i = 1; i < in_order.size(); ++i) {
    const auto &before = *in_order[i - 1], &after = *in_order[i];
    if (before.process != after.process || before.is_open() || after.call >= before.ret) continue;
    fault_line = after.place;
    return "process " + std::to_string(after.process) + " calls while its operation of line " +
           std::to_string(before.place) + " is open; a client does one thing at a time";
  }
  return {};
}

}  // namespace headroom
