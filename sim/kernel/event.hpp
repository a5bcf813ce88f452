#pragma once

#include <optional>
#include <utility>

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

template <class T>
class Event;

/// The end of an event that makes it happen. It travels with the work whose outcome it tells; when
/// it is destroyed without having fired, the event is broken. It may outlive the event.
template <class T>
class [[nodiscard]] Trigger {
 public:
  Trigger() = default;
  Trigger(Trigger&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {
    if (event_ != nullptr) event_->trigger_ = this;
  }
  Trigger& operator=(Trigger&&) = delete;
  ~Trigger() {
    if (event_ != nullptr) event_->settle(std::nullopt);
  }
  /// Makes the event happen, once; nothing happens when nobody holds it any more.
  void fire(T value) {
    if (event_ != nullptr) std::exchange(event_, nullptr)->settle(std::move(value));
  }

 private:
  friend class Event<T>;
  explicit Trigger(Event<T>& event) : event_(&event) { event.trigger_ = this; }
  Event<T>* event_ = nullptr;
};

/// Something that happens once and has a value. It lives with the one who waits for it.
template <class T>
class Event {
 public:
  class Occurrence final : public Awaitable<Occurrence> {
   public:
    explicit Occurrence(Event& event) : Awaitable<Occurrence>(event.simulation_), event_(event) {}
    Occurrence(Occurrence&&) = default;
    ~Occurrence() {
      if (this->waiting()) withdraw();
    }
    bool try_now() const { return event_.settled_ && !event_.broken_; }
    void arm() {
      HEADROOM_CHECK(event_.waiting_ == nullptr);
      if (event_.broken_) return this->end(Wait::Ended::broken);
      event_.waiting_ = this;
    }
    /// The value, or nothing when the deadline came first or the trigger broke.
    std::optional<T> result() {
      if (this->ended() != Wait::Ended::done) return std::nullopt;
      return std::exchange(event_.value_, std::nullopt);
    }

   private:
    friend class Event;
    void withdraw() override { event_.waiting_ = nullptr; }
    Event& event_;
  };

  explicit Event(Simulation& simulation) : simulation_(simulation) {}
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() {
    if (trigger_ != nullptr) trigger_->event_ = nullptr;
  }

  /// The one trigger of this event.
  Trigger<T> trigger() {
    HEADROOM_CHECK(trigger_ == nullptr && !settled_);
    return Trigger<T>(*this);
  }
  /// For one process at a time. A broken event counts as failed where several waits are one.
  Occurrence happens() { return Occurrence(*this); }
  /// The trigger was destroyed without having fired.
  bool broken() const { return broken_; }

 private:
  friend class Trigger<T>;
  void settle(std::optional<T> value) {
    trigger_ = nullptr;
    settled_ = true;
    broken_ = !value.has_value();
    value_ = std::move(value);
    if (Occurrence* waiting = std::exchange(waiting_, nullptr)) {
      waiting->end(broken_ ? Wait::Ended::broken : Wait::Ended::done);
    }
  }

  Simulation& simulation_;
  Trigger<T>* trigger_ = nullptr;
  Occurrence* waiting_ = nullptr;
  std::optional<T> value_;
  bool settled_ = false;
  bool broken_ = false;
};

}  // namespace headroom::sim
