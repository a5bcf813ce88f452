#include "models/network/connected_port.hpp"

#include "models/tracing.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

ConnectedPort::ConnectedPort(Network& network, Endpoint& port, std::uint16_t site,
                             std::string_view service, const ConnectionsPlan& plan)
    : Endpoint(network.simulation()),
      network_(network),
      port_(port),
      site_(site),
      name_(service),
      service_(sim::mix(sim::hash_name(service), sim::hash_name("connections"))),
      plan_(plan) {}

bool ConnectedPort::take_idle(std::uint16_t site) {
  if (site >= idle_.size()) return false;
  std::vector<sim::Time>& idle = idle_[site];
  if (idle.empty()) return false;
  const bool is_open = simulation_.now() - idle.back() <= plan_.idle_timeout;
  if (is_open)
    idle.pop_back();
  else
    idle.clear();  // The others have been idle for longer.
  return is_open;
}

void ConnectedPort::give_back(std::uint16_t site) {
  if (site >= idle_.size()) idle_.resize(site + 1u);
  std::vector<sim::Time>& idle = idle_[site];
  if (idle.size() >= plan_.keep_alive && !idle.empty() &&
      simulation_.now() - idle.front() > plan_.idle_timeout)
    idle.erase(idle.begin());
  if (idle.size() < plan_.keep_alive) idle.push_back(simulation_.now());
}

sim::Task<Reply> ConnectedPort::call(Request request) {
  if (network_.is_local(request.zone, site_)) co_return co_await port_.call(request);
  if (!take_idle(request.zone)) {
    ++opened_;
    const Traced sets_up(request.span, SpanKind::network, &name_);
    const std::uint64_t key = sim::mix(request.draw_key, service_);
    for (std::uint64_t leg = 0; leg < 2 * (1 + std::uint64_t{plan_.tls_round_trips}); ++leg) {
      Message message{.draw_key = sim::mix(key, leg), .from = request.zone, .to = site_};
      if (leg % 2 == 1) std::swap(message.from, message.to);
      while (message.under_way())
        co_await network_.carry(message);
      if (message.state == Message::State::gone) co_await sim::Never();
      if (message.state == Message::State::refused) co_return Reply::failed(DropCause::no_backend);
    }
  }
  const std::uint16_t site = request.zone;
  const Reply reply = co_await port_.call(request);
  give_back(site);
  co_return reply;
}

}  // namespace headroom
