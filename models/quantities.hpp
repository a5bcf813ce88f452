#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom {

/// Events per second of simulated time. In a file: "800/s", "10k/s", "90/min".
struct Rate {
  double per_s = 0;
  auto operator<=>(const Rate&) const = default;
};

/// A size in memory or on the wire. In a file: "2kB" (2,000), "4KiB" (4,096).
struct Bytes {
  std::int64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
};

/// Bytes per second. In a file: "10Gbit/s" or "1.25GB/s".
struct Bandwidth {
  double bytes_per_s = 0;
  auto operator<=>(const Bandwidth&) const = default;
};

/// A share, 0 to 1 unless its field says otherwise. In a file: 0.25 or "25%".
struct Ratio {
  double value = 0;
  auto operator<=>(const Ratio&) const = default;
};

/// A rank in percent, above 0 and below 100. In a file: "p95", "p99.9".
struct Percentile {
  double percent = 0;
  auto operator<=>(const Percentile&) const = default;
};

/// A count with an upper end that may be open. In a file: 200 or "unlimited".
struct Limit {
  std::int64_t count = 0;
  static constexpr Limit unlimited() { return Limit{INT64_MAX}; }
  constexpr bool is_unlimited() const { return count == INT64_MAX; }
  auto operator<=>(const Limit&) const = default;
};

/// What a reference names; the reader lists every reference so that one pass can check them all.
enum class RefKind : std::uint8_t { service, workload, zone, key_space, call_target };

template <RefKind kind>
struct Ref {
  std::string name;
  bool operator==(const Ref&) const = default;
};
using ServiceRef = Ref<RefKind::service>;
using WorkloadRef = Ref<RefKind::workload>;
using ZoneRef = Ref<RefKind::zone>;
using KeySpaceRef = Ref<RefKind::key_space>;

/// "svc" or "svc.endpoint"; `endpoint` is empty where the file names none.
struct CallTarget {
  std::string service, endpoint;
  bool operator==(const CallTarget&) const = default;
};

/// Things by name in the order of the file.
template <class T>
struct Named {
  std::vector<std::pair<std::string, T>> entries;

  auto begin() const { return entries.begin(); }
  auto end() const { return entries.end(); }
  std::size_t size() const { return entries.size(); }
  bool empty() const { return entries.empty(); }

  /// Null when there is none of that name.
  const T* find(std::string_view name) const {
    for (const auto& [key, value] : entries)
      if (key == name) return &value;
    return nullptr;
  }
  T& add(std::string name, T value = {}) {
    return entries.emplace_back(std::move(name), std::move(value)).second;
  }
};

}  // namespace headroom
