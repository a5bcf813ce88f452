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
       "equal shares of the slots for every workload that waits, whatever each asks for; "
       "queue_limit is for each of them",
       "Goyal, Vin, Cheng 1996"},
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

const FieldTable& fields_of(const CpuStep*) {
  using P = CpuStep;
  static const auto table =
      FieldTable::of<P>("cpu", "Work on one core.")
          .required("cpu", &P::work, "Time the work takes on a core of its own.",
                    example(R"({"exp": "6ms"})"));
  return table;
}

const FieldTable& fields_of(const WaitStep*) {
  using P = WaitStep;
  static const auto table =
      FieldTable::of<P>("wait", "A pause that needs no core, as for something outside the model.")
          .required("wait", &P::time, "How long.", example("\"2ms\""));
  return table;
}

const FieldTable& fields_of(const CallStep*) {
  using P = CallStep;
  static const auto table =
      FieldTable::of<P>("call", "A call of another service; its answer is awaited.")
          .required("call", &P::target, "The service, or service.endpoint.", example("\"db\""))
          .optional("op", &P::op,
                    "What it does to its key. A cache knows get, set and delete; a server that "
                    "calls nobody keeps what is written.",
                    example("get"), absent_means("what the endpoint is called, if that is one"))
          .optional("key", &P::key,
                    "A key space: the request's item of it, the same in all its calls.",
                    example("product"), absent_means("the item of the request that makes the call"))
          .optional("on_miss", &P::on_miss,
                    "Steps after a get that found nothing, or that got no good answer. A set "
                    "among them fills the cache; that it fails does not matter.",
                    example(R"([{"call": "db", "op": "read"}, {"call": "cache", "op": "set"}])"),
                    absent_means("goes on"))
          .optional("fallback", &P::fallback,
                    "Steps when the call, after all its policies, has no good answer; the request "
                    "goes on when they succeed. None is allowed: the answer is done without.",
                    example("[]"), absent_means("fails"))
          .with_default("optional", &P::optional, "May be left out while the server browns out.")
          .optional("size", &P::size, "Size of the request on the wire.", sizes(),
                    example("\"2kB\""), absent_means("0B"))
          .optional("reply_size", &P::reply_size, "Size of the answer on the wire.", sizes(),
                    example("\"20kB\""), absent_means("0B"))
          .inlined(&P::client)
          .check([](const P& plan, Findings& findings) {
            if (plan.on_miss && plan.op && *plan.op != Operation::get)
              findings.error("on_miss", "only a get can miss", "write \"op\": \"get\"");
          });
  return table;
}

const CallStep* call_of(const Step& step) {
  if (const auto* publish = std::get_if<PublishStep>(&step.what)) return publish;
  return std::get_if<CallStep>(&step.what);
}

const FieldTable& fields_of(const PublishStep*) {
  using P = PublishStep;
  static const auto table =
      FieldTable::of<P>("publish", "A message for a broker, whose answer is awaited.")
          .required("publish", &P::target, "The queue or log.", example("\"orders\""))
          .optional("key", &P::key,
                    "A key space: the request's item of it is that of the message, and decides its "
                    "partition.",
                    example("order"), absent_means("partitions take turns"))
          .optional("size", &P::size, "Size of the message.", sizes(), example("\"2kB\""),
                    absent_means("0B"))
          .optional("fallback", &P::fallback,
                    "Steps when the broker, after all policies, has no good answer; the request "
                    "goes on when they succeed. None is allowed.",
                    example("[]"), absent_means("fails"))
          .with_default("optional", &P::optional, "May be left out while the server browns out.")
          .inlined(&P::client);
  return table;
}

const FieldTable& fields_of(const ParallelStep*) {
  using P = ParallelStep;
  static const auto table =
      FieldTable::of<P>("parallel", "Branches side by side.")
          .required("parallel", &P::branches, "A list of lists of steps.", at_least_items(1),
                    example(R"([[{"call": "a"}], [{"call": "b"}]])"))
          .optional("need", &P::need,
                    "Goes on when so many branches have succeeded; the others run on.",
                    at_least(1.0), absent_means("all of them"), example("2"))
          .check([](const P& plan, Findings& findings) {
            if (plan.need && *plan.need > plan.branches.size()) {
              findings.error("need", "needs " + std::to_string(*plan.need) + " of " +
                                         std::to_string(plan.branches.size()) + " branches");
            }
          });
  return table;
}

const FieldTable& fields_of(const ChooseStep*) {
  using P = ChooseStep;
  static const auto table =
      FieldTable::of<P>("choose", "One of several branches, by chance.")
          .required("choose", &P::branches, "Branches with their probabilities.", at_least_items(1),
                    example(R"([{"p": 0.1, "do": [{"call": "db"}]}, {"p": 0.9, "do": []}])"))
          .check([](const P& plan, Findings& findings) {
            double sum = 0;
            for (const auto& branch : plan.branches)
              sum += branch.p.value;
            if (std::abs(sum - 1) > 1e-9) {
              findings.error("choose", "probabilities sum to " + std::to_string(sum) + ", not to 1",
                             "a branch that does nothing is {\"p\": .., \"do\": []}");
            }
          });
  return table;
}

const FieldTable& fields_of(const RepeatStep*) {
  using P = RepeatStep;
  static const auto table =
      FieldTable::of<P>("repeat", "The same steps several times, one after the other.")
          .required("repeat", &P::times, "How many times.", between(1.0, 1e6), example("3"))
          .required("do", &P::steps, "The steps.", example(R"([{"call": "db"}])"));
  return table;
}

const FieldTable& fields_of(const FailChance*) {
  using P = FailChance;
  static const auto table = FieldTable::of<P>("fail", "With what probability.")
                                .required("p", &P::p, "Probability of an error.", example("0.01"))
                                .with_default("lasting", &P::lasting,
                                              "Drawn once for each request, so that all its "
                                              "attempts and redeliveries fail alike.");
  return table;
}

const FieldTable& fields_of(const FailStep*) {
  using P = FailStep;
  static const auto table =
      FieldTable::of<P>("fail", "An error with some probability; the request ends here.")
          .required("fail", &P::chance, "With what probability.", example(R"({"p": 0.01})"));
  return table;
}

const FieldTable& fields_of(const Step*) {
  using P = Step;
  static const auto table = FieldTable::of<P>("step", "One step of an endpoint.")
                                .one_of("step", &P::what, "What it does.");
  return table;
}

const FieldTable& fields_of(const ChooseBranch*) {
  using P = ChooseBranch;
  static const auto table =
      FieldTable::of<P>("branch", "A branch of a choice.")
          .required("p", &P::p, "Its probability.", example("0.1"))
          .required("do", &P::steps, "Its steps; none is allowed.", example("[]"));
  return table;
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
          .optional("cores", &P::cores, "Cores of one replica, for cpu steps.", between(1.0, 1e6),
                    absent_means("as many as slots"), example("4"))
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
                        "Messages that are one piece of work, if there are so many.",
                        between(1.0, 1e6))
          .with_default("on_error", &P::on_error, "What becomes of a message whose work failed.")
          .with_default("retry_after", &P::retry_after, "Pause before a failed message comes back.",
                        above(sim::Duration()))
          .optional("cores", &P::cores, "Cores of one replica, for cpu steps.", between(1.0, 1e6),
                    absent_means("as many as slots"), example("4"))
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
