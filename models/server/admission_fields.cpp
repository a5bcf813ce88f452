#include "models/server/admission_plan.hpp"

namespace headroom {

const FieldTable& fields_of(const TokenAdmissionPlan*) {
  using P = TokenAdmissionPlan;
  static const auto table =
      FieldTable::of<P>("token_admission", "Requests take tokens; cause rate_limited.")
          .required("rate", &P::rate, "Requests a second of one replica.", example("100/s"),
                    above(Rate{0}))
          .with_default("burst", &P::burst, "Requests that may come at once; full at the start.",
                        between(1, 1e9))
          .source("Turner 1986");
  return table;
}

const FieldTable& fields_of(const CodelPlan*) {
  using P = CodelPlan;
  static const auto table =
      FieldTable::of<P>("codel", "Drops at the head of a queue that stands; cause shed.")
          .with_default("target", &P::target, "A longer wait is a standing queue.",
                        above(sim::Duration()))
          .with_default("interval", &P::interval, "How long it may stand before the first drop.",
                        above(sim::Duration()))
          .source("Nichols, Jacobson 2012; RFC 8289");
  return table;
}

const FieldTable& fields_of(const ConcurrencyAdmissionPlan*) {
  using P = ConcurrencyAdmissionPlan;
  static const auto table =
      FieldTable::of<P>("concurrency_admission", "A limit of requests; cause shed.")
          .required("limit", &P::limit, "Requests in one replica at once, waiting ones included.",
                    example("100"), between(1, 1e9));
  return table;
}

const FieldTable& fields_of(const AdaptiveConcurrencyPlan*) {
  using P = AdaptiveConcurrencyPlan;
  static const auto table =
      FieldTable::of<P>("adaptive_concurrency",
                        "A limit of requests that falls as answers become slower than usual; "
                        "cause shed.")
          .with_default("initial", &P::initial, "The limit at the start.", between(1, 1e9))
          .with_default("min", &P::min, "The smallest limit.", between(1, 1e9))
          .with_default("max", &P::max, "The largest limit.", between(1, 1e9))
          .with_default("tolerance", &P::tolerance, "How much slower than usual is still well.",
                        between(1, 100))
          .with_default("smoothing", &P::smoothing, "How far it goes at each step.",
                        between(0.001, 1))
          .with_default("headroom", &P::headroom, "What is tried beyond, at each step.",
                        at_most(1e6))
          .with_default("window", &P::window, "Answers of so long are one step.",
                        above(sim::Duration()))
          .check([](const P& plan, Findings& findings) {
            if (plan.min > plan.max) findings.error("min", "is larger than max");
            if (plan.initial < plan.min || plan.initial > plan.max)
              findings.error("initial", "is not between min and max");
          })
          .source("Netflix concurrency-limits, Gradient2 (2018)");
  return table;
}

const FieldTable& fields_of(const PriorityShedPlan*) {
  using P = PriorityShedPlan;
  static const auto table =
      FieldTable::of<P>("priority_shed",
                        "Refuses the requests of the least priority, as many as needed; cause "
                        "shed.")
          .with_default("wait", &P::wait, "A longer mean wait for a slot is an overload.",
                        above(sim::Duration()))
          .with_default("window", &P::window, "How often it is looked at.", above(sim::Duration()))
          .with_default("decrease", &P::decrease, "So much less is let in after an overload.",
                        above(Ratio{0}))
          .with_default("increase", &P::increase,
                        "So much more, of all that came, where there was none.", above(Ratio{0}))
          .source("Zhou et al. 2018 (DAGOR)");
  return table;
}

const FieldTable& fields_of(const AdmissionPlan*) {
  using P = AdmissionPlan;
  static const auto table =
      FieldTable::of<P>("admission", "What one replica lets in.")
          .optional("codel", &P::codel, "Drops at the head of a queue that stands.",
                    absent_means("not this one"), example(R"({"target": "5ms"})"))
          .optional("token_bucket", &P::token_bucket, "So many a second.",
                    absent_means("not this one"), example(R"({"rate": "100/s"})"))
          .optional("concurrency", &P::concurrency, "So many at once.",
                    absent_means("not this one"), example(R"({"limit": 100})"))
          .optional("adaptive_concurrency", &P::adaptive_concurrency,
                    "So many at once as are answered as fast as usual.",
                    absent_means("not this one"), example(R"({"initial": 20})"))
          .optional("priority_shed", &P::priority_shed, "The most important first.",
                    absent_means("not this one"), example(R"({"wait": "20ms"})"))
          .exactly_one_of(
              {"codel", "token_bucket", "concurrency", "adaptive_concurrency", "priority_shed"});
  return table;
}

const FieldTable& fields_of(const BrownoutPlan*) {
  using P = BrownoutPlan;
  static const auto table =
      FieldTable::of<P>("brownout", "Leaves optional calls out while answers take too long.")
          .required("target", &P::target, "Mean time from arrival to answer.", example("100ms"),
                    above(sim::Duration()))
          .with_default("interval", &P::interval, "How often the share is set.",
                        above(sim::Duration()))
          .with_default("gain", &P::gain,
                        "How far the share goes when answers take twice the target.",
                        between(0.001, 1))
          .source("Klein et al. 2014");
  return table;
}

}  // namespace headroom
