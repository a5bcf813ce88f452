#include "models/steps.hpp"

#include <cmath>

namespace headroom {

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

}  // namespace headroom
