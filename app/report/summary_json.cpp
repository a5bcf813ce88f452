#include "app/report/summary_json.hpp"

#include <fmt/format.h>

#include "app/report/consistency.hpp"

#include <cmath>

#include "app/report/rebalance_text.hpp"

namespace headroom {

namespace {

using Json = nlohmann::ordered_json;

/// One more member, of a name that no other has: among thousands a look-up of each would be slow.
void append(Json& object, const std::string& name, Json value) {
  object.get_ref<Json::object_t&>().emplace_back(name, std::move(value));
}

Json number(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return *value;
}

/// 99.9 is "p99_9": a point would split the path of whoever looks the figure up.
std::string percentile_key(double percent) {
  std::string key = fmt::format("p{:g}", percent);
  for (char& c : key) {
    if (c == '.') c = '_';
  }
  return key;
}

Json to_json(const TimeSummary& times) {
  Json json;
  json["mean"] = to_json(times.mean);
  for (const auto& [percent, figure] : times.percentiles) {
    json[percentile_key(percent)] = to_json(figure);
  }
  json["max"] = to_json(times.max);
  return json;
}

Json to_json(const GroupSummary& group) {
  Json json;
  json["requests"] = group.requests;
  json["latency_s"] = to_json(group.latency_s);
  for (std::size_t cause = 0; cause < time_causes; ++cause)
    json["by_cause_s"][std::string(name_of(static_cast<TimeCause>(cause)))] =
        to_json(group.by_cause_s[cause]);
  json["by_place_s"] = Json::object();
  for (const auto& [place, causes] : group.places)
    for (std::size_t cause = 0; cause < time_causes; ++cause)
      if (causes[cause].value.value_or(0) > 0)
        json["by_place_s"][place][std::string(name_of(static_cast<TimeCause>(cause)))] =
            to_json(causes[cause]);
  return json;
}

Json to_json(const ClientSummary& client, bool is_endpoint) {
  Json json;
  json["offered_per_s"] = to_json(client.offered_per_s);
  json["served_per_s"] = to_json(client.served_per_s);
  json["goodput_per_s"] = to_json(client.goodput_per_s);
  json["error_rate"] = to_json(client.error_rate);
  json["attempts_per_request"] = to_json(client.attempts_per_request);
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
    json["outcomes"][std::string(outcome_names[outcome])] = client.finished[outcome];
  }
  json["latency_s"] = to_json(client.latency_s);
  if (is_endpoint) return json;
  for (const auto& [name, figure] : client.policies)
    json["policies"][name] = to_json(figure);
  if (client.time_spent) {
    Json& spent = json["time_spent"];
    spent["traced"] = client.time_spent->traced;
    if (client.time_spent->left_out > 0) spent["left_out"] = client.time_spent->left_out;
    spent["slowest_1_percent"] = to_json(client.time_spent->slowest);
    spent["median"] = to_json(client.time_spent->median);
  }
  json["endpoints"] = Json::object();
  for (const auto& endpoint : client.endpoints) {
    json["endpoints"][endpoint.name] = to_json(endpoint, true);
  }
  return json;
}

void add_cache(Json& json, const CacheSummary& cache) {
  json["hit_ratio"] = to_json(cache.hit_ratio);
  if (cache.clairvoyant) json["clairvoyant_hit_ratio"] = *cache.clairvoyant;
  for (const auto& [name, figure] : cache.rates)
    json[name] = to_json(figure);
  json["entries"] = to_json(cache.entries);
  json["stale_read_ratio"] = to_json(cache.stale_read_ratio);
  json["staleness_s"] = to_json(cache.staleness_s);
  json["acknowledged_writes"] = cache.acknowledged_writes;
  json["lost_writes"] = cache.lost_writes;
}

void add_store(Json& json, const StoreSummary& store) {
  json["read_s"] = to_json(store.read_s);
  json["write_s"] = to_json(store.write_s);
  json["stale_read_ratio"] = to_json(store.stale_read_ratio);
  json["staleness_s"] = to_json(store.staleness_s);
  if (store.election_s) json["election_s"] = to_json(*store.election_s);
  json["shard_share"] = Json::array();
  for (const Figure& share : store.shard_share)
    json["shard_share"].push_back(to_json(share));
  for (const ShardSummary& shard : store.shards) {
    Json& one = json["shards"].emplace_back();
    one["arrivals_per_s"] = to_json(shard.arrivals_per_s);
    one["throughput_per_s"] = to_json(shard.throughput_per_s);
    one["error_rate"] = to_json(shard.error_rate);
    one["utilization"] = to_json(shard.utilization);
    one["latency_s"] = to_json(shard.latency_s);
  }
  if (!store.rebalances.empty()) json["rebalances"] = rebalances_json(store);
  if (!store.member_changes.empty()) json["member_changes"] = member_changes_json(store);
}

Json to_json(const SubscriptionSummary& group) {
  Json json;
  json["lag"] = to_json(group.lag);
  json["lag_s"] = to_json(group.lag_s);
  json["lag_peak"] = to_json(group.lag_peak);
  json["drain_s"] = to_json(group.drain_s);
  json["done_s"] = to_json(group.done_s);
  json["in_flight_at_start"] = to_json(group.in_flight_at_start);
  json["produced"] = to_json(group.produced);
  json["consumed"] = to_json(group.consumed);
  json["duplicates"] = to_json(group.duplicates);
  json["redelivered"] = to_json(group.redelivered);
  json["dead_lettered"] = to_json(group.dead_lettered);
  json["withdrawn"] = to_json(group.withdrawn);
  json["in_flight"] = to_json(group.in_flight);
  json["lost"] = to_json(group.lost);
  for (const auto& [cause, figure] : group.lost_by)
    json["lost_by"][cause] = to_json(figure);
  return json;
}

void add_broker(Json& json, const BrokerSummary& broker) {
  const Json total = to_json(broker.total);
  for (const auto& [key, value] : total.items())
    json[key] = value;
  json["publish_s"] = to_json(broker.publish_s);
  const PublisherSummary& publishers = broker.publishers;
  json["publishers"] = {{"offered", to_json(publishers.offered)},
                        {"acknowledged", to_json(publishers.acknowledged)},
                        {"failed", to_json(publishers.failed)},
                        {"failed_stored", to_json(publishers.failed_stored)},
                        {"unknown", to_json(publishers.unknown)},
                        {"unknown_stored", to_json(publishers.unknown_stored)},
                        {"waiting", to_json(publishers.waiting)}};
  json["failovers"] = to_json(broker.failovers);
  json["rebalances"] = to_json(broker.rebalances);
  for (const SubscriptionSummary& group : broker.groups)
    json["groups"][group.group] = to_json(group);
}

Json to_json(const ServiceSummary& service) {
  Json json;
  json["kind"] = service.kind;
  if (service.broker) add_broker(json, *service.broker);
  if (service.cache) add_cache(json, *service.cache);
  if (service.store) add_store(json, *service.store);
  json["arrivals_per_s"] = to_json(service.arrivals_per_s);
  json["throughput_per_s"] = to_json(service.throughput_per_s);
  json["utilization"] = to_json(service.utilization);
  json["queue_length"] = to_json(service.queue_length);
  json["in_system"] = to_json(service.in_system);
  json["wait_s"] = to_json(service.wait_s);
  json["sojourn_s"] = to_json(service.sojourn_s);
  json["drops"] = {{"queue_full", 0}};
  for (const auto& [cause, count] : service.drops)
    json["drops"][cause] = count;
  json["instances"] = to_json(service.instances);
  for (const auto& [name, figure] : service.counts)
    json[name] = to_json(figure);
  for (const auto& [name, figure] : service.policies)
    json["policies"][name] = to_json(figure);
  json["replicas"] = Json::array();
  for (const auto& [utilization, arrivals] : service.replicas) {
    json["replicas"].push_back(
        {{"utilization", to_json(utilization)}, {"arrivals_per_s", to_json(arrivals)}});
  }
  return json;
}

Json to_json(const FailureSummary& failure) {
  Json json;
  json["verb"] = failure.verb;
  json["target"] = failure.target;
  json["at_s"] = number(failure.at_s);
  json["for_s"] = number(failure.for_s);
  json["recovered_after_s"] = to_json(failure.recovered_after_s);
  json["error_rate"] = to_json(failure.error_rate);
  return json;
}

Json to_json(const std::optional<Summary::Bottleneck>& bottleneck) {
  if (!bottleneck) return nullptr;
  const bool is_link = bottleneck->resource == "bandwidth";
  return {{"name", bottleneck->name},
          {"service", is_link ? Json(nullptr) : Json(bottleneck->name)},
          {"resource", bottleneck->resource},
          {"utilization", number(bottleneck->utilization)},
          {"ceiling_per_s", number(bottleneck->ceiling_per_s)}};
}

/// Nothing where there is no network.
void add_network(Json& json, const NetworkSummary& network) {
  for (const LinkSummary& link : network.links) {
    Json& one = json["network"]["links"][link.name];
    one["bandwidth_bytes_per_s"] = number(link.bandwidth_bytes_per_s);
    one["bytes_per_s"] = to_json(link.bytes_per_s);
    one["utilization"] = to_json(link.utilization);
    one["residual_bytes_per_s"] = to_json(link.residual_bytes_per_s);
    one["lost_per_s"] = to_json(link.lost_per_s);
    if (!link.between.empty()) one["between"] = link.between;
  }
  for (const BulkSummary& bulk : network.bulk) {
    Json& one = json["network"]["bulk"][bulk.name];
    one["begun"] = to_json(bulk.begun);
    one["finished"] = to_json(bulk.finished);
    one["cut"] = to_json(bulk.cut);
    one["duration_s"] = to_json(bulk.duration_s);
    one["bytes_per_s"] = to_json(bulk.bytes_per_s);
  }
}

}  // namespace

