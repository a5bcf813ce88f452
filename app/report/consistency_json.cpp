#include "app/report/consistency.hpp"
#include "app/report/summary_json.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;
using consistency::Holds;

Json value_json(std::int64_t value) {
  return value == no_value ? Json(nullptr) : Json(value);
}

Json to_json(const ConsistencySummary& summary, const RecordedOperation& each) {
  Json json;
  json["process"] = each.process;
  json["f"] = name_of(each.f);
  json["key"] = summary.key_name(each.key);
  if (each.f == Function::cas) json["expected"] = value_json(each.expected);
  json["value"] = value_json(each.value);
  json["end"] = each.end == HistoryEvent::Type::invoke ? "open" : name_of(each.end);
  json["call_ns"] = each.call.count_ns();
  json["return_ns"] = each.ended == 0 ? Json(nullptr) : Json(each.ret.count_ns());
  return json;
}

Json to_json(const ConsistencySummary& summary) {
  Json json;
  json["operations"] = summary.operations;
  json["left_out"] = summary.left_out;
  Json why = Json::object();
  for (const auto& said : summary.said) {
    json[consistency::name_of(said.guarantee)] = consistency::name_of(said.holds);
    if (said.holds == Holds::unknown) why[consistency::name_of(said.guarantee)] = said.why;
  }
  if (!why.empty()) json["why_unknown"] = std::move(why);
  const auto strongest = summary.strongest();
  json["strongest_not_refuted"] = strongest ? Json(consistency::name_of(*strongest)) : Json();
  json["weakest_refuted"] = summary.refuted ? Json(consistency::name_of(*summary.refuted)) : Json();
  json["reads"] = summary.reads;
  json["stale_reads"] = summary.stale;
  json["staleness_max_s"] = summary.staleness_max_s;
  json["versions_behind_max"] = summary.most_versions;
  json["converged"] =
      summary.converged ? Json(consistency::name_of(*summary.converged)) : Json(nullptr);
  json["converged_after_s"] = to_json(summary.converged_after_s);
  json["acknowledged_writes"] = summary.acknowledged_writes;
  json["lost_writes"] = summary.lost_writes;
  if (!summary.refuted) return json;
  Json& anomaly = json["anomaly"];
  anomaly["violates"] = consistency::name_of(*summary.refuted);
  anomaly["text"] = summary.text;
  anomaly["replication"] = summary.replication;
  anomaly["operations"] = Json::array();
  for (const RecordedOperation& each : summary.anomaly)
    anomaly["operations"].push_back(to_json(summary, each));
  return json;
}

}  // namespace

void add_consistency(Json& json, const Summary& summary) {
  json["consistency"] = Json::object();
  json["availability"] = Json::object();
  for (const ConsistencySummary& each : summary.consistency) {
    json["consistency"][each.service] = to_json(each);
    Json& availability = json["availability"][each.service];
    availability["during_partition"] = Json::object();
    for (const auto& [side, figure] : each.during_partition)
      availability["during_partition"][side] = to_json(figure);
    availability["outside"] = to_json(each.outside);
  }
}

}  // namespace headroom
