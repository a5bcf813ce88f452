#include <algorithm>
#include <charconv>

#include "app/report/html/recorded.hpp"

namespace headroom::html {

namespace {

using Json = nlohmann::ordered_json;

std::optional<double> number(const Json& json) {
  if (!json.is_number()) return std::nullopt;
  return json.get<double>();
}

std::uint64_t count(const Json& json) {
  return json.is_number_unsigned() ? json.get<std::uint64_t>() : 0;
}

Verdict verdict_of(const Json& json) {
  const std::string word = text_of(json);
  return word == "met" ? Verdict::met : word == "missed" ? Verdict::missed : Verdict::undecided;
}

/// "p99_9" is 99.9; nothing where the key is not that of a percentile.
std::optional<double> percent_of(std::string key) {
  if (key.size() < 2 || key[0] != 'p') return std::nullopt;
  std::replace(key.begin(), key.end(), '_', '.');
  double percent = 0;
  const char* end = key.data() + key.size();
  const auto [stopped, error] = std::from_chars(key.data() + 1, end, percent);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return percent;
}

TimeSummary times_of(const Json& json) {
  TimeSummary times;
  times.mean = figure_of(below(json, {"mean"}));
  times.max = figure_of(below(json, {"max"}));
  for (const auto& [key, value] : json.items()) {
    if (const auto percent = percent_of(key)) {
      times.percentiles.emplace_back(*percent, figure_of(value));
    }
  }
  // Sentences ask for these, and asking for one that is not there is a fault.
  for (const double percent : {50.0, 95.0, 99.0, 99.9}) {
    const bool known = std::any_of(times.percentiles.begin(), times.percentiles.end(),
                                   [&](const auto& each) { return each.first == percent; });
    if (!known) times.percentiles.emplace_back(percent, Figure::none("not recorded"));
  }
  return times;
}

ClientSummary client_of(const std::string& name, const Json& json) {
  ClientSummary client;
  client.name = name;
  client.offered_per_s = figure_of(below(json, {"offered_per_s"}));
  client.served_per_s = figure_of(below(json, {"served_per_s"}));
  client.goodput_per_s = figure_of(below(json, {"goodput_per_s"}));
  client.error_rate = figure_of(below(json, {"error_rate"}));
  client.attempts_per_request = figure_of(below(json, {"attempts_per_request"}));
  for (std::size_t outcome = 0; outcome < outcomes; ++outcome)
    client.finished[outcome] = count(below(json, {"outcomes", outcome_names[outcome]}));
  client.latency_s = times_of(below(json, {"latency_s"}));
  for (const auto& [endpoint, value] : below(json, {"endpoints"}).items())
    client.endpoints.push_back(client_of(endpoint, value));
  return client;
}

StoreSummary store_of(const Json& json) {
  StoreSummary store;
  for (const Json& share : below(json, {"shard_share"}))
    store.shard_share.push_back(figure_of(share));
  for (const Json& each : below(json, {"shards"})) {
    ShardSummary& shard = store.shards.emplace_back();
    shard.arrivals_per_s = figure_of(below(each, {"arrivals_per_s"}));
    shard.throughput_per_s = figure_of(below(each, {"throughput_per_s"}));
    shard.error_rate = figure_of(below(each, {"error_rate"}));
    shard.utilization = figure_of(below(each, {"utilization"}));
    shard.latency_s = times_of(below(each, {"latency_s"}));
  }
  return store;
}

CacheSummary cache_of(const Json& json) {
  CacheSummary cache;
  cache.hit_ratio = figure_of(below(json, {"hit_ratio"}));
  cache.rates.emplace_back("gets_per_s", figure_of(below(json, {"gets_per_s"})));
  cache.entries = figure_of(below(json, {"entries"}));
  cache.stale_read_ratio = figure_of(below(json, {"stale_read_ratio"}));
  cache.staleness_s = times_of(below(json, {"staleness_s"}));
  return cache;
}

SubscriptionSummary subscription_of(const Json& json) {
  SubscriptionSummary group;
  group.lag = figure_of(below(json, {"lag"}));
  group.lag_peak = figure_of(below(json, {"lag_peak"}));
  group.drain_s = figure_of(below(json, {"drain_s"}));
  group.lag_s = times_of(below(json, {"lag_s"}));
  group.duplicates = figure_of(below(json, {"duplicates"}));
  group.dead_lettered = figure_of(below(json, {"dead_lettered"}));
  group.lost = figure_of(below(json, {"lost"}));
  return group;
}

BrokerSummary broker_of(const Json& json) {
  BrokerSummary broker;
  broker.total = subscription_of(json);
  for (const auto& [name, group] : below(json, {"groups"}).items()) {
    broker.groups.push_back(subscription_of(group));
    broker.groups.back().group = name;
  }
  PublisherSummary& of = broker.publishers;
  of.offered = figure_of(below(json, {"publishers", "offered"}));
  of.acknowledged = figure_of(below(json, {"publishers", "acknowledged"}));
  of.failed = figure_of(below(json, {"publishers", "failed"}));
  of.failed_stored = figure_of(below(json, {"publishers", "failed_stored"}));
  of.unknown = figure_of(below(json, {"publishers", "unknown"}));
  of.unknown_stored = figure_of(below(json, {"publishers", "unknown_stored"}));
  of.waiting = figure_of(below(json, {"publishers", "waiting"}));
  return broker;
}

ServiceSummary service_from(const std::string& name, const Json& json) {
  ServiceSummary service;
  service.name = name;
  service.kind = text_of(below(json, {"kind"}));
  service.arrivals_per_s = figure_of(below(json, {"arrivals_per_s"}));
  service.throughput_per_s = figure_of(below(json, {"throughput_per_s"}));
  service.utilization = figure_of(below(json, {"utilization"}));
  service.queue_length = figure_of(below(json, {"queue_length"}));
  service.in_system = figure_of(below(json, {"in_system"}));
  service.instances = figure_of(below(json, {"instances"}));
  service.wait_s = times_of(below(json, {"wait_s"}));
  service.sojourn_s = times_of(below(json, {"sojourn_s"}));
  for (const auto& [cause, drops] : below(json, {"drops"}).items())
    service.drops.emplace_back(cause, count(drops));
  for (const Json& replica : below(json, {"replicas"})) {
    service.replicas.emplace_back(figure_of(below(replica, {"utilization"})),
                                  figure_of(below(replica, {"arrivals_per_s"})));
  }
  if (json.contains("hit_ratio")) service.cache = cache_of(json);
  if (json.contains("shard_share")) service.store = store_of(json);
  if (json.contains("publishers")) service.broker = broker_of(json);
  return service;
}

SloSummary slo_of(const std::string& name, const Json& json) {
  SloSummary slo;
  slo.name = name;
  slo.limit = text_of(below(json, {"limit"}));
  slo.measured = figure_of(below(json, {"measured"}));
  slo.verdict = verdict_of(below(json, {"verdict"}));
  if (json.contains("shard")) slo.shard = count(below(json, {"shard"}));
  slo.during = text_of(below(json, {"during"}));
  return slo;
}

Summary::TheorySummary theory_of(const std::string& service, const Json& json) {
  Summary::TheorySummary theory;
  theory.service = service;
  theory.model = text_of(below(json, {"model"}));
  theory.sojourn_mean_s = number(below(json, {"sojourn_mean_s"})).value_or(0);
  const Json& agrees = below(json, {"agrees"});
  if (agrees.is_boolean()) theory.agrees = agrees.get<bool>();
  return theory;
}

FailureSummary failure_of(const Json& json) {
  FailureSummary failure;
  failure.verb = text_of(below(json, {"verb"}));
  failure.target = text_of(below(json, {"target"}));
  failure.at_s = number(below(json, {"at_s"}));
  failure.for_s = number(below(json, {"for_s"}));
  failure.recovered_after_s = figure_of(below(json, {"recovered_after_s"}));
  failure.error_rate = figure_of(below(json, {"error_rate"}));
  return failure;
}

std::optional<Summary::Bottleneck> bottleneck_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  // Older results name services only.
  const std::string service = text_of(below(json, {"service"})),
                    name = text_of(below(json, {"name"}));
  return Summary::Bottleneck{name.empty() ? service : name, text_of(below(json, {"resource"})),
                             number(below(json, {"utilization"})).value_or(0),
                             number(below(json, {"ceiling_per_s"}))};
}

}  // namespace

