#include "models/workload/account.hpp"

#include <algorithm>
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
                 bool by_second, std::vector<Part> parts, std::vector<const Phase*> failures)
    : simulation_(simulation),
      measurement_(measurement),
      goodput_limit_(goodput_limit.value_or(sim::Duration::forever())),
      parts_(std::move(parts)),
      failures_(std::move(failures)),
      result_{std::move(name), {}, WorkloadSeries(measurement.windows), {}, {}},
      in_flight_(endpoints.size()) {
  result_.endpoints.resize(endpoints.size());
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    result_.endpoints[i].name = std::move(endpoints[i]);
  }
  result_.parts.resize(parts_.size(), {result_.endpoints, {}});
  result_.by_failure.resize(failures_.size());
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
  --in_flight_[endpoint];
  if (is_before()) {
    --result_.endpoints[endpoint].in_flight_at_start;
    return;
  }
  count(endpoint, sent, reply);
  if (reply.is_ok()) {
    finish_ok(simulation_.now() - sent);
  } else {
    result_.series.not_ok.record(simulation_.now(), 0);
    if (SecondResult* second = this_second()) ++second->not_ok;
  }
}

void Account::lose(std::size_t endpoint, sim::Time sent) {
  const Reply none{Outcome::unknown};
  if (!is_over()) return finish(endpoint, sent, none);
  if (sent >= measurement_.end) return;
  --in_flight_[endpoint];
  count(endpoint, sent, none);
}

void Account::count(std::size_t endpoint, sim::Time sent, const Reply& reply) {
  const sim::Duration latency = simulation_.now() - sent;
  book(result_.endpoints[endpoint], reply, latency);
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if (sent < measurement_.start || !parts_[part].holds(sent)) continue;
    book(result_.parts[part].endpoints[endpoint], reply, latency);
  }
  for (std::size_t failure = 0; failure < failures_.size(); ++failure) {
    if (sent < measurement_.start || !failures_[failure]->covers(sent)) continue;
    ++result_.by_failure[failure].finished;
    if (!reply.is_ok()) ++result_.by_failure[failure].not_ok;
  }
}

void Account::book(EndpointResult& endpoint, const Reply& reply, sim::Duration latency) const {
  ++endpoint.finished[static_cast<std::size_t>(reply.outcome)];
  endpoint.attempts += reply.attempts;
  if (!reply.is_ok()) return;
  endpoint.latency.record(latency.count_ns());
  endpoint.in_time += latency <= goodput_limit_ ? 1 : 0;
}

SecondResult* Account::this_second() {
  if (result_.by_second.empty()) return nullptr;
  const std::int64_t into_ns = (simulation_.now() - measurement_.start).count_ns();
  return &result_.by_second[static_cast<std::size_t>(into_ns / second_ns)];
}

void Account::finish_ok(sim::Duration latency) {
  const sim::Time now = simulation_.now();
  result_.series.latency.record(now, latency.count_ns());
  SecondResult* second = this_second();
  if (second != nullptr) ++second->ok;
  if (latency > goodput_limit_) return;
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
  const sim::Time until = std::min(simulation_.now(), measurement_.end);
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    result.parts[part].length = parts_[part].length(measurement_.start, until);
  }
  return result;
}

}  // namespace headroom
