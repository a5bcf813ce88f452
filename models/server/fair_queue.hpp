#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/item_table.hpp"

namespace headroom {

/// Start tags by which the clients of a queue get equal shares of its slots, however much each of
/// them asks for: whoever has the smallest is next. Who is idle is soon forgotten.
/// Source: Goyal, Vin, Cheng 1996, "Start-time Fair Queueing".
/// Departs from source: every request counts 1, as its work is not known before it is done.
class FairQueue {
 public:
  /// The tag of a request of that client which comes now.
  double tag(std::uint64_t client) {
    Client& one = known(client);
    const double start = std::max(now_, one.last);
    one.last = start + 1;
    return start;
  }
  /// One of that client's requests joins the queue.
  void join(std::uint64_t client) { ++known(client).waiting; }
  void leave(std::uint64_t client) { --known(client).waiting; }
  std::uint32_t waiting(std::uint64_t client) const {
    const Client* one = clients_.find(client);
    return one != nullptr ? one->waiting : 0;
  }
  /// A request with that tag gets its turn.
  void serve(double tag) { now_ = std::max(now_, tag); }
  std::size_t size() const { return names_.size(); }

 private:
  struct Client {
    double last = 0;  ///< Where its last request ends.
    std::uint32_t waiting = 0;
  };

  Client& known(std::uint64_t client) {
    if (Client* one = clients_.find(client)) return *one;
    if (names_.size() >= most_) forget_idle();
    names_.push_back(client);
    return clients_.at(client);
  }
  /// Those whose next request would get the tag of a newcomer.
  void forget_idle() {
    std::erase_if(names_, [&](std::uint64_t name) {
      const Client& one = *clients_.find(name);
      return one.waiting == 0 && one.last <= now_ && clients_.erase(name);
    });
    most_ = std::max(most_, 2 * names_.size());
  }

  double now_ = 0;  ///< Virtual time: the tag of whoever was served last.
  ItemTable<Client> clients_;
  std::vector<std::uint64_t> names_;
  std::size_t most_ = 64;  // Chosen: some kilobytes.
};

}  // namespace headroom
