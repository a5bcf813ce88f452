#include <cmath>

#include "models/server/plan.hpp"

namespace headroom {

Choices choices_of(Discipline) {
  static constexpr Choice choices[] = {
      {"fifo", "first come, first served"},
      {"lifo", "last come, first served; work begun is finished first"},
      {"priority", "largest priority first, in order of arrival within one; work begun is finished",
       "Cobham 1954"},
      {"processor_sharing", "all started requests share the cores equally", "Kleinrock 1967"},
      {"shortest_first",
       "smallest amount of cpu work first, as far as it does not hang on choices, branches or "
       "repeats",
       "Phipps 1956"},
      {"random", "anyone who waits, with equal chances"},
      {"adaptive_lifo",
       "first come, first served; while more than lifo_beyond wait, last come, first served",
       "Maurer 2015, \"Fail at Scale\""},
      {"fair",
       "equal shares of the slots for every workload or client (fair_by) that waits, whatever each "
       "asks for; queue_limit is for each of them",
       "Goyal, Vin, Cheng 1996"},
  };
  return choices;
}

Choices choices_of(FairBy) {
  static constexpr Choice choices[] = {
      {"workload", "every workload"},
      {"client",
       "every client: those that `clients` of its workload says, else each user or session; all of "
       "a workload without any of these is one client"},
  };
  return choices;
}

Choices choices_of(ServerState) {
  static constexpr Choice choices[] = {
      {"stateless", "nothing: any replica serves any request"},
      {"session",
       "each session, in the memory of the replica that served it last; a request that "
       "comes to another one, or after a restart, fails, and its session starts over"},
  };
  return choices;
}

const FieldTable& fields_of(const ServerPlan*) {
  using P = ServerPlan;
  static const auto table =
      FieldTable::of<P>("server",
                        "A tier of equal replicas. A slot is held from start to reply, waits for "
                        "other services included.")
          .with_default("zones", &P::zones, "Replicas are spread over these zones in turn.",
                        absent_means("the first zone"))
          .with_default("replicas", &P::replicas, "Equal instances.", between(1.0, 1e6))
          .required("concurrency", &P::concurrency,
                    "Slots of one replica: requests it works on at once.", at_least(1.0),
                    example("64"))
          .optional("cores", &P::cores,
                    "Cores of one replica, for cpu steps. Each piece of work needs one, also those "
                    "side by side.",
                    between(1.0, 1e6), absent_means("as many as slots"), example("4"))
          .with_default("discipline", &P::discipline, "Who of those that wait gets the next slot.")
          .with_default("queue_limit", &P::queue_limit,
                        "Requests that may wait for a slot of one replica.")
          .optional("service_time", &P::service_time,
                    "Short for one endpoint \"call\" with one cpu step.",
                    example(R"({"exp": "6ms"})"))
          .with_default("endpoints", &P::endpoints, "Steps by endpoint.", plain_names(),
                        absent_means("one endpoint \"call\" that takes service_time"))
          .with_default("crash", &P::crash, "What callers of a killed replica see.")
          .with_default("restart_time", &P::restart_time,
                        "From the end of a kill until requests are served again.")
          .with_default("state", &P::state, "What a replica keeps between requests.")
          .optional("admission", &P::admission, "What a replica lets in.",
                    example(R"({"concurrency": {"limit": 100}})"),
                    absent_means("whatever the queue holds"))
          .optional("brownout", &P::brownout, "Leaves optional calls out when answers are slow.",
                    example(R"({"target": "100ms"})"), absent_means("leaves out nothing"))
          .with_default("lifo_beyond", &P::lifo_beyond,
                        "For adaptive_lifo: so many may wait in order of arrival.", at_most(1e9))
          .with_default("fair_by", &P::fair_by, "For fair: who gets equal shares.")
          .exactly_one_of({"service_time", "endpoints"});
  return table;
}

const FieldTable& fields_of(const WorkerPlan*) {
  using P = WorkerPlan;
  static const auto table =
      FieldTable::of<P>("worker",
                        "A tier of equal replicas that take messages from a broker and work on "
                        "them; a slot is held for each piece of work.")
          .with_default("zones", &P::zones, "Replicas are spread over these zones in turn.",
                        absent_means("the first zone"))
          .with_default("replicas", &P::replicas, "Equal instances.", between(1.0, 1e6))
          .required("consumes", &P::consumes, "The queue or log.", example("\"orders\""))
          .optional("group", &P::group,
                    "Workers of a group divide the partitions of a log among them; each group gets "
                    "every message.",
                    a_name(), example("\"mail\""), absent_means("as the worker is called"))
          .required("concurrency", &P::concurrency,
                    "Slots of one replica: pieces of work at once. Of a partition there is one at "
                    "a time.",
                    at_least(1.0), example("4"))
          .with_default("batch", &P::batch,
                        "Messages that are one piece of work, if there are so many: of a queue "
                        "those that the worker holds, of a log those it fetched of one partition.",
                        between(1.0, 1e6))
          .with_default("on_error", &P::on_error, "What becomes of a message whose work failed.")
          .with_default("retry_after", &P::retry_after, "Pause before a failed message comes back.",
                        above(sim::Duration()))
          .optional("cores", &P::cores,
                    "Cores of one replica, for cpu steps. Each piece of work needs one, also those "
                    "side by side.",
                    between(1.0, 1e6), absent_means("as many as slots"), example("4"))
          .optional("service_time", &P::service_time,
                    "Short for one endpoint \"call\" with one cpu step.",
                    example(R"({"exp": "20ms"})"))
          .with_default("endpoints", &P::endpoints,
                        "One, by any name: the steps that are the work on a message.",
                        plain_names(), absent_means("one that takes service_time"))
          .with_default("crash", &P::crash, "What the broker sees of a killed replica.")
          .with_default("restart_time", &P::restart_time,
                        "From the end of a kill until messages are worked on again.")
          .exactly_one_of({"service_time", "endpoints"});
  return table;
}

}  // namespace headroom
