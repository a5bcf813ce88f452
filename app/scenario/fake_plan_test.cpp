#include "app/scenario/test_fake_plan.hpp"

#include <charconv>

namespace headroom::fake {

namespace {

Choices evictions() {
  static constexpr Choice choices[] = {{"lru", "Least recently used goes.", ""},
                                       {"sieve", "One hand, lazy promotion.", "Zhang 2024"}};
  return choices;
}

}  // namespace

Choices choices_of(Crash) {
  static constexpr Choice choices[] = {{"reset", "Callers see the connection end.", ""},
                                       {"silent", "Callers hear nothing.", ""}};
  return choices;
}

const TextForm& text_form_of(const Target*) {
  static constexpr TextForm form{
      "a target such as \"app[0]\"",
      [](std::string_view text, void* value, std::string& why) {
        auto& target = *static_cast<Target*>(value);
        const std::size_t open = text.find('[');
        if (open == std::string_view::npos || !text.ends_with(']')) {
          why = "a target names a replica in brackets";
          return false;
        }
        target.service = text.substr(0, open);
        return std::from_chars(text.data() + open + 1, text.data() + text.size() - 1,
                               target.replica)
                   .ec == std::errc();
      },
      [](const void* value) {
        const auto& target = *static_cast<const Target*>(value);
        return target.service + '[' + std::to_string(target.replica) + ']';
      }};
  return form;
}

const FieldTable& fields_of(const CpuStep*) {
  static const auto table = FieldTable::of<CpuStep>("cpu", "Work on a core.")
                                .required("cpu", &CpuStep::work, "How much.", example("1ms"));
  return table;
}

const FieldTable& fields_of(const CallStep*) {
  static const auto table =
      FieldTable::of<CallStep>("call", "A call of another service.")
          .required("call", &CallStep::to, "Whom.", example("db.read"))
          .optional("timeout", &CallStep::timeout, "How long to wait.",
                    at_least(sim::Duration::ns(1)))
          .with_default("on_miss", &CallStep::on_miss, "What to do after a miss.");
  return table;
}

const FieldTable& fields_of(const Step*) {
  static const auto table = FieldTable::of<Step>("step", "One thing an endpoint does.")
                                .one_of("step", &Step::what, "What it does.");
  return table;
}

const FieldTable& fields_of(const Common*) {
  static const auto table =
      FieldTable::of<Common>("common", "What every service has.")
          .with_default("replicas", &Common::replicas, "Instances.", between(1, 10'000))
          .optional("zones", &Common::zones, "Where they run.", at_least_items(1),
                    absent_means("everywhere"));
  return table;
}

const FieldTable& fields_of(const Server*) {
  using P = Server;
  static const auto table =
      FieldTable::of<P>("server", "A stateless tier.")
          .inlined(&P::common)
          .required("concurrency", &P::concurrency, "Slots of one replica.", example("64"),
                    between(1, 1e6))
          .optional("cores", &P::cores, "Cores of one replica.", at_least(1),
                    absent_means("as many as slots"))
          .with_default("queue_limit", &P::queue_limit, "Requests that may wait.")
          .optional("service_time", &P::service_time, "Work of a request.",
                    example(R"({"exp": "6ms"})"))
          .with_default("crash", &P::crash, "What callers see of a crash.")
          .with_default("endpoints", &P::endpoints, "Steps by endpoint.", plain_names())
          .exactly_one_of({"service_time", "endpoints"})
          .check([](const P& plan, Findings& findings) {
            if (plan.cores && *plan.cores > plan.concurrency)
              findings.error("cores", "more cores than slots", "the rest would idle");
            if (plan.concurrency > 5000) findings.warning("concurrency", "that is a lot of slots");
          });
  return table;
}

const FieldTable& fields_of(const ReadWrite*) {
  static const auto table = FieldTable::of<ReadWrite>("read and write", "Two kinds of work.")
                                .required("read", &ReadWrite::read, "A read.", example("1ms"))
                                .required("write", &ReadWrite::write, "A write.", example("2ms"));
  return table;
}

const FieldTable& fields_of(const Database*) {
  using P = Database;
  static const auto table =
      FieldTable::of<P>("database", "A sharded store.")
          .inlined(&P::common)
          .with_default("shards", &P::shards, "Shards.", between(1, 1000))
          .required("service_time", &P::service_time, "Work of a request.", example("2ms"))
          .optional("eviction", &P::eviction, "Who goes.", one_of_names(&evictions))
          .with_default("memory", &P::memory, "Room for entries.");
  return table;
}

const FieldTable& fields_of(const Service*) {
  static const auto table = FieldTable::of<Service>("service", "A service.")
                                .by_kind("kind", &Service::own, "What it is.");
  return table;
}

const FieldTable& fields_of(const Poisson*) {
  static const auto table =
      FieldTable::of<Poisson>("poisson", "Independent arrivals.")
          .required("poisson", &Poisson::rate, "How many.", example("80/s"), above(0.0));
  return table;
}

const FieldTable& fields_of(const Closed*) {
  static const auto table =
      FieldTable::of<Closed>("closed", "A fixed population.")
          .required("closed", &Closed::users, "Users.", example("50"), at_least(1))
          .optional("think_time", &Closed::think_time, "Between requests.");
  return table;
}

const FieldTable& fields_of(const Arrivals*) {
  static const auto table = FieldTable::of<Arrivals>("arrivals", "When requests come.")
                                .one_of("arrivals", &Arrivals::source, "The source.");
  return table;
}

const FieldTable& fields_of(const Workload*) {
  using P = Workload;
  static const auto table =
      FieldTable::of<P>("workload", "One population of clients.")
          .required("target", &P::target, "Whom they call.", example("app"))
          .required("arrivals", &P::arrivals, "When they come.", example(R"({"poisson": "80/s"})"))
          .optional("mix", &P::mix, "Share of each endpoint.", sums_to_one())
          .optional("hedge_after", &P::hedge_after, "When a copy is sent.", example("p95"))
          .optional("size", &P::size, "Bytes of a request.", sizes(), example(R"({"exp": "2kB"})"));
  return table;
}

const FieldTable& fields_of(const Kill*) {
  static const auto table = FieldTable::of<Kill>("kill", "An instance dies.")
                                .required("kill", &Kill::kill, "Which.", example("app[0]"));
  return table;
}

const FieldTable& fields_of(const Slow*) {
  static const auto table = FieldTable::of<Slow>("slow", "An instance slows down.")
                                .required("slow", &Slow::slow, "Which.", example("app[0]"))
                                .with_default("factor", &Slow::factor, "By how much.", above(0.0));
  return table;
}

const FieldTable& fields_of(const Failure*) {
  static const auto table = FieldTable::of<Failure>("failure", "Something that breaks.")
                                .required("at", &Failure::at, "When.", example("3min"))
                                .optional("for", &Failure::lasts, "How long.")
                                .one_of("verb", &Failure::verb, "What happens.");
  return table;
}

const FieldTable& fields_of(const Scenario*) {
  using P = Scenario;
  static const auto table =
      FieldTable::of<P>("scenario", "A whole scenario.")
          .required("name", &P::name, "What it is called.", a_name(), example("shop"))
          .with_default("seed", &P::seed, "Of all randomness.")
          .with_default("quick", &P::quick, "Less of everything.")
          .with_default("services", &P::services, "By name.", plain_names())
          .with_default("workloads", &P::workloads, "By name.", plain_names())
          .with_default("failures", &P::failures, "In any order.")
          .optional("bandwidth", &P::bandwidth, "Of every link.", example("10Gbit/s"));
  return table;
}

}  // namespace headroom::fake