Json to_json(const Figure& figure) {
  Json json;
  json["value"] = number(figure.value);
  json["low"] = number(figure.low);
  json["high"] = number(figure.high);
  json["n"] = figure.samples;
  if (figure.effective) json["n_effective"] = std::round(*figure.effective);
  if (!figure.value || !figure.low) {
    json["why"] = figure.why.empty() ? "not measured" : figure.why;
  }
  return json;
}

Json to_json(const Summary& summary) {
  Json json;
  json["headroom"] = 1;
  json["scenario"] = summary.scenario;
  json["seed"] = summary.seed;
  json["replications"] = summary.replications;
  json["digest"] = summary.digest;
  if (summary.sequential) json["sequential"] = true;
  json["settled"] = or_null(summary.settled);
  if (!summary.unsettled_because.empty())
    json[summary.settled == false ? "unsettled_because" : "undecided_because"] =
        summary.unsettled_because;
  json["verdict"] = name_of(summary.verdict);
  if (summary.partial) json["partial"] = true;
  json["warmup_s"] = summary.warmup_s;
  json["warmup_found"] = summary.warmup_found;
  json["duration_s"] = summary.duration_s;
  Json& workloads = json["workloads"] = Json::object();
  for (const auto& workload : summary.workloads)
    append(workloads, workload.name, to_json(workload, false));
  Json& services = json["services"] = Json::object();
  for (const auto& service : summary.services)
    append(services, service.name, to_json(service));
  add_consistency(json, summary);
  json["slos"] = Json::object();
  for (const auto& slo : summary.slos) {
    Json& one = json["slos"][slo.name];
    one["limit"] = slo.limit;
    if (slo.shard) one["shard"] = *slo.shard;
    if (!slo.during.empty()) one["during"] = slo.during;
    one["measured"] = to_json(slo.measured);
    one["verdict"] = name_of(slo.verdict);
  }
  Json& theories = json["theory"] = Json::object();
  for (const auto& theory : summary.theory)
    append(theories, theory.service,
           {{"model", theory.model},
            {"sojourn_mean_s", theory.sojourn_mean_s},
            {"agrees", or_null(theory.agrees)}});
  json["bottleneck"] = to_json(summary.bottleneck);
  json["failures"] = Json::array();
  for (const auto& failure : summary.failures)
    json["failures"].push_back(to_json(failure));
  json["cost_per_h"] = to_json(summary.cost_per_h);
  add_network(json, summary.network);
  json["events"] = summary.events;
  return json;
}

Json digests_json(const StudyResult& study) {
  Json digests = Json::array();
  for (const RunResult& run : study.runs) {
    while (digests.size() < run.replication)
      digests.push_back(nullptr);
    digests.push_back(fmt::format("{:016x}", run.digest));
  }
  return digests;
}

Json value_json(const std::string& value) {
  auto parsed = Json::parse(value, nullptr, false);
  return parsed.is_discarded() ? Json(value) : parsed;
}

std::string printed(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace headroom
