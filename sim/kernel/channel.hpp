#pragma once

#include <optional>
#include <utility>

#include "sim/kernel/ring.hpp"
#include "sim/kernel/simulation.hpp"
#include "sim/kernel/wait_queue.hpp"

namespace headroom::sim {

/// A bounded first-in-first-out queue between processes. A sender waits while it is full, a
/// receiver while it is empty; both are served in the order in which they came.
template <class T>
class Channel {
 public:
  class Send final : public Awaitable<Send>, public QueuedWait {
   public:
    Send(Channel& channel, T value)
        : Awaitable<Send>(channel.simulation_),
          QueuedWait(0),
          channel_(channel),
          value_(std::move(value)) {}
    Send(Send&&) = default;
    ~Send() {
      if (this->waiting()) withdraw();
    }
    bool try_now() { return channel_.accept(value_); }
    void arm() { channel_.senders_.push(*this); }
    /// Whether the value was taken; false when the deadline came first.
    bool result() const { return this->ended() == Wait::Ended::done; }

   private:
    friend class Channel;
    void withdraw() override { channel_.senders_.remove(*this); }
    Channel& channel_;
    T value_;
  };

  class Receive final : public Awaitable<Receive>, public QueuedWait {
   public:
    explicit Receive(Channel& channel)
        : Awaitable<Receive>(channel.simulation_), QueuedWait(0), channel_(channel) {}
    Receive(Receive&&) = default;
    /// What was handed over to a process that is destroyed before it resumes goes to the next.
    ~Receive() {
      if (this->waiting()) withdraw();
      if (value_) channel_.put_back(std::move(*value_));
    }
    bool try_now() { return (value_ = channel_.provide()).has_value(); }
    void arm() { channel_.receivers_.push(*this); }
    /// The value, or nothing when the deadline came first.
    std::optional<T> result() { return std::exchange(value_, std::nullopt); }

   private:
    friend class Channel;
    void withdraw() override { channel_.receivers_.remove(*this); }
    Channel& channel_;
    std::optional<T> value_;
  };

  Channel(Simulation& simulation, std::size_t capacity)
      : simulation_(simulation),
        capacity_(capacity),
        senders_(Order::first_come, nullptr),
        receivers_(Order::first_come, nullptr) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  Send send(T value) { return Send(*this, std::move(value)); }
  Receive receive() { return Receive(*this); }
  std::size_t size() const { return items_.size(); }

 private:
  bool accept(T& value) {
    if (!receivers_.empty()) {
      hand_over(std::move(value));
      return true;
    }
    if (items_.size() >= capacity_) return false;
    items_.push(std::move(value));
    return true;
  }
  std::optional<T> provide() {
    if (items_.empty()) {
      if (senders_.empty()) return std::nullopt;
      return take_from_sender();  // a channel without room hands over directly
    }
    std::optional<T> value = items_.pop();
    // Not while a value that was put back stands beyond the capacity.
    if (!senders_.empty() && items_.size() < capacity_) items_.push(take_from_sender());
    return value;
  }
  T take_from_sender() {
    auto& sender = static_cast<Send&>(senders_.pop());
    T value = std::move(sender.value_);
    sender.end(Wait::Ended::done);
    return value;
  }
  void hand_over(T value) {
    auto& receiver = static_cast<Receive&>(receivers_.pop());
    receiver.value_ = std::move(value);
    receiver.end(Wait::Ended::done);
  }
  void put_back(T value) {
    if (!receivers_.empty()) {
      hand_over(std::move(value));
    } else {
      items_.push_front(std::move(value));
    }
  }

  Simulation& simulation_;
  std::size_t capacity_;
  Ring<T> items_;
  WaitQueue senders_;
  WaitQueue receivers_;
};

}  // namespace headroom::sim
