#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "models/population.hpp"
#include "models/request.hpp"
#include "models/results.hpp"
#include "models/ties.hpp"
#include "models/tracing.hpp"
#include "sim/kernel/simulation.hpp"

namespace headroom {

/// The books of one service: who came, waited, was served or dropped, over all its replicas.
class Station {
 public:
  Station(sim::Simulation& simulation, std::string name, std::string kind,
          const Measurement& measurement);
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  sim::Simulation& simulation() const { return simulation_; }
  const std::string& name() const { return name_; }

  /// Who is told when copies begin to be served; null where none are tied.
  void set_ties(Ties* ties) { ties_ = ties; }
  /// The end of the warm-up.
  void start_measuring();
  /// What it counts for whoever looks at it now and then; `used` is up to its replicas.
  ServiceCounts counts() const;
  /// Figures so far. Conservation and Little's law are asserted.
  ServiceResult result() const;

 private:
  friend class Visit;
  void level_changed(sim::Time now) {
    if (in_system_series_) in_system_series_->set(now, in_system_.level());
  }

  sim::Simulation& simulation_;
  std::string name_;
  std::string kind_;
  Population in_system_;
  Population queue_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t completions_ = 0;
  std::uint64_t failures_ = 0;
  std::array<std::uint64_t, drop_causes> drops_{};
  sim::Histogram wait_;
  sim::Histogram sojourn_;
  std::optional<sim::LevelSeries> in_system_series_;
  Ties* ties_ = nullptr;
};

/// One request at a station, from its arrival on. A visit that ends without a word, because the
/// instance was killed or the request cancelled, is booked as such.
class Visit {
 public:
  explicit Visit(Station& station) : station_(station), arrived_(station.simulation_.now()) {
    ++station_.arrivals_;
    station_.in_system_.enter(arrived_);
    station_.level_changed(arrived_);
  }
  /// The visit of a request to the replica of that number, which it traces: what the request does
  /// from now on is part of it.
  Visit(Station& station, Request* request, std::uint32_t number, SpanKind kind = SpanKind::visit)
      : Visit(station) {
    traced_.begin(request->span, kind, &station.name(), number);
    request->span = traced_.span();
    if (station.ties_ != nullptr) draw_key_ = request->draw_key;
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
  ~Visit() {
    if (waiting_) leave_queue();
    if (!present_) return;
    drop(station_.simulation_.cancelling() ? DropCause::cancelled : DropCause::killed);
  }

  sim::Time arrived() const { return arrived_; }
  void start_waiting() {
    waiting_ = true;
    station_.queue_.enter(arrived_);
    if (Span* span = traced_.span()) [[unlikely]]
      open_span(*span, SpanKind::queue, nullptr, Span::no_number);
  }
  /// The request got what it came for, at once or after waiting.
  void start_service() {
    if (waiting_) leave_queue();
    if (station_.ties_ != nullptr) station_.ties_->served(draw_key_);
    station_.wait_.record((now() - arrived_).count_ns());
  }
  /// Served to the end; `is_ok`: with the answer that its caller wanted.
  void complete(bool is_ok) {
    ++station_.completions_;
    station_.failures_ += is_ok ? 0 : 1;
    station_.sojourn_.record((now() - arrived_).count_ns());
    traced_.told(is_ok ? Outcome::ok : Outcome::failed);
    leave();
  }
  void drop(DropCause cause) {
    if (waiting_) leave_queue();
    ++station_.drops_[static_cast<std::size_t>(cause)];
    traced_.told(Outcome::rejected, cause);
    leave();
  }

 private:
  sim::Time now() const { return station_.simulation_.now(); }
  void leave_queue() {
    waiting_ = false;
    station_.queue_.leave(now(), arrived_);
    // The wait is all that there is of the visit so far.
    if (const Span* span = traced_.span()) [[unlikely]]
      if (span->newest != nullptr) close_span(*span->newest);
  }
  void leave() {
    present_ = false;
    station_.in_system_.leave(now(), arrived_);
    station_.level_changed(now());
  }

  Station& station_;
  sim::Time arrived_;
  Traced traced_;
  std::uint64_t draw_key_ = 0;  ///< Where copies are tied.
  bool waiting_ = false;
  bool present_ = true;
};

}  // namespace headroom
