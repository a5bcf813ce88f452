#include "models/moments.hpp"
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
                        "Points of each shard on the ring, for consistent_hash.", between(1.0, 1e5))
          .optional("key", &P::key,
                    "The key space by which callers find the shard. An operation about a key of "
                    "any other space is asked of all shards at once and done when all have "
                    "answered: the one that has the key does it, the others look for it, which is "
                    "a read.",
                    example("\"customer\""), absent_means("every key finds its own shard"));
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

Choices choices_of(ReadsFrom) {
  static constexpr Choice choices[] = {
      {"leader", "the leader, which makes sure that it still leads", "Ongaro 2014, sec. 6.4"},
      {"any", "a copy at random, with what it has"},
      {"nearest", "a copy in the caller's zone where there is one, with what it has"},
      {"quorum", "the latest of `R` copies"},
      {"lease",
       "the leader, at once while no other can have been elected; clocks that run at "
       "different speeds can deceive it",
       "Ongaro 2014, sec. 6.4.1"},
  };
  return choices;
}

Choices choices_of(Conflict) {
  static constexpr Choice choices[] = {
      {"last_writer_wins", "the one with the latest time stamp stays", "Johnson, Thomas 1975"},
      {"siblings",
       "both stay until somebody has read both and writes: a read brings all that nobody has "
       "overwritten who had read it, a write replaces what its session read last of the key",
       "Preguiça et al. 2010, dotted version vectors; DeCandia et al. 2007 (Dynamo)"},
  };
  return choices;
}

Choices choices_of(Crdt) {
  static constexpr Choice choices[] = {
      {"register", "the value with the latest time stamp", "Shapiro et al. 2011, LWW-register"},
      {"counter", "a write adds one; a read brings the sum", "Shapiro et al. 2011, G-Counter"},
      {"set", "a write adds an element; a read brings how many there are",
       "Shapiro et al. 2011, G-Set"},
  };
  return choices;
}

std::uint32_t DatabasePlan::place_of(std::uint32_t node) const {
  std::uint32_t copy = node % copies();
  std::uint32_t first = copies();
  for (auto change = membership.rbegin(); change != membership.rend(); ++change) {
    first -= change->added();
    if (change->replace && copy == first) copy = *change->replace;
  }
  return node / copies() * replicas + copy;
}

bool ReplicationPlan::has_leader() const {
  return protocol == "raft" || protocol == "async" || protocol == "semi_sync" ||
         protocol == "sync" || protocol == "chain";
}

ReadsFrom ReplicationPlan::reads_from() const {
  if (reads) return *reads;
  if (protocol == "quorum") return ReadsFrom::quorum;
  return goes_by_clocks() ? ReadsFrom::nearest : ReadsFrom::leader;
}

Distribution ReplicationPlan::timeout() const {
  if (election_timeout) return *election_timeout;
  Distribution timeout;  // Ongaro, Ousterhout 2014, sec. 9.3
  timeout.kind = Distribution::Kind::uniform;
  timeout.a = 150e6;
  timeout.b = 300e6;
  timeout.written = R"({"uniform": ["150ms", "300ms"]})";
  return timeout;
}

