#include "models/network/courier.hpp"

#include "sim/kernel/never.hpp"

namespace headroom {

sim::Task<bool> NetworkCourier::carry(std::uint16_t from, std::uint16_t to, std::int64_t bytes,
                                      std::uint64_t key) {
  Message message{.draw_key = key, .bytes = bytes, .from = from, .to = to};
  while (message.under_way())
    co_await network_.carry(message);
  if (message.state == Message::State::gone) co_await sim::Never();
  co_return message.state == Message::State::arrived;
}

}  // namespace headroom
