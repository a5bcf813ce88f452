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

  class Acquire final : public Awaitable<Acquire>, public QueuedWait {
   public:
    Acquire(Resource& resource, double key)
        : Awaitable(resource.simulation_), QueuedWait(key), resource_(resource) {}
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
    Resource& resource_;
  };

  /// `random` decides who is next where the order is `Order::random`.
  Resource(Simulation& simulation, std::int64_t capacity, Order order = Order::first_come,
           Stream* random = nullptr)
      : simulation_(simulation), capacity_(capacity), queue_(order, random) {}
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;

  /// A unit, as soon as it is this one's turn. The smaller `key` first where the order is by key.
  Acquire acquire(double key = 0) { return Acquire(*this, key); }
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
      static_cast<Acquire&>(queue_.pop_first()).end(Wait::Ended::done);
    } else {
      hand_over();
    }
  }
  void hand_over();
  void grant() {
    while (!queue_.empty() && has_free()) {
      ++in_use_;
      static_cast<Acquire&>(queue_.pop()).end(Wait::Ended::done);
    }
  }

  Simulation& simulation_;
  std::int64_t capacity_;
  std::int64_t in_use_ = 0;
  WaitQueue queue_;
};

[[gnu::noinline]] inline void Resource::hand_over() {
  static_cast<Acquire&>(queue_.pop()).end(Wait::Ended::done);
}

inline void Lease::release() {
  if (resource_ != nullptr) std::exchange(resource_, nullptr)->release();
}

}  // namespace headroom::sim
