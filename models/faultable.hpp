#pragma once

#include <cstdint>
#include <vector>

namespace headroom {

/// What failures can be done to. Failures may overlap: a thing killed twice is up again when both
/// have ended, slow-downs multiply, the largest error rate counts.
class Faultable {
 public:
  virtual ~Faultable() = default;

  virtual void begin_kill() {
    if (killed_++ == 0) on_kill();
  }
  virtual void end_kill() {
    if (--killed_ == 0) on_restart();
  }
  virtual void begin_pause() {
    ++paused_;
    on_speed(speed());
  }
  virtual void end_pause() {
    --paused_;
    on_speed(speed());
  }
  /// Work takes `factor` times as long; factor > 0.
  virtual void begin_slow(double factor) {
    slow_.push_back(factor);
    on_speed(speed());
  }
  virtual void end_slow(double factor) {
    remove(slow_, factor);
    on_speed(speed());
  }
  /// A share `rate` of requests, 0 to 1, fails at once.
  virtual void begin_error(double rate) { errors_.push_back(rate); }
  virtual void end_error(double rate) { remove(errors_, rate); }

  /// Its clock is ahead by so much, or behind where that is below 0, for as long as it lasts.
  virtual void begin_skew(std::int64_t ahead_ns) { skew_ns_ += ahead_ns; }
  virtual void end_skew(std::int64_t ahead_ns) { skew_ns_ -= ahead_ns; }
  std::int64_t clock_skew_ns() const { return skew_ns_; }

  /// It gets no new calls and finishes what it has, until the drain ends; nothing where callers
  /// cannot be told.
  virtual void begin_drain() {}
  virtual void end_drain() {}
  /// It works on nothing.
  virtual bool idle() const { return true; }
  /// Gets done what it is asked for: neither killed nor still starting again.
  virtual bool ready() const { return alive(); }
  /// Part of its service at present: started, and not stopped.
  virtual bool present() const { return true; }

  /// What it holds is gone, at once; nothing where it holds nothing.
  virtual void flush() {}

  bool alive() const { return killed_ == 0; }
  bool paused() const { return paused_ > 0; }
  double speed() const {
    if (paused_ > 0) return 0;
    double speed = 1;
    for (const double factor : slow_)
      speed /= factor;
    return speed;
  }
  double error_rate() const {
    double largest = 0;
    for (const double rate : errors_)
      largest = rate > largest ? rate : largest;
    return largest;
  }

 protected:
  virtual void on_kill() = 0;
  virtual void on_restart() = 0;
  /// The speed of its work is `speed` from now on; 0 stands still.
  virtual void on_speed(double speed) = 0;

 private:
  static void remove(std::vector<double>& values, double value) {
    for (auto& each : values) {
      if (each != value) continue;
      each = values.back();
      values.pop_back();
      return;
    }
  }

  std::uint32_t killed_ = 0;
  std::uint32_t paused_ = 0;
  std::int64_t skew_ns_ = 0;
  std::vector<double> slow_;
  std::vector<double> errors_;
};

}  // namespace headroom
