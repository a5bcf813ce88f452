#include "app/report/html/anomaly.hpp"

#include <algorithm>

#include "app/report/html/recorded.hpp"
#include "app/report/html/space_time.hpp"

namespace headroom::html {

namespace {

std::string value_of(const nlohmann::ordered_json& operation) {
  const auto& value = below(operation, {"value"});
  return value.is_null() ? "nil" : value.dump();
}

}  // namespace

std::string anomaly_drawing(const nlohmann::ordered_json& anomaly) {
  std::vector<SpaceTimeOperation> operations;
  for (const auto& each : below(anomaly, {"operations"})) {
    SpaceTimeOperation operation;
    operation.process = "process " + below(each, {"process"}).dump();
    operation.key = text_of(below(each, {"key"}));
    operation.value = value_of(each);
    const std::string f = text_of(below(each, {"f"}));
    operation.writes = f != "read";
    operation.label = f + " " + operation.key + (operation.writes ? " " : " -> ") + operation.value;
    const auto& call = below(each, {"call_ns"});
    const auto& ret = below(each, {"return_ns"});
    if (call.is_number()) operation.call_s = call.get<double>() / 1e9;
    if (ret.is_number() && text_of(below(each, {"end"})) == "ok")
      operation.return_s = ret.get<double>() / 1e9;
    operations.push_back(std::move(operation));
  }
  std::string violated = text_of(below(anomaly, {"violates"}));
  std::replace(violated.begin(), violated.end(), '_', ' ');
  return space_time_drawing(operations, "not " + violated);
}

}  // namespace headroom::html
