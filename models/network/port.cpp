#include "models/network/port.hpp"

#include "models/tracing.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

Port::Port(Network& network, Endpoint& instance, std::uint16_t zone, std::string_view service)
    : Endpoint(network.simulation()),
      network_(network),
      instance_(instance),
      name_(service),
      service_(sim::hash_name(service)),
      zone_(zone) {}

sim::Task<Reply> Port::call(Request request) {
  const std::uint64_t key = sim::mix(request.draw_key, service_);
  Message message{.draw_key = key, .bytes = request.size, .from = request.zone, .to = zone_};
  Traced leg(request.span, SpanKind::network, &name_);
  Reply reply;
  for (bool answered = false;; answered = true) {
    while (message.under_way())
      co_await network_.carry(message);
    if (message.state == Message::State::gone) co_await sim::Never();
    if (message.state == Message::State::refused)
      co_return Reply::failed(answered ? DropCause::none : DropCause::no_backend);
    if (answered) co_return reply;
    leg.end();
    auto call = instance_.call(request);
    reply = co_await call;
    leg.begin(request.span, SpanKind::network, &name_);
    const std::int64_t answers = answers_ ? answers_(request, reply) : 1;
    message = {
        .draw_key = ~key, .bytes = answers * request.reply_size, .from = zone_, .to = request.zone};
  }
}

sim::Task<bool> Port::probe(std::uint16_t zone) {
  if (network_.is_local(zone, zone_)) return instance_.probe(zone);
  return carry_probe(zone);
}

sim::Task<bool> Port::carry_probe(std::uint16_t zone) {
  const std::uint64_t key = network_.next_key();
  Message message{.draw_key = sim::mix(key, 0), .from = zone, .to = zone_};
  while (message.under_way())
    co_await network_.carry(message);
  if (message.state == Message::State::gone) co_await simulation_.delay(sim::Duration::forever());
  if (message.state == Message::State::refused) co_return false;
  const bool healthy = co_await instance_.probe(zone);
  message = {.draw_key = sim::mix(key, 1), .from = zone_, .to = zone};
  while (message.under_way())
    co_await network_.carry(message);
  if (message.state == Message::State::gone) co_await simulation_.delay(sim::Duration::forever());
  if (message.state == Message::State::refused) co_return false;
  co_return healthy;
}

}  // namespace headroom
