#include "models/workload/plan.hpp"

namespace headroom {

namespace {

/// Chosen: one arrival per nanosecond, the step of the clock.
constexpr Rate fastest{1e9};

}  // namespace

const FieldTable& fields_of(const PoissonPlan*) {
  static const auto table =
      FieldTable::of<PoissonPlan>("poisson", "Requests come independently of one another.")
          .source("Kingman 1993, Poisson Processes")
          .required("poisson", &PoissonPlan::rate, "Mean rate of requests.", example("80/s"),
                    at_most(fastest));
  return table;
}

const FieldTable& fields_of(const ConstantPlan*) {
  static const auto table =
      FieldTable::of<ConstantPlan>("constant", "Requests come at equal distances.")
          .required("constant", &ConstantPlan::rate,
                    "Rate of requests; the first comes after one period.", example("0.8/s"),
                    at_most(fastest));
  return table;
}

const FieldTable& fields_of(const UniformJitterOptions*) {
  using P = UniformJitterOptions;
  static const auto table =
      FieldTable::of<P>("uniform_jitter_options", "A rate, and how irregular it is.")
          .required("rate", &P::rate, "Rate of requests.", example("80/s"), at_most(fastest))
          .with_default("spread", &P::spread,
                        "By how much of its period a request may come early; 0% is constant.",
                        example("50%"));
  return table;
}

const FieldTable& fields_of(const UniformJitterPlan*) {
  static const auto table =
      FieldTable::of<UniformJitterPlan>(
          "uniform_jitter", "One request at a uniformly drawn moment of each period of 1/rate.")
          .required("uniform_jitter", &UniformJitterPlan::written,
                    "A rate, or an object with `rate` and `spread`.", example("80/s"));
  return table;
}

const FieldTable& fields_of(const RenewalPlan*) {
  static const auto table =
      FieldTable::of<RenewalPlan>("renewal", "Independent gaps of one distribution.")
          .source("Cox 1962, Renewal Theory")
          .required("renewal", &RenewalPlan::gap,
                    "Time from one request to the next; the first comes after one gap.",
                    example(R"({"exp": "6ms"})"))
          .check([](const RenewalPlan& plan, Findings& findings) {
            const ArrivalsPlan arrivals = plan;
            if (mean_rate_per_s(arrivals) <= fastest.per_s) return;
            findings.error("renewal", "the mean gap is shorter than 1ns, the step of the clock");
          });
  return table;
}

const FieldTable& fields_of(const BatchOptions*) {
  using P = BatchOptions;
  static const auto table =
      FieldTable::of<P>("batch_options", "How often batches come and how large they are.")
          .required("rate", &P::rate, "Mean rate of batches.", example("10/s"), at_most(fastest))
          .required("size", &P::size,
                    "Requests in a batch; what is not whole is rounded up or down at random so "
                    "that the mean is kept.",
                    counts(), example("5"), at_least(1.0), at_most(1e6));
  return table;
}

const FieldTable& fields_of(const BatchPlan*) {
  static const auto table =
      FieldTable::of<BatchPlan>("batch", "Several requests at once, at independent moments.")
          .source("Chaudhry, Templeton 1983, A First Course in Bulk Queues")
          .required("batch", &BatchPlan::batch, "Rate and size of batches.",
                    example(R"({"rate": "10/s", "size": 5})"));
  return table;
}

const FieldTable& fields_of(const MmppState*) {
  using P = MmppState;
  static const auto table =
      FieldTable::of<P>("mmpp_state", "A rate that holds for an exponentially distributed time.")
          .required("rate", &P::rate, "Mean rate of requests in this state.", example("100/s"),
                    at_most(fastest))
          .required("mean_stay", &P::mean_stay, "Mean time in this state.", example("5s"),
                    at_least(sim::Duration::us(1)));
  return table;
}

const FieldTable& fields_of(const MmppPlan*) {
  static const auto table =
      FieldTable::of<MmppPlan>("mmpp", "Markov-modulated Poisson process: random bursts and lulls.")
          .source("Fischer, Meier-Hellstern 1993")
          .required("mmpp", &MmppPlan::states, "States, visited in this order again and again.",
                    at_least_items(1),
                    example(R"([{"rate": "50/s", "mean_stay": "9s"},)"
                            R"( {"rate": "500/s", "mean_stay": "1s"}])"));
  return table;
}

const FieldTable& fields_of(const Stage*) {
  using P = Stage;
  static const auto table = FieldTable::of<P>("stage", "A linear ramp from the rate before.")
                                .required("duration", &P::length,
                                          "How long the ramp takes; 0s is a step.", example("1min"))
                                .required("target", &P::target, "The rate at its end.",
                                          example("200/s"), at_most(fastest));
  return table;
}

const FieldTable& fields_of(const StagesPlan*) {
  using P = StagesPlan;
  static const auto table =
      FieldTable::of<P>("stages", "Poisson arrivals at a rate that is ramped from stage to stage.")
          .source(
              "k6, ramping-arrival-rate executor; Cinlar 1975, Introduction to Stochastic "
              "Processes")
          .required("stages", &P::stages,
                    "Ramps, one after the other from the end of the warm-up; the last rate stays.",
                    at_least_items(1), example(R"([{"duration": "1min", "target": "200/s"}])"))
          .with_default("start", &P::start, "The rate before the first stage and in the warm-up.",
                        example("50/s"), at_most(fastest));
  return table;
}

const FieldTable& fields_of(const DiurnalOptions*) {
  using P = DiurnalOptions;
  static const auto table =
      FieldTable::of<P>("diurnal_options", "A mean rate and how it swings over a day.")
          .required("mean", &P::mean, "Mean rate over a period.", example("100/s"),
                    at_most(fastest))
          .required("amplitude", &P::amplitude, "How far the rate swings above and below its mean.",
                    example("60%"))
          .with_default("period", &P::period, "From peak to peak.", example("1h"),
                        at_least(sim::Duration::us(1)))
          .with_default("peak_at", &P::peak_at,
                        "When the rate is highest, from the end of the warm-up.", example("15min"));
  return table;
}

const FieldTable& fields_of(const DiurnalPlan*) {
  static const auto table =
      FieldTable::of<DiurnalPlan>("diurnal", "Poisson arrivals at a rate that follows a sine wave.")
          .source("Cinlar 1975, Introduction to Stochastic Processes")
          .required("diurnal", &DiurnalPlan::diurnal, "Mean, swing, period and peak of the rate.",
                    example(R"({"mean": "100/s", "amplitude": "60%", "period": "24h"})"));
  return table;
}

const FieldTable& fields_of(const ReplayOptions*) {
  using P = ReplayOptions;
  static const auto table =
      FieldTable::of<P>("replay_options", "A file of arrival times and how fast to replay it.")
          .required("file", &P::file, "CSV whose first column is the time of each request.",
                    example("arrivals.csv"))
          .with_default("speed", &P::speed, "2 replays twice as fast.", above(0.0), at_most(1e6),
                        example("2"));
  return table;
}

const FieldTable& fields_of(const ReplayPlan*) {
  static const auto table =
      FieldTable::of<ReplayPlan>("replay", "Requests at the times that a file lists.")
          .required("replay", &ReplayPlan::written,
                    "A CSV of times from the end of the warm-up, or an object with `file` and "
                    "`speed`.",
                    example("arrivals.csv"));
  return table;
}

const FieldTable& fields_of(const ClosedOptions*) {
  using P = ClosedOptions;
  static const auto table =
      FieldTable::of<P>("closed_options", "How many users there are and how long they think.")
          .required("users", &P::users, "Users, each with one request at a time.", example("50"),
                    between(1.0, 1e7))
          .required("think_time", &P::think_time,
                    "Before each request, from the answer to the one before.",
                    example(R"({"exp": "1s"})"));
  return table;
}

const FieldTable& fields_of(const ClosedPlan*) {
  static const auto table =
      FieldTable::of<ClosedPlan>("closed",
                                 "Users who think, ask, wait for the answer and start over.")
          .source("Lazowska, Zahorjan, Graham, Sevcik 1984, Quantitative System Performance")
          .required("closed", &ClosedPlan::closed, "Number of users and think time.",
                    example(R"({"users": 50, "think_time": {"exp": "1s"}})"));
  return table;
}

const FieldTable& fields_of(const ArrivalsChoice*) {
  static const auto table =
      FieldTable::of<ArrivalsChoice>("arrivals", "When requests come.")
          .one_of("arrival process", &ArrivalsChoice::process, "Exactly one arrival process.");
  return table;
}

const FieldTable& fields_of(const SessionsPlan*) {
  using P = SessionsPlan;
  static const auto table =
      FieldTable::of<P>("sessions", "Users who come again.")
          .required("count", &P::count, "Sessions that go on at the same time.", between(1.0, 1e7),
                    example("500"))
          .optional("length", &P::length,
                    "From the first request of a session to its end; the next request in its place "
                    "begins another one.",
                    example(R"({"exp": "10min"})"), absent_means("without end"));
  return table;
}

const FieldTable& fields_of(const WorkloadPlan*) {
  using P = WorkloadPlan;
  static const auto table =
      FieldTable::of<P>("workload", "A population of clients that send requests to one service.")
          .required("target", &P::target, "A service, or one endpoint of it.", example("app"))
          .optional("zone", &P::zone, "Where the clients are.", absent_means("the first zone"),
                    example("local"))
          .required("arrivals", &P::arrivals, "When requests come: exactly one process.",
                    example(R"({"poisson": "80/s"})"))
          .optional("mix", &P::mix, "Share of each endpoint of the target.", sums_to_one(),
                    at_least_items(1), absent_means("the endpoint of the target, or its only one"),
                    example(R"({"browse": "90%", "buy": "10%"})"))
          .optional("key", &P::key, "The key space that each request asks for a key of.",
                    absent_means("each request is about something of its own"), example("product"))
          .optional("size", &P::size, "Bytes of a request on the wire.", sizes(),
                    absent_means("0B"), example("2kB"))
          .optional("reply_size", &P::reply_size, "Bytes of an answer on the wire.", sizes(),
                    absent_means("0B"), example(R"({"exp": "20kB"})"))
          .optional("patience", &P::patience,
                    "How long a request waits in the queue of its target, then leaves; the calls "
                    "that servers "
                    "make for it do not carry it.",
                    absent_means("for ever"), example(R"({"exp": "2s"})"))
          .optional("sessions", &P::sessions,
                    "Users who come again: each request is of one of so many sessions.",
                    example(R"({"count": 500, "length": {"exp": "10min"}})"),
                    absent_means("every request is one of its own; a closed workload has one for "
                                 "each user"))
          .with_default("priority", &P::priority, "Larger is served first.", between(-1e6, 1e6),
                        example("10"))
          .with_default("clients", &P::clients,
                        "Independent clients that share these arrivals, each with its own state "
                        "of the policies below.",
                        between(1.0, 1e6), example("20"))
          .optional("fallback", &P::fallback,
                    "Steps that a client takes when its request, after all policies, has no good "
                    "answer: the request ends ok when they succeed. They need no core of any "
                    "service; none is allowed, [].",
                    example(R"([{"wait": "1ms"}])"), absent_means("the request fails"))
          .inlined(&P::client)
          .check([](const P& plan, Findings& findings) {
            if (plan.sessions && std::holds_alternative<ClosedPlan>(plan.arrivals.process))
              findings.error("sessions", "the users of a closed workload are its sessions",
                             "take it out");
            if (!plan.mix || plan.target.endpoint.empty()) return;
            findings.error(
                "mix", "`target` already names the one endpoint \"" + plan.target.endpoint + "\"",
                "write \"target\": \"" + plan.target.service + "\" to use a mix");
          });
  return table;
}

}  // namespace headroom