const Json& below(const Json& json, std::initializer_list<std::string_view> keys) {
  static const Json nothing;
  const Json* at = &json;
  for (const std::string_view key : keys) {
    if (!at->is_object()) return nothing;
    const auto found = at->find(std::string(key));
    if (found == at->end()) return nothing;
    at = &*found;
  }
  return *at;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

bool is_figure(const Json& json) {
  return json.is_object() && json.contains("value") && json.contains("low") &&
         json.contains("high");
}

Figure figure_of(const Json& json) {
  Figure figure;
  figure.value = number(below(json, {"value"}));
  figure.low = number(below(json, {"low"}));
  figure.high = number(below(json, {"high"}));
  figure.samples = count(below(json, {"n"}));
  figure.effective = number(below(json, {"n_effective"}));
  figure.why = text_of(below(json, {"why"}));
  if (!figure.value && figure.why.empty()) figure.why = "not recorded";
  return figure;
}

Summary summary_of(const Json& document) {
  Summary summary;
  summary.scenario = text_of(below(document, {"scenario"}));
  summary.seed = count(below(document, {"seed"}));
  summary.replications = static_cast<std::uint32_t>(count(below(document, {"replications"})));
  summary.digest = text_of(below(document, {"digest"}));
  summary.warmup_s = number(below(document, {"warmup_s"})).value_or(0);
  summary.duration_s = number(below(document, {"duration_s"})).value_or(0);
  summary.warmup_found = below(document, {"warmup_found"}) == true;
  summary.partial = below(document, {"partial"}) == true;
  summary.sequential = below(document, {"sequential"}) == true;
  const Json& settled = below(document, {"settled"});
  if (settled.is_boolean()) summary.settled = settled.get<bool>();
  for (const char* key : {"unsettled_because", "undecided_because"})
    summary.unsettled_because += text_of(below(document, {key}));
  summary.verdict = verdict_of(below(document, {"verdict"}));
  for (const auto& [name, json] : below(document, {"workloads"}).items())
    summary.workloads.push_back(client_of(name, json));
  for (const auto& [name, json] : below(document, {"services"}).items())
    summary.services.push_back(service_from(name, json));
  for (const auto& [name, json] : below(document, {"slos"}).items())
    summary.slos.push_back(slo_of(name, json));
  for (const Json& failure : below(document, {"failures"}))
    summary.failures.push_back(failure_of(failure));
  summary.bottleneck = bottleneck_of(below(document, {"bottleneck"}));
  for (const auto& [service, json] : below(document, {"theory"}).items())
    summary.theory.push_back(theory_of(service, json));
  summary.cost_per_h = figure_of(below(document, {"cost_per_h"}));
  summary.events = count(below(document, {"events"}));
  return summary;
}

}  // namespace headroom::html
