#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "models/endpoint.hpp"
#include "models/network/network.hpp"

namespace headroom {

/// The network in front of one instance: carries a request (`size` bytes) from the zone of its
/// sender to the zone of the instance, and the answer (`reply_size` bytes) back.
///
/// A leg that a partition refuses ends the call as failed, at the instant at which the message
/// would have been sent or, when it was on the way already, would have arrived, with `no_backend`;
/// an answer that is refused ends it too, although the work is done, and without a cause. A leg
/// that vanishes leaves the caller waiting.
class Port final : public Endpoint {
 public:
  /// `service` is whose instance it is. The draws of a request belong to it and to the request, not
  /// to the replica, so that the same request meets the same latencies whichever replica serves it.
  Port(Network& network, Endpoint& instance, std::uint16_t zone, std::string_view service);

  /// How many answers a reply is as large as; one where nobody says so.
  using Answers = std::function<std::int64_t(const Request&, const Reply&)>;
  void count_answers(Answers answers) { answers_ = std::move(answers); }

  sim::Task<Reply> call(Request request) override;
  /// A message without content to the instance, and one back. A refused one is answered "no".
  sim::Task<bool> probe(std::uint16_t zone) override;

 private:
  sim::Task<bool> carry_probe(std::uint16_t zone);

  Network& network_;
  Endpoint& instance_;
  std::string name_;
  std::uint64_t service_;  ///< Hash of its name.
  std::uint16_t zone_;
  Answers answers_;
};

}  // namespace headroom
