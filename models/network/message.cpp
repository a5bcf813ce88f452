#include "models/network/message.hpp"

#include "models/network/network.hpp"

namespace headroom {

Transit::Transit(Network& network, Message& message)
    : Awaitable(network.simulation()), network_(network), message_(message) {}

bool Transit::try_now() {
  if (message_.state == Message::State::with_sender) network_.send(message_);
  return !message_.under_way();
}

void Transit::arm() {
  if (message_.state != Message::State::gone) set_deadline(message_.due);
}

void Transit::withdraw() {
  const bool due = message_.state != Message::State::gone && simulation_->now() >= message_.due;
  if (due) set_ended(Ended::done);
}

Message::State Transit::result() {
  const bool on_the_way = message_.state == Message::State::on_the_way;
  if (on_the_way && ended() == Ended::done) network_.receive(message_);
  return message_.state;
}

}  // namespace headroom
