#pragma once

#include <cstdint>

#include "sim/kernel/wait.hpp"

namespace headroom {

class Network;
struct DelayLink;

/// How many partitions of each mode have begun, by which a message knows that one began meanwhile.
struct Cuts {
  std::uint32_t silent = 0, refusing = 0;
  bool operator==(const Cuts&) const = default;
};

/// What the network carried since measuring started.
struct NetworkCounts {
  std::uint64_t messages = 0;  ///< Given to the network; one sent again counts once.
  std::uint64_t bytes = 0;     ///< Of those.
  std::uint64_t lost = 0;      ///< Transmissions lost by chance or for want of room in a queue.
  std::uint64_t cut = 0;       ///< Messages that a partition swallowed or refused.
};

/// A message between two zones. It lives with the process that sends it.
struct Message {
  enum class State : std::uint8_t {
    with_sender,  ///< not sent, or lost and waiting to be sent again
    on_the_way,
    arrived,
    refused,  ///< by a partition
    gone,     ///< for good: nobody will learn of it
  };

  std::uint64_t draw_key = 0;  ///< Its latency and its losses derive from this key.
  std::int64_t bytes = 0;
  std::uint16_t from = 0, to = 0;  ///< Sites.

  State state = State::with_sender;
  std::uint8_t transmissions = 0;
  std::uint16_t hop = UINT16_MAX;  ///< Of a topology: over which it is, or was last.
  Cuts cuts{};                     ///< As they were when it was last sent.
  sim::Time due{};  ///< When it arrives, or is sent again; never: when its transfer has ended.
  DelayLink* over = nullptr;  ///< The link it is on, where a failure may change that.
  sim::Time left{};           ///< When its last byte leaves that.

  bool under_way() const { return state == State::with_sender || state == State::on_the_way; }
};

/// The wait of a process whose message is under way: until it arrives, or until its next
/// transmission where this one is lost, or until its transfer has ended. From `Network::carry`. It
/// has no deadline.
class Transit : private sim::Wait {
 public:
  Transit(Network& network, Message& message);
  ~Transit() {
    if (link_ != nullptr) [[unlikely]]
      leave_link();
    if (waiting() && message_.due == sim::Time::never()) [[unlikely]]
      forget();
  }

  /// Sends the message. True when it is at its end at once.
  bool await_ready();
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> process) {
    set_off(process, 0);
  }
  void await_resume();
  /// The transfer that it waits for has ended.
  void arrive() { end(Ended::done); }

 protected:
  void set_off(std::coroutine_handle<> process, double most_bytes_per_s) {
    pause(process, message_.due);
    if (message_.over != nullptr) [[unlikely]]
      enter_link();
    if (message_.due == sim::Time::never()) [[unlikely]]
      begin_transfer(most_bytes_per_s);
  }

 private:
  friend struct DelayLink;
  void begin_transfer(double most_bytes_per_s);
  void forget();
  void enter_link();
  void leave_link();
  /// Its message is due at another time than before, or at its end.
  void wait_anew();

  Network& network_;
  Message& message_;
  DelayLink* link_ = nullptr;  ///< On which it stands in line.
  Transit* next_;
  Transit* previous_;
};

}  // namespace headroom
