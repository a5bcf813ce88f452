#pragma once

#include <cstdint>

namespace headroom::sim {

/// A running hash over every dispatched event: when, and which process went on. Two runs with the
/// same digest took the same path; the order counts.
/// Source of the mixing step: multiply and fold, as in wyhash (Wang Yi 2019), one round.
class Digest {
 public:
  void add(std::int64_t time_ns, std::uint32_t process) {
    const auto event = static_cast<std::uint64_t>(time_ns) ^ (process * 0xD1342543DE82EF95u);
    state_ = (state_ ^ event) * 0x9E3779B97F4A7C15u;
    state_ ^= state_ >> 29;
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x243F6A8885A308D3u;
};

}  // namespace headroom::sim
