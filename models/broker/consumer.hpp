#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "models/instance.hpp"
#include "models/scalable.hpp"
#include "models/worker_terms.hpp"
#include "sim/kernel/event.hpp"
#include "sim/kernel/resource.hpp"

namespace headroom {

class Books;

/// What a broker has handed to a worker at once: pieces of work, one after the other.
class Delivery {
 public:
  virtual ~Delivery() = default;
  /// What comes of a piece of work.
  struct Next {
    bool is_over = true;
    sim::Duration pause{};  ///< Before the next piece.
    Reply answer{};         ///< What the broker is told when it is over.
  };
  /// The next piece begins; false where there is none. `work` is what the worker gets to do.
  virtual bool begin(Request* work) = 0;
  virtual Next end(const Reply& reply) = 0;
  /// Whether it may be one piece of work with others of its worker.
  virtual bool is_joinable() const { return false; }
};

/// Who hands out deliveries, by number.
class DeliverySource {
 public:
  virtual ~DeliverySource() = default;
  /// Null where it has been taken back.
  virtual std::shared_ptr<Delivery> take(std::uint64_t number) = 0;
  /// A worker may have begun or ceased to be there.
  virtual void on_consumer(std::size_t link) = 0;
};

/// One worker instance as its broker reaches it: takes deliveries, named by the number of the
/// request, and gives their pieces to the worker as it has slots free. The answer is `failed` only
/// where the worker has died; who gets another one like that was refused on the way. What was
/// handed to a worker that dies is gone with it.
class Consumer final : public Endpoint {
 public:
  Consumer(Instance& worker, const Members& members, const WorkerTerms& terms);

  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override { return worker_.probe(zone); }

  const WorkerTerms& terms() const { return terms_; }
  std::uint16_t zone() const { return worker_.zone(); }
  std::uint64_t lives() const { return worker_.lives(); }
  /// Up, and not about to leave.
  bool is_ready() const {
    return worker_.up() && members_.standing(worker_.index()) == Standing::serving;
  }
  /// Up, and neither paused nor stopped: what tells others that it is alive.
  bool is_heard() const { return worker_.up() && !worker_.paused(); }
  bool is_idle() const { return held_ == 0; }
  /// Its broker knows it by that number.
  void join(DeliverySource& source, std::size_t link) {
    source_ = &source;
    link_ = link;
  }
  void changed() {
    if (source_ != nullptr) source_->on_consumer(link_);
  }

 private:
  class Holding;
  /// A delivery that waits to be part of a piece of work. It is its call's.
  struct AtHand {
    std::weak_ptr<Delivery> delivery;
    std::uint64_t life = 0;  ///< Of the worker that it came to.
    sim::Trigger<Reply> answer;
  };
  /// What is worked on together.
  struct Part {
    std::shared_ptr<Delivery> delivery;
    sim::Trigger<Reply> answer;
  };
  sim::Task<Reply> join_others(std::shared_ptr<Delivery> delivery);
  sim::Task<> work_on_next();
  std::vector<Part> next_piece();
  bool has_died(std::uint64_t life) const { return !worker_.up() || worker_.lives() != life; }

  Instance& worker_;
  const Members& members_;
  WorkerTerms terms_;
  DeliverySource* source_ = nullptr;
  std::size_t link_ = 0;
  sim::Resource slots_;
  std::size_t held_ = 0;  ///< Deliveries.
  std::deque<AtHand> at_hand_;
  bool waits_for_slot_ = false;  ///< For those at hand.
};

/// The workers of one service, as an autoscaler sees them: what waits is in the broker.
class ConsumerPool final : public Scalable, public LifeWatcher, public Members::Watcher {
 public:
  /// `workers` are those that `pool` scales.
  ConsumerPool(Scalable& pool, const std::vector<Instance*>& workers, const WorkerTerms& terms);

  std::size_t size() const { return consumers_.size(); }
  Consumer& consumer(std::size_t index) { return *consumers_[index]; }
  /// The books of those that consume together with these workers; they outlive the pool's use.
  void set_backlog(const Books& backlog) { backlog_ = &backlog; }

  Members& members() override { return pool_.members(); }
  bool is_up(std::size_t index) const override { return pool_.is_up(index); }
  bool is_idle(std::size_t index) const override {
    return consumers_[index]->is_idle() && pool_.is_idle(index);
  }
  /// An even share of all that waits.
  double waiting(std::size_t index) const override;
  BusyArea used(std::size_t index) const override { return pool_.used(index); }
  void set_present(std::size_t index, bool is_present) override {
    pool_.set_present(index, is_present);
  }

  void on_life(std::size_t index, bool) override { consumers_[index]->changed(); }
  void on_standing(std::size_t index, Standing) override { consumers_[index]->changed(); }

 private:
  Scalable& pool_;
  std::vector<std::unique_ptr<Consumer>> consumers_;
  const Books* backlog_ = nullptr;
};

}  // namespace headroom
