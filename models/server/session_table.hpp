#pragma once

#include <cstdint>
#include <utility>

#include "models/item_table.hpp"
#include "models/request.hpp"
#include "models/session.hpp"

namespace headroom {

/// In whose memory the state of each session is. A session begins with its first request, at the
/// replica that gets it. A request that comes to another replica, or to one that has started anew
/// since, finds no state: the session is lost, and begins again there.
/// Memory is some 50 bytes for each session that goes on at the same time.
class SessionTable {
 public:
  /// Whether the session of a request that comes to replica `index` in its life `life` is lost.
  bool loses(const Request& request, std::uint32_t index, std::uint64_t life) {
    const Home now{index, session_generation(request.session), life};
    const auto name = std::uint64_t{request.workload} << 32 | session_place(request.session);
    Home& home = homes_.at(name);
    const Home before = std::exchange(home, now);
    const bool goes_on = before.index != Home::nowhere && before.generation == now.generation;
    const bool lost = goes_on && (before.index != index || before.life != life);
    lost_ += lost ? 1 : 0;
    return lost;
  }

  void start_measuring() { lost_ = 0; }
  std::uint64_t lost() const { return lost_; }

 private:
  struct Home {
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    std::uint32_t index = nowhere;
    std::uint8_t generation = 0;
    std::uint64_t life = 0;
  };
  ItemTable<Home> homes_;
  std::uint64_t lost_ = 0;
};

}  // namespace headroom