sim::Duration ReplicationPlan::beat() const {
  if (heartbeat) return *heartbeat;
  if (protocol != "raft")
    return sim::Duration::rounded_ns(static_cast<double>(failover.count_ns()) / 4);
  return sim::Duration::rounded_ns(least(timeout()) / 2);
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
                        "A copy that answers a read with an old value is sent the new one.")
          .optional(
              "conflict", &P::conflict,
              "What becomes of writes of a key of which neither writer had read the other's, "
              "for quorum. With siblings one copy takes a write, within `handoff_after` or "
              "another one is asked, and tells the others what it has then; a key has 100 at "
              "most, further ones are refused. Where it is given, `overwritten_unseen` counts "
              "acknowledged writes that are gone and that nobody who wrote later had read.",
              absent_means("the last writer wins"))
          .optional("reads", &P::reads,
                    "Who answers a read. However slow a copy is, its caller waits for it, until "
                    "his own `timeout`; so he does where it says nothing, as it is paused, cut off "
                    "or was killed in silence. A read whose copy is down or resets the connection, "
                    "or is behind a partition that refuses, is asked of the next copy.",
                    absent_means("the leader, or a quorum where that is the protocol"))
          .optional("election_timeout", &P::election_timeout,
                    "How long a copy waits for its leader before it wants to be elected; drawn "
                    "anew each time. Where a leader has owed answers for its mean, what callers "
                    "ask next goes by way of another copy, which knows who leads now.",
                    at_least(sim::Duration::ms(1)), example(R"({"uniform": ["150ms", "300ms"]})"),
                    absent_means("150 to 300 ms"))
          .optional("heartbeat", &P::heartbeat,
                    "How often the leader tells the others that it leads.",
                    at_least(sim::Duration::us(100)), example("75ms"),
                    absent_means("half the shortest election timeout, or a quarter of `failover`"))
          .with_default("pre_vote", &P::pre_vote,
                        "A copy asks whether it would be elected before it begins an election.")
          .with_default("failover", &P::failover,
                        "How long the leader is missed before another copy takes its place, where "
                        "there are no elections. Where a leader has owed answers for as long, "
                        "what callers ask next goes by way of another copy, which knows who leads "
                        "now.",
                        at_least(sim::Duration::ms(1)))
          .optional(
              "fsync", &P::fsync,
              "Time until what a copy has written to its log is durable; what comes meanwhile "
              "is written together next.",
              example("2ms"), absent_means("none"))
          .optional("lag", &P::lag,
                    "Time from when a follower has a write until it shows it to readers.",
                    example(R"({"exp": "100ms"})"), absent_means("none"))
          .with_default("crdt", &P::crdt, "What values are, for gossip_crdt.")
          .with_default("gossip_interval", &P::gossip_interval,
                        "How often a copy exchanges with another one, for gossip_crdt; how soon "
                        "what was lost is sent again, for multi_leader.",
                        at_least(sim::Duration::us(100)))
          .with_default("hinted_handoff", &P::hinted_handoff,
                        "What a copy of a quorum misses is kept for it and brought to it later.")
          .with_default("sloppy", &P::sloppy,
                        "In place of a copy that does not answer, a node of another shard counts "
                        "for the quorum, and keeps what it gets for the copy.")
          .with_default("handoff_after", &P::handoff_after,
                        "How long a copy may take to answer before that, for hinted_handoff, "
                        "sloppy and siblings.",
                        at_least(sim::Duration::us(100)));
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

/// What belongs to other protocols than the one that was chosen.
void check_protocol(const DatabasePlan& plan, Findings& findings) {
  const ReplicationPlan& replication = plan.replication;
  const bool is_raft = replication.protocol == "raft";
  const auto useless = [&](bool is_set, const char* key, const char* owner) {
    if (is_set)
      findings.warning(std::string("replication/") + key,
                       std::string("does nothing here: it belongs to ") + owner);
  };
  useless(replication.legs && replication.protocol != "quorum", "legs", "protocol quorum");
  useless(replication.election_timeout && !is_raft, "election_timeout", "protocol raft");
  useless(!replication.pre_vote && !is_raft, "pre_vote", "protocol raft");
  useless(replication.lag && !replication.has_leader(), "lag", "protocols with a leader");
  const bool is_quorum = replication.protocol == "quorum";
  useless(replication.hinted_handoff && !is_quorum, "hinted_handoff", "protocol quorum");
  useless(replication.sloppy && !is_quorum, "sloppy", "protocol quorum");
  useless(replication.conflict && !is_quorum, "conflict", "protocol quorum");
  if (replication.sloppy && plan.shards.count < 2)
    findings.error("replication/sloppy", "there are no other nodes than the copies themselves",
                   "more shards (`count`), or no sloppy quorums");
  const ReadsFrom from = replication.reads_from();
  if (replication.goes_by_clocks() && from != ReadsFrom::nearest && from != ReadsFrom::any)
    findings.error("replication/reads", "every copy reads and writes", "nearest or any");
  if (replication.reads && !replication.has_leader() && !replication.goes_by_clocks())
    useless(from != ReadsFrom::quorum, "reads", "protocols with a leader");
  if (!replication.has_leader()) return;
  if (replication.reads_from() == ReadsFrom::quorum)
    findings.error("replication/reads", "only protocol quorum reads from a quorum",
                   "leader, lease, any or nearest");
  constexpr std::uint32_t most = 255;
  if (plan.replicas > most)
    findings.error("replicas", "copies with a leader are " + std::to_string(most) + " at most");
  const sim::Duration wait =
      is_raft ? sim::Duration::rounded_ns(least(replication.timeout())) : replication.failover;
  if (replication.beat() < wait) return;
  if (replication.heartbeat && wait > sim::Duration())
    findings.error("replication/heartbeat", "comes no sooner than copies give their leader up",
                   "a fraction of the shortest election timeout, or of `failover`");
  else
    findings.error("replication/election_timeout",
                   "can be so short that no heartbeat comes before it",
                   R"(one that has a least value: {"shifted": {"by": "150ms", "of": ..}})");
}

