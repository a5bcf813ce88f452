#pragma once

#include <cstdint>
#include <utility>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/wait_queue.hpp"

namespace headroom::sim {

class Resource;

/// One unit of a resource, given back when the lease ends. An empty lease holds nothing.
class [[nodiscard]] Lease {
 public:
  Lease() = default;
  Lease(Lease&& other) noexcept : resource_(std::exchange(other.resource_, nullptr)) {}
  Lease& operator=(Lease&& other) noexcept {
    std::swap(resource_, other.resource_);
    return *this;
  }
  ~Lease() { release(); }
  explicit operator bool() const { return resource_ != nullptr; }
  void release();

 private:
  friend class Resource;
  explicit Lease(Resource& resource) : resource_(&resource) {}
  Resource* resource_ = nullptr;
};

/// A number of equal units, and those who wait for one. A unit given back goes straight to the one
/// who is next, so nobody overtakes; a grant that its taker can no longer use passes on.
class Resource {
 public:
  static constexpr std::int64_t unlimited = INT64_MAX;

  /// A place in the queue of a resource.
  class Turn : public Wait, public QueuedWait {
   protected:
    Turn(Resource& resource, double key, bool holds)
        : Wait(resource.simulation_), QueuedWait(key), resource_(resource), holds_(holds) {}
    Turn(Turn&&) = default;
    Resource& resource_;

   private:
    friend class Resource;
    bool holds_;  ///< A `Hold`; else an `Acquire`.
  };

  class Acquire final : public Awaitable<Acquire, Turn> {
   public:
    Acquire(Resource& resource, double key) : Awaitable(resource, key, false) {}
    Acquire(Acquire&&) = default;
    ~Acquire() {
      if (waiting()) withdraw();
      if (holds_unit()) resource_.release();
    }
    bool try_now() { return resource_.take_free(); }
    void arm() { resource_.queue_.push(*this); }
    Lease result() {
      if (!holds_unit()) return Lease();
      set_ended(Ended::no);  // The unit is the lease's now.
      return Lease(resource_);
    }

   private:
    friend class Resource;
    void withdraw() override { resource_.queue_.remove(*this); }
    bool holds_unit() const { return ended() == Ended::done; }
  };

  /// Waits for a unit, keeps it for a time and gives it back, all in one wait: who has nothing to
  /// do when his turn comes is not woken for it.
  class Hold final : public Awaitable<Hold, Turn> {
   public:
    Hold(Resource& resource, Duration length, double key)
        : Awaitable(resource, key, true), length_(length) {}
    Hold(Hold&&) = default;
    [[gnu::always_inline]] ~Hold() {
      if (__builtin_expect(waiting(), 0) && !has_unit_) resource_.queue_.remove(*this);
      give_back();
    }
    bool try_now() const { return false; }
    template <class Promise>
    [[gnu::always_inline]] void await_suspend(std::coroutine_handle<Promise> process);
    void arm();
    /// False when it was cut short, in the queue or later.
    bool result() {
      give_back();
      return ended() == Ended::done;
    }

   private:
    friend class Resource;
    void begin() {
      has_unit_ = true;
      due_ = simulation_->now() + length_;
    }
    void begin_from_queue();
    void begin_with_more();
    void withdraw() override;
    void give_back() {
      if (std::exchange(has_unit_, false)) resource_.release();
    }
    bool has_unit_ = false;
    union {
      Duration length_;  ///< Until it has a unit.
      Time due_;         ///< From then on.
    };
  };

  /// `random` decides who is next where the order is `Order::random`.
  Resource(Simulation& simulation, std::int64_t capacity, Order order = Order::first_come,
           Stream* random = nullptr)
      : simulation_(simulation), capacity_(capacity), queue_(order, random) {}
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// A unit, as soon as it is this one's turn. The smaller `key` first where the order is by key.
  Acquire acquire(double key = 0) { return Acquire(*this, key); }
  /// The same, kept for `length` and then given back.
  Hold hold(Duration length, double key = 0) { return Hold(*this, length, key); }
  /// A unit where one is free at once; else an empty lease.
  Lease try_acquire() { return take_free() ? Lease(*this) : Lease(); }
  bool has_free() const { return in_use_ < capacity_; }
  std::int64_t in_use() const { return in_use_; }
  std::int64_t capacity() const { return capacity_; }
  std::uint32_t waiting() const { return queue_.size(); }
  /// Where the order is `first_or_last`: the last to come is next while more than so many wait.
  void serve_last_beyond(std::uint32_t waiting) { queue_.serve_last_beyond(waiting); }
  /// Units in use beyond a smaller capacity are kept until they are given back.
  void set_capacity(std::int64_t capacity) {
    capacity_ = capacity;
    grant();
  }

 private:
  friend class Lease;
  bool take_free() {
    if (!has_free() || !queue_.empty()) return false;
    ++in_use_;
    return true;
  }
  /// The unit goes straight to who is next, unless there are more in use than there should be.
  void release() {
    if (queue_.empty() || in_use_ > capacity_) {
      --in_use_;
    } else if (queue_.order() == Order::first_come) {
      hand_to(queue_.pop_first());
    } else {
      hand_over();
    }
  }
  void hand_over();
  [[gnu::always_inline]] static void hand_to(QueuedWait& next) {
    Turn& turn = static_cast<Turn&>(next);
    if (turn.holds_) {
      static_cast<Hold&>(turn).begin_from_queue();
    } else {
      static_cast<Acquire&>(turn).end(Wait::Ended::done);
    }
  }
  void grant() {
    while (!queue_.empty() && has_free()) {
      ++in_use_;
      hand_to(queue_.pop());
    }
  }

  Simulation& simulation_;
  std::int64_t capacity_;
  std::int64_t in_use_ = 0;
  WaitQueue queue_;
};

[[gnu::noinline]] inline void Resource::hand_over() {
  hand_to(queue_.pop());
}

/// Most are not limited: these need neither a deadline nor to withdraw.
template <class Promise>
[[gnu::always_inline]] inline void Resource::Hold::await_suspend(
    std::coroutine_handle<Promise> process) {
  if (is_limited() || length_ <= Duration()) return Awaitable::await_suspend(process);
  if (resource_.take_free()) {
    begin();
    pause(process, due_);
  } else {
    suspend(process);
    resource_.queue_.push(*this);
  }
}

inline void Resource::Hold::begin_from_queue() {
  begin();
  if (due_ <= simulation_->now() || !try_to_pause(due_)) begin_with_more();
}

inline void Lease::release() {
  if (resource_ != nullptr) std::exchange(resource_, nullptr)->release();
}

}  // namespace headroom::sim
