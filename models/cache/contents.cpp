#include "models/cache/contents.hpp"

#include <algorithm>
#include <cmath>

#include "models/draw.hpp"

namespace headroom {

namespace {

/// What is drawn for a request at a cache, each with its own key.
enum Purpose : std::uint64_t { for_hit = 1, for_early_expiry, for_life };

std::string stream_name(const std::string& replica) {
  return replica + "/eviction";
}

std::uint64_t service_hash(const std::string& replica) {
  return sim::hash_name(replica.substr(0, replica.find('[')));
}

}  // namespace

Contents::Contents(sim::Simulation& simulation, const CachePlan& plan, const std::string& name,
                   std::span<const KeySpace> keys, Versions& versions, sim::Time end)
    : simulation_(simulation),
      plan_(plan),
      is_plain_(!plan.hit_ratio && !plan.ttl),
      draws_(service_hash(name)),
      keys_(keys),
      versions_(versions),
      entries_(plan, sim::Stream(simulation.seed(), simulation.replication(), stream_name(name)),
               end),
      refills_(plan.refill_timeout) {}

Reply Contents::look_up_with_care(const Request& request) {
  if (plan_.hit_ratio) return chance(request);
  const std::uint64_t item = request.item();
  const CacheSlot entry = entries_.get(item);
  if (entry == no_slot) return missed(request);
  if (const sim::Time expires = entries_.expires(entry); now() >= expires) {
    ++counts_.expired;
    if (plan_.stale_for && now() < expires + *plan_.stale_for) {
      if (refills_.is_taken(item, request.origin, now())) return hit(request, entry, Lookup::hit);
      refills_.take(item, request.origin, now());
      ++counts_.refreshed;
      return hit(request, entry, Lookup::refresh);
    }
    entries_.erase(item, now());
    return missed(request);
  }
  if (plan_.stampede == Stampede::early_expiry && expires_early(request, entry)) {
    ++counts_.early;
    return missed(request);
  }
  if (plan_.sliding_ttl) entries_.set_expires(entry, end_of_life(request));
  return hit(request, entry, Lookup::hit);
}

/// Without contents a share of gets hits, drawn by the request, so that the same ones do in every
/// design.
Reply Contents::chance(const Request& request) {
  const double rank = sim::Keyed(sim::mix(sim::mix(request.origin, draws_), for_hit)).uniform();
  const bool is_hit = rank < plan_.hit_ratio->value;
  ++(is_hit ? counts_.hits : counts_.misses);
  Reply reply;
  reply.lookup = is_hit ? Lookup::hit : Lookup::miss;
  return reply;
}

Reply Contents::missed(const Request& request) {
  const bool in_turn = plan_.stampede == Stampede::coalesce || plan_.stampede == Stampede::lease;
  Reply reply;
  if (in_turn && refills_.is_taken(request.item(), request.origin, now())) {
    reply.lookup = Lookup::wait;
    if (waits_inside(reply))
      ++waiting_;
    else
      ++counts_.told_to_wait;
    return reply;
  }
  if (plan_.stampede != Stampede::none) refills_.take(request.item(), request.origin, now());
  ++counts_.misses;
  reply.lookup = Lookup::miss;
  return reply;
}

/// Source: Vattani, Chierichetti, Lowenstein 2015, "Optimal probabilistic cache stampede
/// prevention": as if now were later by the time of a fetch times an exponential variate.
bool Contents::expires_early(const Request& request, CacheSlot entry) const {
  sim::Keyed draws(sim::mix(sim::mix(request.origin, draws_), for_early_expiry));
  const double ahead = plan_.beta * detail::draw_exponential(draws) *
                       static_cast<double>(entries_.fetch_time(entry).count_ns());
  return now() + sim::Duration::rounded_ns(ahead) >= entries_.expires(entry);
}

void Contents::note_stale(sim::Time since) {
  ++counts_.stale;
  counts_.staleness.record((now() - since).count_ns());
}

/// A value that is handed on as it comes.
Reply Contents::delayed_hit(const Request& request, std::uint32_t version) {
  ++counts_.hits;
  ++counts_.coalesced;
  if (version < versions_.current(request.item())) {
    note_stale(versions_.superseded_at(request.item(), version));
  }
  return answer(request, version, Lookup::hit);
}

sim::Time Contents::wait_for(const Request& request, sim::Trigger<Refills::News> trigger) {
  refills_.await(request.item(), std::move(trigger));
  return refills_.ends_at(request.item());
}

Reply Contents::look_again(const Request& request, const std::optional<Refills::News>& news) {
  --waiting_;
  if (news && news->has_value) return delayed_hit(request, news->version);
  const CacheSlot entry = entries_.find(request.item());
  if (entry == no_slot || now() >= entries_.expires(entry)) return missed(request);
  ++counts_.coalesced;
  return hit(request, entry, Lookup::hit);
}

bool Contents::held_by(const Request& request) const {
  return refills_.held_for(request.item(), request.origin, now()) >= sim::Duration();
}

/// With leases only who got one for this miss may set what it fetched.
bool Contents::is_refused(const Request& request) const {
  return plan_.stampede == Stampede::lease && request.operation == Operation::fill &&
         !held_by(request);
}

/// From the miss to the set; as it was before where this was not the last to miss.
sim::Duration Contents::time_to_fetch(const Request& request) {
  const sim::Duration held = refills_.held_for(request.item(), request.origin, now());
  if (held >= sim::Duration()) return held;
  const CacheSlot entry = entries_.find(request.item());
  return entry == no_slot ? sim::Duration() : entries_.fetch_time(entry);
}

Reply Contents::set(const Request& request) {
  ++counts_.sets;
  if (plan_.hit_ratio) return Reply::ok();
  const std::uint64_t item = request.item();
  const std::uint32_t truth = versions_.current(item);
  const bool has_value = request.version_space != 0 && request.version_space == request.key_space;
  const std::uint32_t version = has_value ? request.version : truth;
  if (is_refused(request)) {
    ++counts_.refused_fills;
    return answer(request, version, Lookup::none);
  }
  const bool is_timed = plan_.stampede == Stampede::early_expiry;
  const sim::Duration fetch_time = is_timed ? time_to_fetch(request) : sim::Duration();
  if (const CacheSlot entry = entries_.set(item, size_of(request), now()); entry != no_slot) {
    entries_.set_version(entry, version);
    entries_.set_expires(entry, end_of_life(request));
    entries_.set_fetch_time(entry, fetch_time);
    if (version < truth) entries_.set_stale_since(entry, versions_.superseded_at(item, version));
  }
  // Early expiry has no turns: each fetch is timed for itself.
  const bool has_turns = plan_.stampede != Stampede::early_expiry;
  if (has_turns || held_by(request)) refills_.end(item, {true, version});
  return answer(request, version, Lookup::none);
}

Reply Contents::erase(const Request& request) {
  invalidate(request.item());
  return Reply::ok();
}

void Contents::invalidate(std::uint64_t item) {
  if (entries_.erase(item, now())) ++counts_.erased;
  // The lease is void: what its holder brings may be older than what was written.
  if (plan_.stampede == Stampede::lease) refills_.end(item, {});
}

void Contents::give_up(const Request& request) {
  if (held_by(request)) refills_.end(request.item(), {});
}

void Contents::settle(const Request& request, std::uint32_t version) {
  const CacheSlot entry = entries_.find(request.item());
  if (entry == no_slot) return;
  entries_.set_version(entry, version);
  const bool is_old = version < versions_.current(request.item());
  entries_.set_stale_since(
      entry, is_old ? versions_.superseded_at(request.item(), version) : sim::Time::never());
}

void Contents::on_commit(std::uint64_t item) {
  const CacheSlot entry = entries_.find(item);
  if (entry != no_slot && entries_.stale_since(entry) == sim::Time::never())
    entries_.set_stale_since(entry, now());
}

void Contents::clear() {
  entries_.clear(now());
  refills_.clear();
}

sim::Time Contents::end_of_life(const Request& request) const {
  if (!plan_.ttl) return sim::Time::never();
  if (plan_.ttl_jitter.value == 0) return now() + *plan_.ttl;
  sim::Keyed draws(sim::mix(sim::mix(request.origin, draws_), for_life));
  const double swing = plan_.ttl_jitter.value * (2 * draws.uniform() - 1);
  const double life_ns = static_cast<double>(plan_.ttl->count_ns()) * (1 + swing);
  return now() + sim::Duration::rounded_ns(life_ns);
}

std::int64_t Contents::size_of(const Request& request) const {
  if (!plan_.memory) return 1;
  return request.key_space == 0 ? 1 : keys_[request.key_space - 1u].value_size(request);
}

void Contents::start_measuring() {
  entries_.start_measuring(now());
  sim::Histogram staleness = std::move(counts_.staleness);
  staleness.clear();
  counts_ = CacheResult();
  counts_.staleness = std::move(staleness);
  waiting_at_start_ = waiting_;
}

CacheResult Contents::result() const {
  CacheResult result = counts_;
  result.evictions = entries_.evictions();
  result.entries_area = entries_.area(now());
  const auto answered = result.hits + result.misses + result.told_to_wait + result.gone;
  HEADROOM_CHECK_IN(simulation_, static_cast<std::int64_t>(result.gets) + waiting_at_start_ ==
                                     static_cast<std::int64_t>(answered) + waiting_);
  return result;
}

}  // namespace headroom
