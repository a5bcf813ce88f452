#include "models/broker/consumer.hpp"

#include <utility>

#include "models/broker/books.hpp"
#include "sim/kernel/never.hpp"

namespace headroom {

class Consumer::Holding {
 public:
  explicit Holding(std::size_t& count) : count_(count) { ++count_; }
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;
  ~Holding() { --count_; }

 private:
  std::size_t& count_;
};

Consumer::Consumer(Instance& worker, const Members& members, const WorkerTerms& terms)
    : Endpoint(worker.simulation()),
      worker_(worker),
      members_(members),
      terms_(terms),
      slots_(worker.simulation(), terms.slots) {}

sim::Task<Reply> Consumer::call(Request request) {
  const auto delivery = source_->take(request.number);
  if (!delivery) co_return Reply::failed();
  const Holding holding(held_);
  if (terms_.batch > 1 && delivery->is_joinable()) {
    auto joined = join_others(delivery);
    co_return co_await joined;
  }
  const std::uint64_t life = worker_.lives();
  for (;;) {
    sim::Lease slot = slots_.try_acquire();
    if (!slot) slot = co_await slots_.acquire();
    if (has_died(life)) {
      if (terms_.crash == Crash::silent) co_await sim::Never();
      co_return Reply::failed(DropCause::killed);
    }
    Request work;
    if (!delivery->begin(&work)) co_return Reply::ok();
    work.zone = zone();
    const Reply reply = co_await worker_.call(work);
    slot = sim::Lease();
    const Delivery::Next next = delivery->end(reply);
    if (next.is_over) co_return next.answer;
    if (next.pause > sim::Duration()) co_await simulation_.delay(next.pause);
  }
}

sim::Task<Reply> Consumer::join_others(std::shared_ptr<Delivery> delivery) {
  sim::Event<Reply> answer(simulation_);
  at_hand_.push_back({delivery, worker_.lives(), answer.trigger()});
  if (!waits_for_slot_) simulation_.spawn(work_on_next());
  const auto reply = co_await answer.happens();
  if (!reply) co_await sim::Never();  // gone with a worker that dies without a word
  co_return *reply;
}

/// Waits for a slot and works on what is at hand by then, one piece of it.
sim::Task<> Consumer::work_on_next() {
  waits_for_slot_ = true;
  sim::Lease slot = slots_.try_acquire();
  if (!slot) slot = co_await slots_.acquire();
  // What the broker sends at this very instant is at hand too: an answer to the piece before takes
  // a turn to be back where it was asked for, and another one until the broker hears of the room.
  co_await simulation_.delay(sim::Duration());
  co_await simulation_.delay(sim::Duration());
  waits_for_slot_ = false;
  std::vector<Part> piece = next_piece();
  if (!at_hand_.empty()) simulation_.spawn(work_on_next());
  if (piece.empty()) co_return;
  Request work, rest;
  for (Part& each : piece)
    each.delivery->begin(&each == &piece.front() ? &work : &rest);
  work.zone = zone();
  const Reply reply = co_await worker_.call(work);
  slot = sim::Lease();
  for (Part& each : piece)
    each.answer.fire(each.delivery->end(reply).answer);
}

/// As many as are worked on together; those that came to a worker that is dead by now are gone.
std::vector<Consumer::Part> Consumer::next_piece() {
  std::vector<Part> piece;
  while (!at_hand_.empty() && piece.size() < terms_.batch) {
    AtHand next = std::move(at_hand_.front());
    at_hand_.pop_front();
    auto delivery = next.delivery.lock();
    if (delivery && !has_died(next.life))
      piece.push_back({std::move(delivery), std::move(next.answer)});
    else if (terms_.crash == Crash::reset)
      next.answer.fire(Reply::failed(DropCause::killed));
  }
  return piece;
}

ConsumerPool::ConsumerPool(Scalable& pool, const std::vector<Instance*>& workers,
                           const WorkerTerms& terms)
    : pool_(pool) {
  for (Instance* worker : workers) {
    consumers_.push_back(std::make_unique<Consumer>(*worker, pool.members(), terms));
    worker->watch_life(*this);
  }
  pool.members().watch(*this);
}

double ConsumerPool::waiting(std::size_t) const {
  double ready = 0;
  for (const auto& consumer : consumers_)
    ready += consumer->is_ready() ? 1 : 0;
  if (backlog_ == nullptr || ready == 0) return 0;
  return static_cast<double>(backlog_->lag()) / ready;
}

}  // namespace headroom
