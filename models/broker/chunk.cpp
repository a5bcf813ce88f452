#include "models/broker/chunk.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

ConsumerGroup::Chunk::Chunk(ConsumerGroup& group, std::uint32_t number, std::size_t member,
                            std::uint64_t first, std::uint64_t end)
    : group_(group),
      partition_(number),
      member_(member),
      life_(group.members_[member].consumer->lives()),
      generation_(group.generation_),
      first_(first) {
  BrokerPartition& here = group.log_.partition(number);
  for (std::uint64_t offset = first; offset < end; ++offset) {
    messages_.push_back(here.at(offset));
    group.log_.messages_.hold(messages_.back());
  }
}

ConsumerGroup::Chunk::~Chunk() {
  MessageLog& log = group_.log_;
  Reading& reading = group_.readings_[partition_];
  if (is_current()) reading.chunk = nullptr;
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    // Taken for good and not done; or done by nobody, and meanwhile too old to be read again.
    const std::uint64_t offset = first_ + i;
    const bool has_other = reading.chunk != nullptr && reading.chunk->holds(offset);
    if (i >= done_ && is_taken_)
      group_.books_.lose(message(i), Loss::worker);
    else if (offset < log.partition(partition_).begin() && !has_other)
      group_.books_.lose(message(i), Loss::retention);
    log.messages_.release(messages_[i]);
  }
}

std::int64_t ConsumerGroup::Chunk::bytes() const {
  std::int64_t sum = 0;
  for (const Messages::Number number : messages_)
    sum += group_.log_.messages_[number].request.size;
  return sum;
}

bool ConsumerGroup::Chunk::begin(Request* work) {
  const bool is_revoked = generation_ != group_.generation_;
  if (is_revoked && !is_taken_) return false;
  if (done_ == messages_.size()) return false;
  if (!has_begun_ && group_.commits_first()) {
    is_taken_ = true;
    Reading& reading = group_.readings_[partition_];
    reading.committed = std::max(reading.committed, first_ + messages_.size());
    reading.position = std::max(reading.position, reading.committed);
  }
  has_begun_ = true;
  const std::size_t batch = group_.members_[member_].consumer->terms().batch;
  piece_ = std::min(batch, messages_.size() - done_);
  for (std::size_t i = 0; i < piece_; ++i) {
    const bool is_read_again = tries_ == 0 && group_.books_.is_started(message(done_ + i));
    if (is_read_again) group_.books_.redeliver();
    group_.books_.start(message(done_ + i));
  }
  *work = message(done_).as_work(tries_ + 1);
  return true;
}

Delivery::Next ConsumerGroup::Chunk::end(const Reply& reply) {
  if (reply.cause == DropCause::killed) return {true, {}, reply};
  const WorkerTerms& terms = group_.members_[member_].consumer->terms();
  const auto& most = group_.log_.plan().max_deliveries;
  const bool is_over = most && tries_ + 1 >= *most;
  if (!reply.is_ok() && !is_taken_ && terms.on_error == OnError::retry && !is_over) {
    ++tries_;
    for (std::size_t i = 0; i < piece_; ++i)
      group_.books_.redeliver();
    return {false, terms.retry_after, {}};
  }
  for (std::size_t i = done_; i < done_ + piece_; ++i) {
    if (reply.is_ok())
      group_.books_.consume(message(i));
    else if (is_taken_ || terms.on_error == OnError::drop)
      group_.books_.lose(message(i), Loss::error);
    else
      group_.log_.put_aside(group_.books_, message(i), Loss::undeliverable);
  }
  move_on();
  return {done_ == messages_.size(), {}, Reply::ok()};
}

void ConsumerGroup::Chunk::move_on() {
  done_ += std::exchange(piece_, 0);
  tries_ = 0;
  Reading& reading = group_.readings_[partition_];
  if (is_current()) reading.position = std::max(reading.position, next());
}

/// Ends a chunk, with its answer or without.
class ConsumerGroup::Sending {
 public:
  explicit Sending(ConsumerGroup& group, Chunk& chunk) : group_(group), chunk_(chunk) {}
  Sending(const Sending&) = delete;
  Sending& operator=(const Sending&) = delete;
  ~Sending() {
    if (!is_over_) group_.end(chunk_, nullptr);
  }
  void answered(const Reply& reply) {
    is_over_ = true;
    group_.end(chunk_, &reply);
  }

 private:
  ConsumerGroup& group_;
  Chunk& chunk_;
  bool is_over_ = false;
};

bool ConsumerGroup::is_alive(const Chunk& chunk) const {
  const Member& member = members_[chunk.member()];
  return member.is_in && member.consumer->lives() == chunk.life();
}

void ConsumerGroup::feed(std::uint32_t number) {
  Reading& reading = readings_[number];
  const bool is_free = !is_rebalancing_ && reading.owner != Reading::nobody;
  if (!is_free || reading.chunk != nullptr) return;
  const Consumer& owner = *members_[reading.owner].consumer;
  const BrokerPartition& here = log_.partition(number);
  if (!owner.is_ready() || !owner.is_heard() || !log_.serves(here)) return;
  if (!reading.reconnect.may_try(simulation().now())) return;
  const std::uint64_t first = std::max(reading.position, here.begin());
  const std::uint64_t end = std::min(here.visible(), first + plan_.max_poll);
  if (first >= end) return;
  auto chunk = std::make_shared<Chunk>(*this, number, reading.owner, first, end);
  reading.chunk = chunk.get();
  chunk->number = log_.list(chunk);
  simulation().spawn(deliver(std::move(chunk)));
}

sim::Task<> ConsumerGroup::deliver(std::shared_ptr<Chunk> chunk) {
  const MessageLog::Unlisting unlisting(log_, chunk->number);
  Sending sending(*this, *chunk);
  Request request = chunk->front().request;
  request.size = chunk->bytes();
  request.reply_size = 0;
  request.draw_key = sim::mix(request.draw_key, chunk->number);
  request.zone = log_.zone_of_leader(chunk->partition());
  request.number = chunk->number;
  const Reply reply = co_await members_[chunk->member()].way->call(request);
  sending.answered(reply);
}

/// What was done is noted when its answer comes; without one the owner fetches again from where it
/// is, at its next sign of life. One that is refused on the way knows so, and fetches again after a
/// pause: whatever cuts it off would refuse it at this very instant.
void ConsumerGroup::end(Chunk& chunk, const Reply* reply) {
  Reading& reading = readings_[chunk.partition()];
  if (reading.chunk != &chunk) return;
  reading.chunk = nullptr;
  if (reply == nullptr || reply->cause == DropCause::killed) return;
  if (!reply->is_ok())
    return simulation().spawn(
        fetch_after(reading.reconnect.refused(simulation().now()), chunk.partition()));
  reading.reconnect.got_through();
  reading.committed = std::max(reading.committed, chunk.next());
  log_.trim(chunk.partition());
  feed(chunk.partition());
}

sim::Task<> ConsumerGroup::fetch_after(sim::Duration pause, std::uint32_t number) {
  co_await simulation().delay(pause);
  feed(number);
}

void ConsumerGroup::on_expired(std::uint32_t number, BrokerMessage& message) {
  Reading& reading = readings_[number];
  if (reading.chunk != nullptr && reading.chunk->holds(message.offset)) return;
  books_.lose(message, Loss::retention);
  reading.position = std::max(reading.position, message.offset + 1);
  if (reading.chunk == nullptr) reading.committed = std::max(reading.committed, reading.position);
}

}  // namespace headroom
