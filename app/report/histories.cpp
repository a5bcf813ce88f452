#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/report/result_files.hpp"
#include "app/study/consistency_summary.hpp"

namespace headroom {

namespace {

std::string number(std::int64_t value) {
  return value == no_value ? "null" : std::to_string(value);
}

std::string value_text(const HistoryEvent& event) {
  if (event.f != Function::cas) return number(event.value);
  return "[" + number(event.expected) + "," + number(event.value) + "]";
}

std::string history_jsonl(const ScenarioPlan& plan, const StoreHistory& history) {
  std::string text;
  for (const HistoryEvent& event : events_of(history.operations)) {
    const nlohmann::json key = item_name(plan, event.key);
    text += fmt::format(
        "{{\"process\":{},\"type\":\"{}\",\"f\":\"{}\",\"key\":{},\"value\":{},\"time\":{}}}\n",
        event.process, name_of(event.type), name_of(event.f), key.dump(), value_text(event),
        event.time.count_ns());
  }
  return text;
}

}  // namespace

void add_histories(std::vector<ResultFile>& files, const ScenarioPlan& plan,
                   const StudyResult& study) {
  if (study.runs.empty() || study.runs.front().replication != 0) return;
  const auto& histories = study.runs.front().histories;
  for (const StoreHistory& history : histories) {
    const std::string name =
        histories.size() == 1 ? "history.jsonl" : "history." + history.service + ".jsonl";
    files.push_back({name, history_jsonl(plan, history)});
  }
}

}  // namespace headroom
