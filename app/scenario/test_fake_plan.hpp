#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/fields.hpp"

/// A small plan that uses every feature of field tables, for the tests of reading and writing.
namespace headroom::fake {

enum class Crash : std::uint8_t { reset, silent };
Choices choices_of(Crash);

/// "app[0]": a text with a form of its own.
struct Target {
  std::string service;
  std::uint32_t replica = 0;
};
const TextForm& text_form_of(const Target*);

struct Step;
struct CpuStep {
  Distribution work;
};
struct CallStep {
  CallTarget to;
  std::optional<sim::Duration> timeout;
  std::vector<Step> on_miss;
};
struct Step {
  std::variant<CpuStep, CallStep> what;
};
const FieldTable& fields_of(const CpuStep*);
const FieldTable& fields_of(const CallStep*);
const FieldTable& fields_of(const Step*);

struct Common {
  std::uint32_t replicas = 1;
  std::optional<std::vector<ZoneRef>> zones;
};
const FieldTable& fields_of(const Common*);

struct Server {
  Common common;
  std::uint32_t concurrency = 0;
  std::optional<std::uint32_t> cores;
  Limit queue_limit{1000};
  std::optional<Distribution> service_time;
  Crash crash = Crash::reset;
  Named<std::vector<Step>> endpoints;
};
const FieldTable& fields_of(const Server*);

struct ReadWrite {
  Distribution read, write;
};
const FieldTable& fields_of(const ReadWrite*);

struct Database {
  Common common;
  std::uint32_t shards = 1;
  std::variant<Distribution, ReadWrite> service_time;
  std::optional<std::string> eviction;
  Bytes memory{1 << 20};
};
const FieldTable& fields_of(const Database*);

struct Service {
  std::variant<Server, Database> own;
};
const FieldTable& fields_of(const Service*);

struct Poisson {
  Rate rate;
};
struct Closed {
  std::uint32_t users = 0;
  std::optional<Distribution> think_time;
};
const FieldTable& fields_of(const Poisson*);
const FieldTable& fields_of(const Closed*);
struct Arrivals {
  std::variant<Poisson, Closed> source;
};
const FieldTable& fields_of(const Arrivals*);

struct Workload {
  ServiceRef target;
  Arrivals arrivals;
  std::optional<Named<Ratio>> mix;
  std::optional<std::variant<sim::Duration, Percentile>> hedge_after;
  std::optional<Distribution> size;
};
const FieldTable& fields_of(const Workload*);

struct Kill {
  Target kill;
};
struct Slow {
  Target slow;
  double factor = 2;
};
const FieldTable& fields_of(const Kill*);
const FieldTable& fields_of(const Slow*);
struct Failure {
  sim::Duration at;
  std::optional<sim::Duration> lasts;
  std::variant<std::monostate, Kill, Slow> verb;
};
const FieldTable& fields_of(const Failure*);

struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  bool quick = false;
  Named<Service> services;
  Named<Workload> workloads;
  std::vector<Failure> failures;
  std::optional<Bandwidth> bandwidth;
};
const FieldTable& fields_of(const Scenario*);

}  // namespace headroom::fake
