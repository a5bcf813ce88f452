#include "models/cache/plan.hpp"
#include "models/cache/policy.hpp"

namespace headroom {

Choices choices_of(Stampede) {
  static constexpr Choice choices[] = {
      {"none", "everybody who misses fetches the value"},
      {"coalesce", "one fetches, the others wait in the cache for what it brings",
       "singleflight of groupcache, Fitzpatrick 2013"},
      {"lease",
       "one gets a lease to fetch and set, the others look again a little later; a "
       "delete makes the lease void, so that no old value is set after it",
       "Nishtala et al. 2013, sec. 3.2.1"},
      {"early_expiry",
       "whoever looks a key up may fetch it anew before it expires, with a chance "
       "that grows towards the end",
       "Vattani, Chierichetti, Lowenstein 2015 (XFetch)"},
      {"stale_while_revalidate", "an expired value is still served while one fetches a new one",
       "Nottingham 2010, RFC 5861"},
  };
  return choices;
}

Choices choices_of(WritePolicy) {
  static constexpr Choice choices[] = {
      {"aside", "callers write to the store themselves; a set changes the cache only"},
      {"through", "a set is written to the store before it is answered"},
      {"behind",
       "a set is answered at once and written to the store later; a replica that dies loses what "
       "it has not written (`lost_writes`), and nobody knows of what is on its way "
       "(`writes_in_doubt`)"},
  };
  return choices;
}

const FieldTable& fields_of(const StorePlan*) {
  using P = StorePlan;
  static const auto table =
      FieldTable::of<P>("store", "Where a cache writes what is set.")
          .required("call", &P::target, "The service, or service.endpoint.", example("\"db\""))
          .inlined(&P::client);
  return table;
}

const FieldTable& fields_of(const InvalidationPlan*) {
  using P = InvalidationPlan;
  static const auto table =
      FieldTable::of<P>("invalidation",
                        "A feed of the store's commits that takes old copies out of the cache.")
          .source("Nishtala et al. 2013, sec. 4.1 (mcsqueal)")
          .required("delay", &P::delay, "From a commit until the copy is gone.",
                    example(R"({"exp": "50ms"})"))
          .with_default("loss", &P::loss, "Share of commits the cache is never told of.",
                        example("0.1%"));
  return table;
}

namespace {

void belongs(Findings& findings, bool is_changed, const char* key, bool is_used,
             const char* to_what) {
  if (is_changed && !is_used)
    findings.warning(key, std::string("does nothing here: it belongs to ") + to_what);
}

void check_refills(const CachePlan& plan, Findings& findings) {
  const CachePlan usual;
  const bool locks = plan.stampede == Stampede::coalesce || plan.stampede == Stampede::lease ||
                     plan.stampede == Stampede::stale_while_revalidate;
  belongs(findings, plan.refill_timeout != usual.refill_timeout, "refill_timeout", locks,
          "stampede coalesce, lease and stale_while_revalidate");
  belongs(findings, plan.look_again_after != usual.look_again_after, "look_again_after",
          plan.stampede == Stampede::lease, "stampede lease");
  belongs(findings, plan.beta != usual.beta, "beta", plan.stampede == Stampede::early_expiry,
          "stampede early_expiry");
  const bool serves_stale = plan.stampede == Stampede::stale_while_revalidate;
  belongs(findings, plan.stale_for.has_value(), "stale_for", serves_stale,
          "stampede stale_while_revalidate");
  if (serves_stale && !plan.stale_for)
    findings.error("stampede", "stale_while_revalidate needs to know for how long: `stale_for`",
                   "write \"stale_for\": \"30s\"");
  const bool needs_ttl = serves_stale || plan.stampede == Stampede::early_expiry;
  if (needs_ttl && !plan.ttl)
    findings.error("stampede", "is about keys that expire, and none does without a `ttl`",
                   "write \"ttl\": \"5min\"");
  belongs(findings, plan.ttl_jitter.value > 0, "ttl_jitter", plan.ttl.has_value(), "`ttl`");
  belongs(findings, plan.sliding_ttl, "sliding_ttl", plan.ttl.has_value(), "`ttl`");
}

void check_writes(const CachePlan& plan, Findings& findings) {
  const bool writes = plan.write != WritePolicy::aside;
  if (writes && !plan.store)
    findings.error("write", "needs to know where to: `store`",
                   "write \"store\": {\"call\": \"db\"}");
  belongs(findings, plan.store.has_value(), "store", writes, "write through and behind");
  belongs(findings, plan.flush_interval != CachePlan().flush_interval, "flush_interval",
          plan.write == WritePolicy::behind, "write behind");
}

void check_cache(const CachePlan& plan, Findings& findings) {
  check_refills(plan, findings);
  check_writes(plan, findings);
  if ((plan.capacity && plan.capacity->count == 0) || (plan.memory && plan.memory->count == 0))
    findings.warning(plan.capacity ? "capacity" : "memory", "is 0, so every get misses");
  if (!plan.hit_ratio) return;
  const bool is_real = plan.ttl || plan.stampede != Stampede::none || plan.invalidation ||
                       plan.write != WritePolicy::aside || plan.eviction != CachePlan().eviction;
  if (is_real)
    findings.error("hit_ratio",
                   "stands for the contents of the cache: nothing expires, is evicted, written "
                   "or fetched for several at once",
                   "give it a \"capacity\" in place of \"hit_ratio\", or take the others out");
}

}  // namespace

const FieldTable& fields_of(const CachePlan*) {
  using P = CachePlan;
  static const auto table =
      FieldTable::of<P>("cache",
                        "Keeps values by key, for callers that look there first. Replicas share "
                        "the keys on a consistent-hash ring, unless they are `local_to` those of "
                        "another service.")
          .with_default("zones", &P::zones, "Replicas are spread over these zones in turn.",
                        absent_means("the first zone"))
          .with_default("replicas", &P::replicas, "Equal instances, each with keys of its own.",
                        between(1.0, 1e5))
          .optional("local_to", &P::local_to,
                    "The service that has one replica of this cache in the memory of each of its "
                    "own. Each asks, fills and clears its own only, at no cost of a network, and "
                    "what is in it is gone with its host.",
                    example("\"app\""), absent_means("replicas share the keys"))
          .required("concurrency", &P::concurrency,
                    "Slots of one replica: requests it works on at once.", at_least(1.0),
                    example("1"))
          .with_default("queue_limit", &P::queue_limit,
                        "Requests that may wait for a slot of one replica.")
          .required("service_time", &P::service_time, "Work of one get, set or delete.",
                    example(R"({"exp": "80us"})"))
          .with_default("crash", &P::crash, "What callers of a killed replica see.")
          .with_default("restart_time", &P::restart_time,
                        "From the end of a kill until requests are served again, from an empty "
                        "cache.")
          .optional("capacity", &P::capacity, "Entries that one replica holds.", example("50000"))
          .optional("memory", &P::memory, "Bytes of values that one replica holds.", example("2GB"))
          .optional("hit_ratio", &P::hit_ratio,
                    "Share of gets that hit, in place of real contents.", example("90%"))
          .with_default("eviction", &P::eviction, "Which entry goes when there is no room.",
                        one_of_names(&eviction_policies))
          .optional("ttl", &P::ttl, "Time to live of an entry, from its set.",
                    above(sim::Duration()), example("5min"), absent_means("for ever"))
          .with_default("ttl_jitter", &P::ttl_jitter,
                        "Each entry lives by up to this share longer or shorter, by chance.",
                        example("10%"))
          .with_default("sliding_ttl", &P::sliding_ttl, "A hit starts the time to live anew.")
          .optional("invalidation", &P::invalidation,
                    "Copies of what is written in the store are taken out.",
                    example(R"({"delay": {"exp": "50ms"}})"),
                    absent_means("nobody tells the cache"))
          .with_default("stampede", &P::stampede, "What happens when many miss one key.")
          .with_default("refill_timeout", &P::refill_timeout,
                        "So long one that fetches a value keeps others from fetching it.",
                        above(sim::Duration()))
          .with_default("look_again_after", &P::look_again_after,
                        "Pause of a caller until it looks for a value that another one fetches.",
                        above(sim::Duration()))
          .with_default("beta", &P::beta, "Above 1 early expiry comes earlier, below 1 later.",
                        above(0.0), at_most(1e3))
          .optional("stale_for", &P::stale_for, "So long an expired value may still be served.",
                    above(sim::Duration()), example("30s"), absent_means("never"))
          .with_default("write", &P::write, "Who writes to the store.")
          .optional("store", &P::store, "Where sets are written to.", example(R"({"call": "db"})"),
                    absent_means("callers write"))
          .with_default("flush_interval", &P::flush_interval,
                        "How long a set waits at most until it is written, for write behind.",
                        above(sim::Duration()))
          .exactly_one_of({"capacity", "memory", "hit_ratio"})
          .check(check_cache);
  return table;
}

}  // namespace headroom
