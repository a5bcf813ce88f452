#include "models/workload/account.hpp"

#include <utility>

#include "sim/kernel/check.hpp"

namespace headroom {

namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::size_t seconds_begun(const Measurement& measurement) {
  const std::int64_t length_ns = (measurement.end - measurement.start).count_ns();
  return static_cast<std::size_t>(length_ns / second_ns + (length_ns % second_ns != 0 ? 1 : 0));
}

}  // namespace

Account::Account(sim::Simulation& simulation, std::string name, std::vector<std::string> endpoints,
                 const Measurement& measurement, std::optional<sim::Duration> goodput_limit,
                 bool by_second)
    : simulation_(simulation),
      measurement_(measurement),
      goodput_limit_(goodput_limit.value_or(sim::Duration::forever())),
      result_{std::move(name), {}, WorkloadSeries(measurement.windows), {}},
      in_flight_(endpoints.size()) {
  result_.endpoints.resize(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    result_.endpoints[i].name = std::move(endpoints[i]);
  }
  if (by_second) result_.by_second.resize(seconds_begun(measurement_));
}

void Account::issue(std::size_t endpoint) {
  if (is_over()) return;
  EndpointResult& result = result_.endpoints[endpoint];
  ++in_flight_[endpoint];
  if (is_before()) {
    ++result.in_flight_at_start;
  } else {
    ++result.issued;
    result_.series.issued.record(simulation_.now(), 0);
  }
}

void Account::finish(std::size_t endpoint, sim::Time sent, const Reply& reply) {
  if (is_over()) return;
  EndpointResult& result = result_.endpoints[endpoint];
  --in_flight_[endpoint];
  if (is_before()) {
    --result.in_flight_at_start;
    return;
  }
  ++result.finished[static_cast<std::size_t>(reply.outcome)];
  result.attempts += reply.attempts;
  if (reply.is_ok()) {
    finish_ok(result, sent);
  } else {
    result_.series.not_ok.record(simulation_.now(), 0);
    if (SecondResult* second = this_second()) ++second->not_ok;
  }
}

SecondResult* Account::this_second() {
  if (result_.by_second.empty()) return nullptr;
  const std::int64_t into_ns = (simulation_.now() - measurement_.start).count_ns();
  return &result_.by_second[static_cast<std::size_t>(into_ns / second_ns)];
}

void Account::finish_ok(EndpointResult& endpoint, sim::Time sent) {
  const sim::Time now = simulation_.now();
  const sim::Duration latency = now - sent;
  endpoint.latency.record(latency.count_ns());
  result_.series.latency.record(now, latency.count_ns());
  SecondResult* second = this_second();
  if (second != nullptr) ++second->ok;
  if (latency > goodput_limit_) return;
  ++endpoint.in_time;
  result_.series.in_time.record(now, 0);
  if (second != nullptr) ++second->in_time;
}

WorkloadResult Account::result() const {
  WorkloadResult result = result_;
  for (std::size_t i = 0; i < result.endpoints.size(); ++i) {
    EndpointResult& endpoint = result.endpoints[i];
    endpoint.in_flight_at_end = in_flight_[i];
    HEADROOM_CHECK_IN(simulation_, endpoint.in_flight_at_start + endpoint.issued ==
                                       endpoint.all_finished() + endpoint.in_flight_at_end);
    HEADROOM_CHECK_IN(simulation_, endpoint.latency.count() ==
                                       endpoint.finished[static_cast<std::size_t>(Outcome::ok)]);
  }
  return result;
}

}  // namespace headroom
