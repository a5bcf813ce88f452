#pragma once

#include <cstdint>
#include <vector>

#include "sim/kernel/simulation.hpp"
#include "sim/kernel/wait_queue.hpp"

namespace headroom::sim {

/// Does amounts of work side by side, all at one speed that can change midway (a slow-down, a
/// pause). An amount is the time it takes at speed 1.
class Processor {
 public:
  class Work final : public Awaitable<Work> {
   public:
    Work(Processor& processor, Duration amount)
        : Awaitable(processor.simulation_),
          processor_(processor),
          remaining_ns_(static_cast<double>(amount.count_ns())) {}
    Work(Work&&) = default;
    ~Work() {
      if (waiting()) leave();
    }
    bool try_now() const { return false; }
    /// Nearly all work ends only by being done: that needs no deadline and nobody to withdraw it.
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> process) {
      if (is_limited() || due_at(simulation_->now()) <= simulation_->now()) {
        return Awaitable::await_suspend(process);
      }
      enlist();
      pause(process, due_);
    }
    void arm();
    /// True when the work was finished.
    bool result() {
      if (place_ != nowhere) leave();
      return ended() == Ended::done;
    }

   private:
    friend class Processor;
    static constexpr std::uint32_t nowhere = UINT32_MAX;
    Time due_at(Time now) const;
    void enlist();
    void withdraw() override;
    void leave();
    void change_speed(double before, double after);
    Processor& processor_;
    double remaining_ns_;  ///< At speed 1, as of `since_`.
    Time since_;
    Time due_;
    Time limit_ = Time::never();  ///< When it is given up, should it not be done by then.
    std::uint32_t place_ = nowhere;
  };

  explicit Processor(Simulation& simulation) : simulation_(simulation) {}
  Processor(const Processor&) = delete;
  Processor& operator=(const Processor&) = delete;

  Work work(Duration amount) { return Work(*this, amount); }
  double speed() const { return speed_; }
  /// From now on; zero stops all work until it is set again.
  void set_speed(double speed);

 private:
  Simulation& simulation_;
  double speed_ = 1;
  std::vector<Work*> active_;
};

/// Does amounts of work side by side on `cores` cores that are shared equally: n amounts progress
/// at speed x min(1, cores / n) each. Egalitarian processor sharing.
/// Source: virtual time as in Zhang 1990 and Demers, Keshav, Shenker 1989: an amount ends when the
/// common progress has grown by it, so that an arrival or a departure costs O(log n).
class SharedProcessor {
 public:
  class Work final : public Awaitable<Work>, public QueuedWait {
   public:
    Work(SharedProcessor& processor, Duration amount)
        : Awaitable(processor.simulation_), QueuedWait(0), processor_(processor), amount_(amount) {}
    Work(Work&&) = default;
    ~Work() {
      if (waiting()) withdraw();
    }
    bool try_now() const { return false; }
    void arm();
    /// True when the work was finished.
    bool result() const { return ended() == Ended::done; }

   private:
    friend class SharedProcessor;
    void withdraw() override;
    SharedProcessor& processor_;
    Duration amount_;
  };

  SharedProcessor(Simulation& simulation, double cores)
      : simulation_(simulation),
        cores_(cores),
        queue_(Order::smallest_key, nullptr),
        clock_(*this) {}
  SharedProcessor(const SharedProcessor&) = delete;
  SharedProcessor& operator=(const SharedProcessor&) = delete;

  Work work(Duration amount) { return Work(*this, amount); }
  std::uint32_t active() const { return queue_.size(); }
  void set_speed(double speed);

 private:
  /// Rings when the next amount is done. It belongs to no process.
  class Clock final : public Wait {
   public:
    explicit Clock(SharedProcessor& processor)
        : Wait(processor.simulation_), processor_(processor) {
      suspend_as_clock();
    }
    void set(Time at);

   private:
    void withdraw() override;
    SharedProcessor& processor_;
  };

  double rate() const;
  void progress();
  bool is_due(const QueuedWait& work) const;
  void finish_due();

  Simulation& simulation_;
  double cores_;
  double speed_ = 1;
  double virtual_ns_ = 0;  ///< Progress of each amount since the processor was last idle.
  Time since_;
  WaitQueue queue_;
  Clock clock_;
};

}  // namespace headroom::sim
