#include <set>

#include "models/fault/plan.hpp"
#include "models/moments.hpp"

namespace headroom {

const FieldTable& fields_of(const KillPlan*) {
  using P = KillPlan;
  static const auto table =
      FieldTable::of<P>("kill", "The target crashes; at the end it starts again.")
          .required(
              "kill", &P::target,
              "What is killed; links, hosts and switches can only be killed. A host takes down "
              "what stands on it, and hosts and switches their links. Over a dead link of a "
              "topology messages are lost and sent again "
              "as after any loss: they come late, by another way or after the repair. A dead "
              "link between zones is a silent partition: messages over it are gone, and "
              "callers wait for their timeouts.",
              example("app[0..1]"));
  return table;
}

const FieldTable& fields_of(const PausePlan*) {
  using P = PausePlan;
  static const auto table =
      FieldTable::of<P>("pause", "The target stands still and forgets nothing.")
          .required("pause", &P::target, "What is paused.", example("app[0]"));
  return table;
}

const FieldTable& fields_of(const SlowPlan*) {
  using P = SlowPlan;
  static const auto table =
      FieldTable::of<P>("slow", "Work at the target takes longer.")
          .required("slow", &P::target, "What is slowed down.", example("app 50%"))
          .required("factor", &P::factor, "How many times as long work takes.", above(0.0),
                    example("5"))
          .check([](const P& plan, Findings& findings) {
            if (plan.factor >= 1) return;
            findings.warning("factor", "a factor below 1 makes the target faster",
                             "5 means that work takes five times as long");
          });
  return table;
}

const FieldTable& fields_of(const ErrorPlan*) {
  using P = ErrorPlan;
  static const auto table =
      FieldTable::of<P>("error",
                        "The target answers a share of its requests with an error; of several "
                        "at once the largest share counts.")
          .required("error", &P::target, "What fails.", example("app"))
          .required("rate", &P::rate, "Share of the requests, of those that it gets.", above(0.0),
                    at_most(1.0), example("20%"));
  return table;
}

const FieldTable& fields_of(const ClockSkewPlan*) {
  using P = ClockSkewPlan;
  static const auto table =
      FieldTable::of<P>("clock_skew",
                        "The clocks of the target are wrong: what goes by time stamps notices.")
          .required("clock_skew", &P::target, "Copies of a database.", example("db[1]"))
          .required("by", &P::by, "How far they are ahead of the others.", above(sim::Duration()),
                    example("200ms"))
          .with_default("behind", &P::behind, "Whether they are behind, not ahead.");
  return table;
}

Choices choices_of(PartitionMode) {
  static constexpr Choice choices[] = {
      {"silent", "messages vanish; callers wait for their own timeouts"},
      {"refuse",
       "calls across the cut fail at once; what a broker sends its workers is tried again after "
       "50 ms, then ever later, up to 1 s"},
  };
  return choices;
}

const FieldTable& fields_of(const FlushPlan*) {
  using P = FlushPlan;
  static const auto table =
      FieldTable::of<P>("flush", "A cache loses all it holds, at once, and goes on.")
          .required("flush", &P::target, "The cache, or some of its replicas.", example("cache"));
  return table;
}

namespace {

void check_groups(const PartitionPlan& plan, Findings& findings) {
  std::set<std::string> seen;
  for (std::size_t group = 0; group < plan.groups.size(); ++group) {
    const std::string key = "partition/" + std::to_string(group);
    if (plan.groups[group].empty())
      findings.error(key, "a group names at least one zone or service");
    for (std::size_t i = 0; i < plan.groups[group].size(); ++i) {
      const std::string target = print_target(plan.groups[group][i]);
      if (seen.insert(target).second) continue;
      findings.error(key + "/" + std::to_string(i), "\"" + target + "\" stands here twice",
                     "what a partition names is on one side of it");
    }
  }
}

}  // namespace

const FieldTable& fields_of(const PartitionPlan*) {
  using P = PartitionPlan;
  static const auto table =
      FieldTable::of<P>("partition", "The network between groups of zones or replicas is cut.")
          .required(
              "partition", &P::groups,
              "Groups of zones, services and replicas that cannot reach one another; a single "
              "group is cut from all others. What is in no group reaches everybody else. A "
              "replica that is named is on that side, on whichever its zone may be. Links, hosts "
              "and switches are no sides: they are cut off with `kill`.",
              at_least_items(1), example(R"([["az-a"], ["az-b", "app[0..1]"]])"))
          .with_default("one_way", &P::one_way,
                        "Whether only messages from the first group are cut.", example("true"))
          .with_default("mode", &P::mode, "What becomes of messages across the cut.",
                        example("refuse"))
          .check(check_groups);
  return table;
}

const FieldTable& fields_of(const SurgePlan*) {
  using P = SurgePlan;
  static const auto table =
      FieldTable::of<P>("surge", "A workload sends more requests than it otherwise would.")
          .required("surge", &P::workload, "The workload.", example("shoppers"))
          .required(
              "factor", &P::factor,
              "How many times as many. A replayed file keeps its clock: each request in it is sent "
              "that many times at its instant, a fraction of a time by chance.",
              above(0.0), at_most(1e6), example("3"));
  return table;
}

const FieldTable& fields_of(const DrainPlan*) {
  using P = DrainPlan;
  static const auto table =
      FieldTable::of<P>("drain", "The target gets no new calls and finishes what it has.")
          .required("drain", &P::target, "The server, or some of its replicas.",
                    example("app[0..1]"));
  return table;
}

const FieldTable& fields_of(const DeployPlan*) {
  using P = DeployPlan;
  static const auto table =
      FieldTable::of<P>("deploy",
                        "A new version comes, batch by batch: each replica gets no new calls, "
                        "finishes what it has, stops, and starts again after the restart_time of "
                        "its service. It is over when the last batch is ready.")
          .source("the rolling update of Kubernetes")
          .required("deploy", &P::target, "The server, or some of its replicas.", example("app"))
          .with_default("batch", &P::batch, "Replicas replaced at a time.", between(1.0, 1e6))
          .with_default("wait", &P::wait, "From one batch that is ready to the next.",
                        example("30s"))
          .with_default("drain", &P::drain, "How long a replica that stops may finish what it has.")
          .optional("error_rate", &P::error_rate,
                    "Share of its requests that the new version fails.", above(0.0), example("20%"),
                    absent_means("none"))
          .optional("factor", &P::factor, "How many times as long work of the new version takes.",
                    above(0.0), example("1.5"), absent_means("as long as before"))
          .optional("rollback_after", &P::rollback_after,
                    "When somebody notices, from its beginning: what was replaced so far is "
                    "replaced back in the same way, the last first.",
                    above(sim::Duration()), example("90s"), absent_means("never"));
  return table;
}

const FieldTable& fields_of(const FailurePlan*) {
  using P = FailurePlan;
  static const auto table =
      FieldTable::of<P>("failure", "Something goes wrong: once, or again and again.")
          .optional("at", &P::at, "When it begins, from the end of the warm-up.", example("3min"),
                    absent_means("by \"every\""))
          .optional("for", &P::length, "How long it lasts.", above(sim::Duration()), example("45s"),
                    absent_means("to the end of the run"))
          .optional("every", &P::every,
                    "Time up, from the start of the run and then from each repair; drawn for each "
                    "target. A zone is one target: all in it fails together.",
                    example(R"({"exp": "30min"})"), absent_means("once, at \"at\""))
          .optional("repair", &P::repair, "Time down, drawn for each failure of each target.",
                    example(R"({"exp": "1min"})"), absent_means("as long as \"for\" says"))
          .optional("common_cause", &P::common_cause,
                    "Share of the failures of each target that have a cause in common and strike "
                    "all of them together: the others come as much more seldom.",
                    above(0.0), at_most(1.0), example("10%"),
                    absent_means("each target fails by itself"))
          .source("the beta factor, Fleming 1975")
          .one_of("verb", &P::verb, "What happens, and to whom.")
          .exactly_one_of({"at", "every"})
          .at_most_one_of({"for", "repair"})
          .check([](const P& plan, Findings& findings) {
            if (plan.repair && !plan.every) {
              findings.error("repair", "\"repair\" goes with \"every\"",
                             "with \"at\", write how long it lasts as \"for\"");
            }
            if (plan.common_cause && !plan.every) {
              findings.error("common_cause", "\"common_cause\" goes with \"every\"",
                             "at a time given by \"at\" all targets fail together");
            }
            if (std::holds_alternative<FlushPlan>(plan.verb) && (plan.length || plan.repair)) {
              findings.error(plan.length ? "for" : "repair", "a flush is over at once",
                             "write \"at\" alone");
            }
            if (std::holds_alternative<FlushPlan>(plan.verb) && plan.every) {
              findings.error("every", "a flush happens once", "write \"at\"");
              return;
            }
            if (std::holds_alternative<DeployPlan>(plan.verb)) {
              if (plan.length) {
                findings.error("for", "a deployment lasts until its last batch is ready",
                               "write \"at\" alone");
              }
              if (plan.every) findings.error("every", "a deployment happens once", "write \"at\"");
              return;
            }
            if (plan.every && !plan.repair) {
              findings.error("every", "\"every\" needs \"repair\", the time until it is up again",
                             "\"repair\": {\"exp\": \"1min\"}");
            }
            if (plan.every && plan.repair && mean(*plan.every) == 0 && mean(*plan.repair) == 0) {
              findings.error("every",
                             "time does not pass where both \"every\" and \"repair\" are 0");
            }
          });
  return table;
}

}  // namespace headroom
