#include "models/consistency/zones.hpp"

#include <algorithm>
#include <limits>

namespace headroom::consistency {

namespace {

/// All that touches one value: from its first end to its last start something must hold it
/// (forward), or it needs only some instant in between (backward).
struct Zone {
  std::int64_t value = 0;
  const Operation* write = nullptr;  ///< null: the initial value
  const Operation* first_end = nullptr;
  const Operation* last_start = nullptr;
  bool is_initial = false, is_read = false;

  // The initial value was written before everything.
  std::int64_t end() const { return is_initial ? INT64_MIN : first_end->ret; }
  std::int64_t start() const { return last_start == nullptr ? INT64_MIN : last_start->call; }
  bool is_forward() const { return end() < start(); }

  void take(const Operation* operation) {
    if (first_end == nullptr || operation->ret < first_end->ret) first_end = operation;
    if (last_start == nullptr || operation->call > last_start->call) last_start = operation;
  }
};

using Pointers = std::vector<const Operation*>;

bool by_value(const Operation* a, const Operation* b) {
  if (a->value != b->value) return a->value < b->value;
  return a->f == Function::write && b->f != Function::write;
}

Pointers sorted_by_value(std::span<const Operation* const> operations) {
  Pointers sorted(operations.begin(), operations.end());
  std::sort(sorted.begin(), sorted.end(), by_value);
  return sorted;
}

/// What makes both zones need the other to be over: first ends, last starts, writes.
ZoneConflict crossing(const History& history, const Zone& a, const Zone& b) {
  ZoneConflict conflict;
  for (const Zone* zone : {&a, &b}) {
    for (const Operation* each : {zone->write, zone->first_end, zone->last_start}) {
      const auto& known = conflict.operations;
      if (each != nullptr && std::find(known.begin(), known.end(), each) == known.end())
        conflict.operations.push_back(each);
    }
  }
  const std::string va = history.value_name(a.value), vb = history.value_name(b.value);
  conflict.text =
      "value " + vb + " was there after " + va + " had been and before " + va + " was seen again";
  return conflict;
}

/// One zone each value, or a read that no order can explain.
std::optional<ZoneConflict> zones_of(const History& history,
                                     std::span<const Operation* const> operations,
                                     std::int64_t initial, std::vector<Zone>& zones) {
  const Pointers sorted = sorted_by_value(operations);
  for (std::size_t i = 0; i < sorted.size();) {
    Zone zone;
    zone.value = sorted[i]->value;
    zone.is_initial = zone.value == initial;
    const Operation* first = sorted[i];
    if (!zone.is_initial) {
      if (first->f != Function::write) {
        return ZoneConflict{
            {first}, "value " + history.value_name(zone.value) + " was read and never written"};
      }
      zone.write = first;
    }
    for (; i < sorted.size() && sorted[i]->value == zone.value; ++i) {
      const Operation* each = sorted[i];
      zone.take(each);
      zone.is_read = zone.is_read || each->f == Function::read;
      if (zone.write != nullptr && each->ret < zone.write->call) {
        return ZoneConflict{
            {zone.write, each},
            "value " + history.value_name(zone.value) + " was read before it was written"};
      }
    }
    // An open write that nobody read need not have happened.
    if (zone.is_read || !first->is_open()) zones.push_back(zone);
  }
  return std::nullopt;
}

}  // namespace

bool zones_apply(std::span<const Operation* const> operations, std::int64_t initial) {
  std::vector<std::int64_t> written;
  for (const Operation* each : operations) {
    if (each->f == Function::write) {
      if (each->value == initial) return false;
      written.push_back(each->value);
    } else if (each->f != Function::read) {
      return false;
    }
  }
  std::sort(written.begin(), written.end());
  return std::adjacent_find(written.begin(), written.end()) == written.end();
}

/// No linearisation exists exactly when two zones each have a first end before the other's last
/// start: two forward zones that overlap, or a backward zone within a forward one.
std::optional<ZoneConflict> zone_conflict(const History& history,
                                          std::span<const Operation* const> operations,
                                          std::int64_t initial) {
  std::vector<Zone> zones;
  if (auto conflict = zones_of(history, operations, initial, zones)) return conflict;
  const auto middle = std::stable_partition(zones.begin(), zones.end(),
                                            [](const Zone& zone) { return zone.is_forward(); });
  std::sort(zones.begin(), middle, [](const Zone& a, const Zone& b) { return a.end() < b.end(); });
  for (auto zone = zones.begin(); zone != middle && zone + 1 != middle; ++zone) {
    if ((zone + 1)->end() < zone->start()) return crossing(history, *zone, *(zone + 1));
  }
  for (auto backward = middle; backward != zones.end(); ++backward) {
    const auto after =
        std::lower_bound(zones.begin(), middle, backward->start(),
                         [](const Zone& zone, std::int64_t start) { return zone.end() < start; });
    if (after == zones.begin()) continue;
    const Zone& forward = *(after - 1);
    if (backward->end() < forward.start()) return crossing(history, forward, *backward);
  }
  return std::nullopt;
}

}  // namespace headroom::consistency
