#include "models/store/plan.hpp"
#include "models/store/replication.hpp"

namespace headroom {

Choices choices_of(ShardBy) {
  static constexpr Choice choices[] = {
      {"hash", "a hash of the key, modulo the number of shards"},
      {"range", "keys next to each other together: shard 0 has the most popular ones"},
      {"consistent_hash", "the owner on a hash ring with `virtual_nodes` points each",
       "Karger et al. 1997"},
  };
  return choices;
}

const FieldTable& fields_of(const ShardsPlan*) {
  using P = ShardsPlan;
  static const auto table =
      FieldTable::of<P>("shards", "How keys are divided among nodes.")
          .with_default("count", &P::count, "Shards; each key is in one.", between(1.0, 1e4))
          .with_default("by", &P::by, "By what a key finds its shard.")
          .with_default("virtual_nodes", &P::virtual_nodes,
                        "Points of each shard on the ring, for consistent_hash.",
                        between(1.0, 1e5));
  return table;
}

const FieldTable& fields_of(const StoreTimesPlan*) {
  using P = StoreTimesPlan;
  static const auto table = FieldTable::of<P>("store_times", "Work of one node for one operation.")
                                .required("read", &P::read, "Of a read.", example("\"2ms\""))
                                .required("write", &P::write, "Of a write.", example("\"5ms\""));
  return table;
}

const FieldTable& fields_of(const LegsPlan*) {
  using P = LegsPlan;
  static const auto table =
      FieldTable::of<P>("legs", "One-way delays to each replica, in place of the network.")
          .source("Bailis et al. 2012, sec. 4.1 (WARS)")
          .required("W", &P::write, "A write on its way.", example(R"({"exp": "1ms"})"))
          .required("A", &P::ack, "Its acknowledgement.", example(R"({"exp": "1ms"})"))
          .required("R", &P::read, "A read on its way.", example(R"({"exp": "1ms"})"))
          .required("S", &P::answer, "Its answer.", example(R"({"exp": "1ms"})"));
  return table;
}

const FieldTable& fields_of(const ReplicationPlan*) {
  using P = ReplicationPlan;
  static const auto table =
      FieldTable::of<P>("replication", "How the copies of a shard are kept alike.")
          .with_default("protocol", &P::protocol, "Who is asked, and when a write is done.",
                        one_of_names(&replication_protocols))
          .optional("R", &P::R, "Answers that a read waits for, of as many as there are copies.",
                    at_least(1.0), example("2"), absent_means("a majority"))
          .optional("W", &P::W, "Acknowledgements that a write waits for.", at_least(1.0),
                    example("2"), absent_means("a majority"))
          .optional("legs", &P::legs, "Delays to each replica, in place of the network.",
                    absent_means("the network"))
          .with_default("read_repair", &P::read_repair,
                        "A copy that answers a read with an old value is sent the new one.");
  return table;
}

namespace {

void check_count(const DatabasePlan& plan, const std::optional<std::uint32_t>& count,
                 const char* key, Findings& findings) {
  if (!count) return;
  const std::string at = std::string("replication/") + key;
  if (plan.replication.protocol != "quorum")
    findings.warning(at, "does nothing here: it belongs to protocol quorum");
  else if (*count > plan.replicas)
    findings.error(at,
                   "waits for " + std::to_string(*count) + " of " + std::to_string(plan.replicas) +
                       (plan.replicas == 1 ? " copy" : " copies"),
                   "1 to " + std::to_string(plan.replicas) + ", or more `replicas`");
}

void check_database(const DatabasePlan& plan, Findings& findings) {
  check_count(plan, plan.replication.R, "R", findings);
  check_count(plan, plan.replication.W, "W", findings);
  const bool copied = plan.replication.protocol != "none";
  if (!copied && plan.replicas > 1)
    findings.error("replicas", "copies need a protocol that keeps them alike",
                   R"(write "replication": {"protocol": "quorum"}, or one replica)");
  if (plan.shards.count > 1 && plan.shards.by != ShardBy::consistent_hash &&
      plan.shards.virtual_nodes != ShardsPlan().virtual_nodes)
    findings.warning("shards/virtual_nodes", "does nothing here: it belongs to consistent_hash");
  check_rebalance(plan, findings);
}

}  // namespace

const FieldTable& fields_of(const DatabasePlan*) {
  using P = DatabasePlan;
  static const auto table =
      FieldTable::of<P>("database",
                        "A store of keys, divided into shards, each copied to `replicas` nodes. "
                        "Callers reach the nodes themselves, as with a driver that knows them.")
          .with_default("zones", &P::zones, "Nodes are spread over these zones in turn.",
                        absent_means("the first zone"))
          .with_default("shards", &P::shards, "How keys are divided.")
          .with_default("replicas", &P::replicas,
                        "Copies of each shard, each on a node of its own.", between(1.0, 1000.0))
          .required("concurrency", &P::concurrency,
                    "Slots of one node: operations it works on at once.", at_least(1.0),
                    example("2"))
          .with_default("queue_limit", &P::queue_limit,
                        "Operations that may wait for a slot of one node.")
          .required("service_time", &P::service_time, "Work of one node for one operation.",
                    example(R"({"read": "2ms", "write": "5ms"})"))
          .with_default("crash", &P::crash, "What callers of a killed node see.")
          .with_default("restart_time", &P::restart_time,
                        "From the end of a kill until the node serves again, with what it held.")
          .with_default("replication", &P::replication, "How copies are kept alike.")
          .with_default("rebalance", &P::rebalance,
                        "Changes of the shards while it serves, in the order of time.",
                        absent_means("the shards stay as they are"))
          .optional("history", &P::history,
                    "Operations of each replication that are recorded as their clients see them, "
                    "and checked for consistency; 0 records none. Where there are more, those on "
                    "some of the keys are kept.",
                    between(0.0, 10'000'000.0), example("100000"),
                    absent_means("50,000, or 0 with one copy of each key"))
          .check(check_database);
  return table;
}

}  // namespace headroom
