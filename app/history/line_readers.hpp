#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/history/values.hpp"

namespace headroom {

/// The first lines on which a read brings a list, and something else; 0: none.
struct ReadForms {
  std::uint32_t list = 0, value = 0;

  void note(bool is_list, std::uint32_t line) {
    std::uint32_t& first = is_list ? list : value;
    if (first == 0) first = line;
  }
};

/// Reads JSON lines, one event each.
class EventLines {
 public:
  explicit EventLines(consistency::History& history) : history_(history), values_(history) {}

  /// Takes line `number` (from 1); returns what is wrong with it, or nothing.
  std::string take(std::string_view line, std::uint32_t number);
  /// Joins the events; `fault_line` is the line of what is wrong.
  std::string finish(std::uint32_t& fault_line);
  const ReadForms& reads() const { return reads_; }

 private:
  std::string read_value(const nlohmann::json& json, HistoryEvent& event);

  consistency::History& history_;
  HistoryValues values_;
  ReadForms reads_;
  std::vector<HistoryEvent> events_;
  std::vector<std::uint32_t> lines_;
  bool is_timed_ = false;
};

/// Reads tab-separated lines, one operation each.
class OperationLines {
 public:
  explicit OperationLines(consistency::History& history) : history_(history), values_(history) {}

  std::string take(std::string_view line, std::uint32_t number);
  std::string finish(std::uint32_t& fault_line);
  const ReadForms& reads() const { return reads_; }

 private:
  std::string read_value(const nlohmann::json& args, const nlohmann::json& result,
                         consistency::Operation& operation, bool& is_seen);

  consistency::History& history_;
  HistoryValues values_;
  ReadForms reads_;
};

}  // namespace headroom