void check_database(const DatabasePlan& plan, Findings& findings) {
  check_count(plan, plan.replication.R, "R", findings);
  check_count(plan, plan.replication.W, "W", findings);
  check_protocol(plan, findings);
  if (plan.replication.protocol == "quorum" && plan.reads() + plan.writes() <= plan.replicas)
    findings.warning(
        "replication",
        "stale reads are possible: R + W = " + std::to_string(plan.reads() + plan.writes()) +
            " is not above the " + std::to_string(plan.replicas) + " copies");
  if (plan.replication.protocol == "raft" && plan.replicas > 1 && plan.replicas % 2 == 0)
    findings.warning("replicas", std::to_string(plan.replicas) + " copies survive the loss of " +
                                     std::to_string(plan.replicas / 2 - 1) + ", as " +
                                     std::to_string(plan.replicas - 1) + " do");
  const bool copied = plan.replication.protocol != "none";
  if (!copied && plan.replicas > 1)
    findings.error("replicas", "copies need a protocol that keeps them alike",
                   R"(write "replication": {"protocol": "quorum"}, or one replica)");
  if (plan.shards.count > 1 && plan.shards.by != ShardBy::consistent_hash &&
      plan.shards.virtual_nodes != ShardsPlan().virtual_nodes)
    findings.warning("shards/virtual_nodes", "does nothing here: it belongs to consistent_hash");
  if (plan.shards.key && plan.most_shards() == 1)
    findings.warning("shards/key", "does nothing here: there is one shard");
  check_rebalance(plan, findings);
  check_membership(plan, findings);
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
          .required("service_time", &P::service_time,
                    "Work of one node for one operation. A copy that follows a leader or stands in "
                    "a chain works as long for a write that is in its log already (see fsync), and "
                    "nobody waits for that.",
                    example(R"({"read": "2ms", "write": "5ms"})"))
          .with_default("crash", &P::crash, "What callers of a killed node see.")
          .with_default("restart_time", &P::restart_time,
                        "From the end of a kill until the node serves again, with what it held.")
          .with_default("replication", &P::replication, "How copies are kept alike.")
          .with_default("rebalance", &P::rebalance,
                        "Changes of the shards while it serves, in the order of time.",
                        absent_means("the shards stay as they are"))
          .with_default("moves", &P::moves,
                        "How shards send each other keys when an \"autoscale\" adds or removes "
                        "some; a \"rebalance\" says it for itself.",
                        example(R"({"throttle": "50MB/s"})"))
          .with_default("membership", &P::membership,
                        "Changes of the copies while they serve, in the order of time, for raft.",
                        absent_means("the copies stay as they are"))
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
