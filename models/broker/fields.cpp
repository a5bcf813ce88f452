#include "models/broker/plan.hpp"

namespace headroom {

Choices choices_of(QueueAck) {
  static constexpr Choice choices[] = {
      {"auto", "as it is sent: at most once, and prefetch limits what a worker holds all the same"},
      {"after_work", "when the worker has done its work: at least once"},
  };
  return choices;
}

Choices choices_of(LogAcks) {
  static constexpr Choice choices[] = {
      {"none", "nobody's: what does not arrive is lost", "Kafka acks=0"},
      {"leader", "the leader's: what it has not copied yet is lost when it dies", "Kafka acks=1"},
      {"all", "that of all replicas in sync; refused below min_insync", "Kafka acks=all"},
  };
  return choices;
}

Choices choices_of(Commit) {
  static constexpr Choice choices[] = {
      {"after_work", "after its messages were worked on: at least once"},
      {"before_work", "when messages come, before they are worked on: at most once"},
  };
  return choices;
}

namespace {

/// What both kinds of broker say in the same words.
template <class Plan>
void add_common(TableBuilder<Plan>& table) {
  table
      .optional("max_deliveries", &Plan::max_deliveries,
                "Deliveries of one message; then it goes to `dead_letter`, or is lost where there "
                "is none.",
                at_least(1.0), example("5"), absent_means("no end"))
      .optional("dead_letter", &Plan::dead_letter, "Another queue, for what cannot be worked on.",
                example("\"parked\""), absent_means("none"))
      .with_default("replica_timeout", &Plan::replica_timeout,
                    "A replica that is behind for so long is no longer in sync "
                    "(replica.lag.time.max.ms of Kafka).",
                    above(sim::Duration()))
      .with_default("publish_timeout", &Plan::publish_timeout,
                    "A publisher that has no answer for so long waits no longer "
                    "(request.timeout.ms of Kafka); the message may be stored all the same.",
                    above(sim::Duration()))
      .optional("service_time", &Plan::service_time,
                "Work of one broker for one publish, or one batch of them; replicas do it too.",
                example("\"50us\""), absent_means("no time"))
      .with_default("concurrency", &Plan::concurrency, "Slots of one broker, for its service_time.",
                    at_least(1.0))
      .with_default("queue_limit", &Plan::queue_limit,
                    "Requests that may wait for a slot of one broker.")
      .with_default("crash", &Plan::crash, "What callers of a killed broker see.")
      .with_default("restart_time", &Plan::restart_time,
                    "From the end of a kill until the broker serves again, with what it held.");
}

}  // namespace

const FieldTable& fields_of(const QueuePlan*) {
  using P = QueuePlan;
  static const FieldTable table = [] {
    auto one = FieldTable::of<P>("queue",
                                 "A broker that hands each message to one of its workers, in the "
                                 "order in which they came. What it holds survives a crash.");
    one.source("AMQP 0-9-1; RabbitMQ, whose defaults these are where not said otherwise")
        .with_default("zones", &P::zones, "Replicas are spread over these zones in turn.",
                      absent_means("the first zone"))
        .with_default("replicas", &P::replicas,
                      "Brokers that hold the queue; a publish is answered when a majority has it, "
                      "as in quorum queues.",
                      between(1.0, 99.0))
        .with_default("capacity", &P::capacity,
                      "Messages that may wait for a worker; more are refused.", at_least(1.0))
        .optional("prefetch", &P::prefetch,
                  "Messages that one worker instance may hold and has not acknowledged.",
                  at_least(1.0), example("10"), absent_means("a piece of work for each slot"))
        .with_default("ack", &P::ack, "When the queue forgets a message that it has handed out.")
        .with_default("redeliver_after", &P::redeliver_after,
                      "A message that was not acknowledged for so long is handed out again.",
                      // Chosen: a message that is worked on for seconds comes thousands of times.
                      at_least(sim::Duration::ms(1)))
        .with_default("heartbeat", &P::heartbeat,
                      "A worker that is gone without a word is missed after so long, and what it "
                      "had comes back.",
                      above(sim::Duration()))
        .with_default("failover", &P::failover,
                      "From the death of the leading broker until another one leads.");
    add_common(one);
    return one;
  }();
  return table;
}

const FieldTable& fields_of(const GroupPlan*) {
  using P = GroupPlan;
  static const auto table =
      FieldTable::of<P>("group", "Workers that divide the partitions of a log among them.")
          .source("Kafka, eager rebalancing")
          .with_default("commit", &P::commit, "When the group notes how far it has come.")
          .with_default("rebalance", &P::rebalance,
                        "How long everybody in the group stops when a worker comes or goes.")
          .with_default("session_timeout", &P::session_timeout,
                        "A worker that was not heard of for so long is taken for dead "
                        "(session.timeout.ms of Kafka).",
                        above(sim::Duration()))
          .with_default("max_poll", &P::max_poll,
                        "Messages of a partition that a worker fetches at once at most, and that "
                        "are done again when it dies (max.poll.records of Kafka).",
                        between(1.0, 1e6));
  return table;
}

namespace {

void check_log(const LogPlan& plan, Findings& findings) {
  if (plan.replicas > plan.nodes())
    findings.error("replicas",
                   std::to_string(plan.replicas) + " copies of a partition on " +
                       std::to_string(plan.nodes()) + " brokers",
                   "each copy stands on a broker of its own");
  if (plan.min_insync > plan.replicas)
    findings.error("min_insync",
                   "asks for " + std::to_string(plan.min_insync) + " of " +
                       std::to_string(plan.replicas) + " replicas",
                   "every write would be refused");
  if (plan.min_insync > 1 && plan.acks != LogAcks::all)
    findings.warning("min_insync", "does nothing here: it belongs to acks \"all\"");
  if (!plan.batch.is_unlimited() && plan.linger == sim::Duration())
    findings.warning("batch", "does nothing without a \"linger\": every message goes at once");
  if (plan.groups.size() > most_groups)
    findings.error("groups", "more groups than a log keeps books of",
                   std::to_string(most_groups) + " at most");
}

}  // namespace

const FieldTable& fields_of(const LogPlan*) {
  using P = LogPlan;
  static const FieldTable table = [] {
    auto one = FieldTable::of<P>(
        "log",
        "A broker that keeps messages in partitions, which groups of workers read in order. What "
        "it holds survives a crash.");
    one.source("Kreps, Narkhede, Rao 2011, \"Kafka\"; defaults of Kafka where not said otherwise")
        .with_default("zones", &P::zones, "Brokers are spread over these zones in turn.",
                      absent_means("the first zone"))
        .optional("brokers", &P::brokers,
                  "Machines; the leaders of the partitions are spread over them in turn.",
                  between(1.0, 100.0), absent_means("as many as replicas"), example("6"))
        .with_default("partitions", &P::partitions,
                      "The key of a message picks its partition; without one they take turns.",
                      between(1.0, 1e4))
        .with_default("replicas", &P::replicas, "Copies of each partition, the leader included.",
                      between(1.0, 99.0))
        .with_default("acks", &P::acks, "Whose word a publisher waits for.")
        .with_default("min_insync", &P::min_insync,
                      "Replicas in sync below which acks \"all\" are refused.", at_least(1.0))
        .with_default("linger", &P::linger,
                      "How long a publisher waits for more messages of a partition, to send them "
                      "together.")
        .with_default("batch", &P::batch, "Messages with which a publisher waits no longer.",
                      at_least(1.0))
        .optional("retention", &P::retention,
                  "Messages older than this, or beyond so many bytes of a partition, are deleted; "
                  "those that some group has not read yet are lost for it.",
                  example("\"1h\""), absent_means("kept until all groups are through with them"))
        .with_default("groups", &P::groups, "Groups of workers by name.", plain_names(),
                      absent_means("one for each worker, named like it"))
        .with_default("failover", &P::failover,
                      "From the death of a broker until others lead its partitions "
                      "(broker.session.timeout.ms of Kafka).");
    add_common(one);
    one.check(check_log);
    return one;
  }();
  return table;
}

}  // namespace headroom
