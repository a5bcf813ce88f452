#include "models/results.hpp"

namespace headroom {

CacheResult& CacheResult::operator+=(const CacheResult& other) {
  gets += other.gets;
  hits += other.hits;
  misses += other.misses;
  told_to_wait += other.told_to_wait;
  gone += other.gone;
  coalesced += other.coalesced;
  expired += other.expired;
  early += other.early;
  refreshed += other.refreshed;
  stale += other.stale;
  sets += other.sets;
  refused_fills += other.refused_fills;
  erased += other.erased;
  evictions += other.evictions;
  acknowledged += other.acknowledged;
  lost_writes += other.lost_writes;
  entries_area += other.entries_area;
  staleness.merge(other.staleness);
  return *this;
}

}  // namespace headroom
