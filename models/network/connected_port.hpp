#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/endpoint.hpp"
#include "models/network/network.hpp"

namespace headroom {

/// Connections in front of one instance. A call takes an idle connection of its site, the one used
/// last, or sets up a new one first: one round trip for TCP (its third message carries the request)
/// and those of TLS. After the answer the connection is kept, as long as there are fewer than
/// `keep_alive` idle ones of that site, for `idle_timeout`.
///
/// Source: RFC 9293 (three-way handshake), RFC 8446 (one round trip of TLS 1.3).
class ConnectedPort final : public Endpoint {
 public:
  /// `port` is the network in front of the instance of `service`, which stands at `site`.
  ConnectedPort(Network& network, Endpoint& port, std::uint16_t site, std::string_view service,
                const ConnectionsPlan& plan);

  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t site) override { return port_.probe(site); }
  /// Connections set up so far.
  std::uint64_t opened() const { return opened_; }

 private:
  bool take_idle(std::uint16_t site);
  void give_back(std::uint16_t site);

  Network& network_;
  Endpoint& port_;
  const std::uint16_t site_;
  const std::string name_;
  const std::uint64_t service_;
  const ConnectionsPlan plan_;
  std::vector<std::vector<sim::Time>> idle_;  ///< By site: since when, oldest first.
  std::uint64_t opened_ = 0;
};

}  // namespace headroom
