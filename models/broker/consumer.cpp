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
    if (next.is_over || reply.cause == DropCause::killed) co_return reply;
    if (next.pause > sim::Duration()) co_await simulation_.delay(next.pause);
  }
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
