#include <set>

#include "models/store/plan.hpp"

namespace headroom {

const FieldTable& fields_of(const MembershipPlan*) {
  using P = MembershipPlan;
  static const auto table =
      FieldTable::of<P>("membership",
                        "Copies are added, removed or replaced while they serve, for raft. A new "
                        "copy gets all that its leader has, over the network, and then what was "
                        "written meanwhile; when it has caught up it becomes a member by an entry "
                        "of the log, one copy at a time. A leader that is removed goes on until "
                        "that is committed.")
          .source("Ongaro 2014, ch. 4")
          .required("at", &P::at,
                    "When it begins, from the end of the warm-up, or when the one before it has "
                    "ended.",
                    example("1min"))
          .optional("add", &P::add, "How many copies are added.", between(1.0, 63.0), example("2"),
                    absent_means("another change"))
          .optional("remove", &P::remove, "The number of a copy that is removed, and stopped.",
                    example("0"), absent_means("another change"))
          .optional("replace", &P::replace,
                    "The number of a copy, dead or alive, in whose place a new one comes. It is "
                    "removed when the new one is a member.",
                    example("0"), absent_means("another change"))
          .exactly_one_of({"add", "remove", "replace"})
          .optional("shard", &P::shard, "The shard whose copies change.", example("0"),
                    absent_means("all of them"))
          .optional("throttle", &P::throttle, "What a leader sends to new copies at most.",
                    above(Bandwidth{0}), example("50MB/s"), absent_means("what the network gives"))
          .with_default("stop_after", &P::stop_after,
                        "How long a copy that was removed runs on before it is stopped.");
  return table;
}

std::string change_text(const MembershipPlan& change, std::uint32_t first) {
  const std::string of = change.shard ? " of shard " + std::to_string(*change.shard) : "";
  if (change.remove) return "copy " + std::to_string(*change.remove) + of + " removed";
  if (change.replace)
    return "copy " + std::to_string(*change.replace) + of + " replaced by copy " +
           std::to_string(first);
  if (*change.add == 1) return "copy " + std::to_string(first) + of + " added";
  return "copies " + std::to_string(first) + " to " + std::to_string(first + *change.add - 1) + of +
         " added";
}

void check_membership(const DatabasePlan& plan, Findings& findings) {
  if (plan.membership.empty()) return;
  if (plan.replication.protocol != "raft") {
    findings.error("membership", "copies change where the protocol agrees on who they are",
                   R"(replication by "raft", or no membership)");
    return;
  }
  if (!plan.rebalance.empty()) {
    findings.error("membership", "either shards or their copies change, not both",
                   "leave out rebalance or membership");
    return;
  }
  if (plan.copies() > most_changing_copies) {
    findings.error("membership",
                   "there would be " + std::to_string(plan.copies()) + " copies of a shard in all",
                   std::to_string(most_changing_copies) + " at most, with those that are removed");
    return;
  }
  // Of every shard, the copies as its changes follow each other.
  std::vector<std::set<std::uint32_t>> members(plan.shards.count);
  for (auto& copies : members)
    for (std::uint32_t copy = 0; copy < plan.replicas; ++copy)
      copies.insert(copy);
  std::uint32_t next = plan.replicas;
  for (std::size_t i = 0; i < plan.membership.size(); ++i) {
    const MembershipPlan& change = plan.membership[i];
    const std::string at = "membership/" + std::to_string(i);
    if (i > 0 && change.at < plan.membership[i - 1].at)
      findings.error(at + "/at", "begins before the change that stands before it",
                     "write them in the order of time");
    if (change.shard && *change.shard >= plan.shards.count) {
      findings.error(at + "/shard", "there is no shard " + std::to_string(*change.shard),
                     "shards are numbered from 0 to " + std::to_string(plan.shards.count - 1));
      return;
    }
    for (std::uint32_t shard = 0; shard < plan.shards.count; ++shard) {
      if (change.shard && *change.shard != shard) continue;
      const std::string key = change.remove ? "/remove" : "/replace";
      if (const auto gone = change.removed(); gone && members[shard].erase(*gone) == 0) {
        findings.error(
            at + key, "there is no copy " + std::to_string(*gone) + " at that time",
            "copies are numbered from 0, \"replicas\" of them; new ones get the next numbers");
        return;
      }
      for (std::uint32_t copy = 0; copy < change.added(); ++copy)
        members[shard].insert(next + copy);
      if (!members[shard].empty()) continue;
      findings.error(at + key, "the last copy cannot be removed", "replace it");
      return;
    }
    next += change.added();
  }
}

}  // namespace headroom
