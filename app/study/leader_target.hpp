#pragma once

#include <functional>
#include <utility>

#include "models/faultable.hpp"

namespace headroom {

/// Whoever leads when a failure begins: what is done to it ends with him, whoever leads by then.
/// One failure at a time.
class LeaderTarget final : public Faultable {
 public:
  explicit LeaderTarget(std::function<Faultable&()> leader) : leader_(std::move(leader)) {}

  void begin_kill() override { pick().begin_kill(); }
  void end_kill() override { node_->end_kill(); }
  void begin_pause() override { pick().begin_pause(); }
  void end_pause() override { node_->end_pause(); }
  void begin_slow(double factor) override { pick().begin_slow(factor); }
  void end_slow(double factor) override { node_->end_slow(factor); }
  void begin_error(double rate) override { pick().begin_error(rate); }
  void end_error(double rate) override { node_->end_error(rate); }
  void begin_skew(std::int64_t ahead_ns) override { pick().begin_skew(ahead_ns); }
  void end_skew(std::int64_t ahead_ns) override { node_->end_skew(ahead_ns); }

 private:
  Faultable& pick() {
    node_ = &leader_();
    return *node_;
  }
  void on_kill() override {}
  void on_restart() override {}
  void on_speed(double) override {}

  std::function<Faultable&()> leader_;
  Faultable* node_ = nullptr;
};

}  // namespace headroom
