#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace headroom {

/// Start tags by which the clients of a queue get equal shares of its slots, however much each of
/// them asks for: whoever has the smallest is next.
/// Source: Goyal, Vin, Cheng 1996, "Start-time Fair Queueing".
/// Departs from source: every request counts 1, as its work is not known before it is done.
class FairQueue {
 public:
  /// The tag of a request of that client which comes now.
  double tag(std::uint16_t client) {
    if (client >= last_.size()) last_.resize(client + std::size_t{1});
    const double start = std::max(now_, last_[client]);
    last_[client] = start + 1;
    return start;
  }
  /// One of that client's requests joins the queue.
  void join(std::uint16_t client) { ++waiting_of(client); }
  void leave(std::uint16_t client) { --waiting_of(client); }
  std::uint32_t waiting(std::uint16_t client) { return waiting_of(client); }
  /// A request with that tag gets its turn.
  void serve(double tag) { now_ = std::max(now_, tag); }

 private:
  std::uint32_t& waiting_of(std::uint16_t client) {
    if (client >= waiting_.size()) waiting_.resize(client + std::size_t{1});
    return waiting_[client];
  }

  double now_ = 0;            ///< Virtual time: the tag of whoever was served last.
  std::vector<double> last_;  ///< By client: where its last request ends.
  std::vector<std::uint32_t> waiting_;
};

}  // namespace headroom
