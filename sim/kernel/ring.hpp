#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace headroom::sim {

/// A first-in-first-out queue in a circular array that grows by doubling and never shrinks. An
/// element keeps its place (a wrapping index) while it is in the queue.
template <class T>
class Ring {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return static_cast<std::uint32_t>(tail_ - head_); }
  T& operator[](std::uint32_t place) { return items_[place & mask_]; }
  bool full() const { return size() == capacity_; }
  T& front() { return items_[head_ & mask_]; }
  T& back() { return items_[(tail_ - 1) & mask_]; }
  std::uint32_t head() const { return head_; }

  std::uint32_t push(T item) {
    if (full()) grow();
    return push_where_room(std::move(item));
  }
  /// The same; only when not full.
  std::uint32_t push_where_room(T item) {
    items_[tail_ & mask_] = std::move(item);
    return tail_++;
  }
  void push_front(T item) {
    if (full()) grow();
    items_[--head_ & mask_] = std::move(item);
  }
  T pop() { return std::move(items_[head_++ & mask_]); }

 private:
  void grow() {
    const std::uint32_t larger = capacity_ == 0 ? 16 : 2 * capacity_;
    auto items = std::make_unique<T[]>(larger);
    for (std::uint32_t place = head_; place != tail_; ++place) {
      items[place & (larger - 1)] = std::move(items_[place & mask_]);
    }
    items_ = std::move(items);
    capacity_ = larger;
    mask_ = larger - 1;
  }

  std::unique_ptr<T[]> items_;
  std::uint32_t capacity_ = 0;
  std::uint32_t mask_ = 0;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
};

}  // namespace headroom::sim
