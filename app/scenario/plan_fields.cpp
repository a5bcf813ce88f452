#include <fmt/format.h>

#include "app/scenario/plan.hpp"
#include "app/scenario/quantity.hpp"

namespace headroom {

const FieldTable& fields_of(const RunPlan*) {
  using P = RunPlan;
  static const std::string most_events =
      fmt::format("{} thousand million", default_max_events / 1'000'000'000);
  static const std::string most_memory =
      print_quantity(Quantity::bytes, in_base_unit(default_max_memory));
  static const auto table =
      FieldTable::of<P>("run", "How long, how often and with which random numbers.")
          .optional("warmup", &P::warmup,
                    "Simulated time that is not measured. \"auto\" finds it from pilot runs; only "
                    "where load and system do not change in time.",
                    example("\"5min\""),
                    absent_means("auto, or 0s where a failure is timed or load changes"))
          .required("duration", &P::duration, "Measured time, after the warm-up.",
                    example("\"15min\""), above(sim::Duration()))
          .with_default("replications", &P::replications,
                        "Independent runs; every interval is over them.", between(1.0, 1e5))
          .with_default("seed", &P::seed, "All random numbers follow from it.")
          .with_default(
              "load", &P::load,
              "Multiplies every open arrival rate; a replayed file is played that much faster.",
              above(0.0), at_most(1e6))
          .optional("until", &P::until,
                    "Adds replications until the interval is that narrow; never before 30.",
                    example("\"p99 +-2%\""))
          .optional("max_events", &P::max_events,
                    "A run that needs more events stops with an error.", example("1000000000"),
                    absent_means(most_events))
          .optional("max_memory", &P::max_memory, "The estimate of memory may not be above it.",
                    example("\"4GB\""), absent_means(most_memory))
          .optional("trace", &P::trace,
                    "Which requests are traced: a share of them, 0 for none; or one request of a "
                    "workload in the first replication, by its rank among those that ended ok "
                    "(p99.9, median, slowest) or by its number. Results do not depend on it, but "
                    "\"time_spent\" and the files of traces are made from traces.",
                    example("\"1%\""), between(0.0, 1.0),
                    absent_means("as many as are expected to be 5,000 in each replication"));
  return table;
}

Choices choices_of(DuringFailures) {
  static constexpr Choice choices[] = {
      {"failures", "requests sent while at least one failure of the scenario is in force"},
      {"outside failures", "requests sent while none is"},
  };
  return choices;
}

Choices choices_of(EachShard) {
  static constexpr Choice choices[] = {
      {"each", "the worst shard decides"},
  };
  return choices;
}

namespace {

/// What callers see of a shard, and how busy it is.
bool is_of_shards(Requirement::Metric metric) {
  using Metric = Requirement::Metric;
  return metric == Metric::percentile || metric == Metric::mean || metric == Metric::max ||
         metric == Metric::error_rate || metric == Metric::throughput ||
         metric == Metric::utilization;
}

}  // namespace

const FieldTable& fields_of(const SloPlan*) {
  using P = SloPlan;
  static const auto table =
      FieldTable::of<P>("slo", "What must hold.")
          .optional("workload", &P::workload, "Of this workload.", example("\"shoppers\""))
          .optional("service", &P::service, "Of this service.", example("\"db\""))
          .optional("queue", &P::queue, "Of this queue or log.", example("\"orders\""))
          .optional("endpoint", &P::endpoint, "Only this endpoint of the workload.",
                    example("\"browse\""))
          .optional("group", &P::group,
                    "Only this consumer group of a log: its lag, and what it lost.",
                    example("\"billing\""), absent_means("all groups together"))
          .optional("shard", &P::shard,
                    "Only this shard of a database, by its number from 0, or each: its "
                    "operations as callers see them.",
                    example("2"), absent_means("the whole service"))
          .optional("during", &P::during,
                    "Only the requests that were meant to be sent while failures were in force, "
                    "while none was, or while the failure of that position in the list was "
                    "(counted from 0); a rate is over that time.",
                    example("\"failures\""), absent_means("all requests"))
          .required("require", &P::require,
                    "Metric, < or >, limit. Metrics: pNN, mean, max, error_rate, "
                    "availability, utilization, throughput, goodput, cost (an hour); of a queue "
                    "or log pNN_lag, mean_lag and max_lag in time, lag in messages, lost. The "
                    "error_rate of a service "
                    "counts what it dropped and what it answered with an error.",
                    example("\"p99 < 250ms\""))
          .exactly_one_of({"workload", "service", "queue"})
          .check([](const P& plan, Findings& findings) {
            using Metric = Requirement::Metric;
            const bool of_service = plan.about() != nullptr;
            const Metric metric = plan.require.metric;
            if (metric == Metric::cost && !of_service) {
              findings.error("require", "cost is of a service", "name it with \"service\"");
            }
            if (metric == Metric::utilization && !of_service) {
              findings.error("require", "utilization is of a service", "name it with \"service\"");
            }
            if ((metric == Metric::hit_ratio || metric == Metric::stale_reads) && !of_service) {
              findings.error("require", "this metric is of a cache", "name it with \"service\"");
            }
            if ((metric == Metric::goodput || metric == Metric::availability) && of_service) {
              findings.error("require", "this metric is of a workload",
                             "name it with \"workload\"");
            }
            const bool of_messages = metric == Metric::lag || metric == Metric::percentile_lag ||
                                     metric == Metric::mean_lag || metric == Metric::max_lag ||
                                     metric == Metric::lost;
            if (of_messages && !of_service) {
              findings.error("require", "this metric is of a queue or log",
                             "name it with \"queue\"");
            }
            if (plan.group && !of_service) {
              findings.error("group", "only a log has consumer groups", "name it with \"queue\"");
            } else if (plan.group && !of_messages) {
              findings.error("require", "this metric is of the whole log",
                             "pNN_lag, mean_lag, max_lag, lag or lost of a group");
            }
            if (plan.during && of_service) {
              findings.error("during", "a service is measured over the whole run",
                             "only a workload knows when each of its requests was sent");
            }
            if (plan.shard && !plan.service) {
              findings.error("shard", "only a database has shards", "name it with \"service\"");
            } else if (plan.shard && !is_of_shards(metric)) {
              findings.error("require", "this metric is of the whole service",
                             "pNN, mean, max, error_rate, throughput or utilization of a shard");
            }
            if (plan.endpoint && of_service) {
              findings.error("endpoint", "only a workload is measured by endpoint");
            }
          });
  return table;
}

const FieldTable& fields_of(const ServicePlan*) {
  using P = ServicePlan;
  static const auto table =
      FieldTable::of<P>("service", "A component that can be called.")
          .by_kind("kind", &P::kind, "What it is.", example("\"server\""))
          .optional(
              "autoscale", &P::autoscale,
              "How many instances a server, worker or cache has, or shards a database, by how busy "
              "they are. What has a state pays for it: a cache that comes is empty, and the keys "
              "of one that goes are fetched again; shards send each other their keys, and until "
              "they "
              "have, nothing is decided.",
              example(R"({"min": 2, "max": 12, "target_utilization": "65%", "startup": "45s"})"),
              absent_means("as many as \"replicas\" says, or \"shards\""))
          .optional("cost", &P::cost,
                    "What one instance costs for each hour that it is up or "
                    "starting, in any money.",
                    example("0.25"), at_least(0), absent_means("nothing"));
  return table;
}

const FieldTable& fields_of(const ScenarioPlan*) {
  using P = ScenarioPlan;
  static const auto table =
      FieldTable::of<P>("scenario",
                        "A distributed system, its clients, its failures and its goals.")
          .optional("$schema", &P::schema, "For editors.", example("\"headroom.schema.json\""))
          .required("headroom", &P::format, "Version of this format.", between(1.0, 1.0),
                    example("1"))
          .required("name", &P::name, "What results are called.", a_name(), example("\"web shop\""))
          .optional("description", &P::description, "For people.",
                    example("\"What happens when ..\""))
          .optional("extends", &P::extends, "A scenario to start from; null removes a key of it.",
                    example("\"base.json\""))
          .required("run", &P::run, "How long, how often.", example(R"({"duration": "10min"})"))
          .with_default("zones", &P::zones, "Places between which messages take time.",
                        plain_names(), at_least_items(1))
          .optional("network", &P::network,
                    "Links by \"same zone\", \"a <-> b\" or \"a -> b\" (* is any zone), and how "
                    "messages pass them.",
                    example(R"({"same zone": {"latency": "250us"}})"),
                    absent_means("messages take no time"))
          .with_default("keys", &P::keys, "Key spaces by name.", plain_names(),
                        example(R"({"product": {"count": 1000000, "zipf": 0.9}})"))
          .required("workloads", &P::workloads, "Client populations by name.", plain_names(),
                    at_least_items(1),
                    example(R"({"users": {"target": "app", "arrivals": {"poisson": "80/s"}}})"))
          .required(
              "services", &P::services, "Components by name.", plain_names(), at_least_items(1),
              example(R"({"app": {"kind": "server", "concurrency": 1, "service_time": "1ms"}})"))
          .with_default("failures", &P::failures, "What goes wrong, and when.")
          .with_default("slos", &P::slos, "What must hold, by name.");
  return table;
}

}  // namespace headroom
