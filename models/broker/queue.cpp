#include "models/broker/queue.hpp"

#include <algorithm>
#include <utility>

namespace headroom {

namespace {

BrokerTerms terms_of(const QueuePlan& plan) {
  BrokerTerms terms = common_terms(plan);
  terms.kind = "queue";
  terms.nodes = plan.replicas;
  terms.by_majority = true;
  terms.failover = plan.failover;
  return terms;
}

/// Not the word of a worker, and not that of a dead one: something on the way said so.
bool was_refused(const Reply& reply) {
  return reply.outcome == Outcome::failed && reply.cause != DropCause::killed;
}

}  // namespace

/// Messages in the hands of one worker.
class MessageQueue::Handed final : public Delivery {
 public:
  Handed(MessageQueue& queue, std::size_t link, std::vector<Messages::Number> messages)
      : queue_(queue), link_(link), messages_(std::move(messages)) {
    for (const Messages::Number number : messages_)
      queue_.messages_.hold(number);
  }
  Handed(const Handed&) = delete;
  Handed& operator=(const Handed&) = delete;
  /// What was given away for good and not worked on is lost.
  ~Handed() override {
    queue_.let_go(*this);
    for (const Messages::Number number : messages_) {
      if (is_for_good()) queue_.counted_.lose(queue_.messages_[number], Loss::worker);
      queue_.messages_.release(number);
    }
  }

  bool begin(Request* work) override {
    if (has_begun_) return false;
    has_begun_ = true;
    const BrokerMessage& first = queue_.messages_[messages_.front()];
    *work = first.as_work(first.deliveries);
    for (const Messages::Number number : messages_)
      queue_.counted_.start(queue_.messages_[number]);
    return true;
  }
  Next end(const Reply& reply) override {
    if (reply.is_ok())
      for (const Messages::Number number : messages_)
        queue_.counted_.consume(queue_.messages_[number]);
    else if (is_for_good() && reply.cause != DropCause::killed)
      for (const Messages::Number number : messages_)
        queue_.counted_.lose(queue_.messages_[number], Loss::error);
    // A word of its own for work that failed, unlike that of a connection that did.
    const bool has_failed = !reply.is_ok() && reply.cause != DropCause::killed;
    return {true, {}, has_failed ? Reply::rejected(DropCause::none) : reply};
  }

  /// Without a prefetch it is all that one slot gets.
  bool is_joinable() const override { return queue_.plan_.prefetch.has_value(); }

  bool has_begun() const { return has_begun_; }
  bool is_for_good() const { return queue_.plan_.ack == QueueAck::at_once; }
  std::size_t link() const { return link_; }
  const std::vector<Messages::Number>& messages() const { return messages_; }

  std::uint64_t number = 0;
  bool is_closed = false;  ///< The queue has them back, or has forgotten them.

 private:
  MessageQueue& queue_;
  std::size_t link_;
  std::vector<Messages::Number> messages_;
  bool has_begun_ = false;
};

MessageQueue::MessageQueue(sim::Simulation& simulation, const QueuePlan& plan, std::string name,
                           const std::vector<std::uint16_t>& zones, const Measurement& measurement)
    : Broker(simulation, terms_of(plan), std::move(name), zones, measurement),
      plan_(plan),
      counted_(add_books("workers")),
      redelivery_(simulation.lane(plan.redeliver_after)) {}

const Books& MessageQueue::subscribe(Consumer& consumer, Endpoint& way, const std::string&) {
  Link link{&consumer, &way};
  link.life = consumer.lives();
  consumer.join(*this, links_.size());
  links_.push_back(std::move(link));
  return counted_;
}

sim::Task<Reply> MessageQueue::publish(Request request, Publications::Publication publication) {
  auto parcel = std::make_shared<Parcel>();
  parcel->messages.push_back(request);
  parcel->publications.push_back(std::move(publication));
  return send(std::move(parcel));
}

void MessageQueue::on_visible(std::uint32_t, std::uint64_t from) {
  for (std::uint64_t offset = from; offset < partition(0).visible(); ++offset)
    ready_.push_back(partition(0).at(offset));
  hand_out();
}

/// The connections of a broker that dies go with it, and all that was not acknowledged over them
/// comes back.
void MessageQueue::on_leader(std::uint32_t) {
  if (!partition(0).is_led())
    for (Link& link : links_)
      take_back_all(link);
  hand_out();
}

/// A worker that comes up has new connections, so what was on the old ones comes back.
void MessageQueue::on_consumer(std::size_t index) {
  Link& link = links_[index];
  if (link.consumer->is_ready() && link.life != link.consumer->lives()) {
    link.life = link.consumer->lives();
    take_back_all(link);
  }
  hand_out();
}

bool MessageQueue::has_room(const Link& link) const {
  if (!link.consumer->is_ready() || link.life != link.consumer->lives()) return false;
  if (!link.reconnect.may_try(simulation_.now())) return false;
  return plan_.prefetch
             ? link.held < plan_.prefetch->count
             : static_cast<std::int64_t>(link.deliveries.size()) < link.consumer->terms().slots;
}

void MessageQueue::hand_out() {
  // What is handed out may come back at once; the loop sees it.
  if (is_handing_out_ || !serves(partition(0))) return;
  is_handing_out_ = true;
  while (hand_out_next()) {
  }
  is_handing_out_ = false;
}

bool MessageQueue::hand_out_next() {
  if (links_.empty() || (ready_.empty() && returned_.empty()) || !serves(partition(0)))
    return false;
  std::size_t tried = 0;
  while (tried < links_.size() && !has_room(links_[next_link_])) {
    next_link_ = (next_link_ + 1) % links_.size();
    ++tried;
  }
  if (tried == links_.size()) return false;
  const std::size_t to = next_link_;
  next_link_ = (next_link_ + 1) % links_.size();
  Link& link = links_[to];
  // The worker makes batches of what it was given before.
  const std::size_t most = plan_.prefetch ? 1 : link.consumer->terms().batch;
  auto handed = std::make_shared<Handed>(*this, to, next_messages(most));
  handed->number = list(handed);
  link.held += static_cast<std::int64_t>(handed->messages().size());
  link.deliveries.push_back(handed->number);
  if (handed->is_for_good())
    for (const Messages::Number number : handed->messages())
      forget(number);
  simulation_.spawn(deliver(to, std::move(handed)));
  return true;
}

std::vector<Messages::Number> MessageQueue::next_messages(std::size_t most) {
  std::vector<Messages::Number> taken;
  while (taken.size() < most && (!ready_.empty() || !returned_.empty())) {
    Messages::Number number = 0;
    if (!returned_.empty()) {
      number = returned_.begin()->second;
      returned_.erase(returned_.begin());
    } else {
      number = ready_.front();
      ready_.pop_front();
    }
    if (messages_[number].deliveries++ > 0) counted_.redeliver();
    taken.push_back(number);
  }
  return taken;
}

/// Sends messages to a worker and waits for its word.
sim::Task<> MessageQueue::deliver(std::size_t to, std::shared_ptr<Handed> handed) {
  const Unlisting unlisting(*this, handed->number);
  Request request = messages_[handed->messages().front()].request;
  request.size = 0;
  for (const Messages::Number number : handed->messages())
    request.size += messages_[number].request.size;
  request.draw_key = sim::mix(request.draw_key, handed->number);
  request.zone = node(partition(0).leader_node()).zone();
  request.reply_size = 0;
  request.number = handed->number;
  if (handed->is_for_good()) {
    const Reply reply = co_await links_[to].way->call(request);
    let_go(*handed);
    if (was_refused(reply)) note_refused(links_[to]);
    hand_out();
    co_return;
  }
  sim::Event<Reply> answer(simulation_);
  simulation_.spawn(carry(*links_[to].way, request, answer.trigger()));
  const auto reply = co_await sim::before(redelivery_, answer.happens());
  // The way or the worker has swallowed it; nobody knows before the connection is missed.
  if (!reply && answer.broken()) co_await simulation_.delay(plan_.heartbeat);
  if (handed->is_closed) co_return;
  const bool is_refused = reply && was_refused(*reply);
  if (is_refused)
    note_refused(links_[to]);
  else if (reply)
    links_[to].reconnect.got_through();
  if (reply && reply->is_ok()) {
    finish(*handed);
  } else if (reply && reply->outcome == Outcome::rejected) {
    co_await settle_failed(handed);
  } else {
    if (is_refused && !handed->has_begun())
      for (const Messages::Number number : handed->messages())
        --messages_[number].deliveries;  // it was none
    give_back(*handed);
  }
  hand_out();
}

void MessageQueue::note_refused(Link& link) {
  simulation_.spawn(hand_out_after(link.reconnect.refused(simulation_.now())));
}

sim::Task<> MessageQueue::hand_out_after(sim::Duration pause) {
  co_await simulation_.delay(pause);
  hand_out();
}

/// A process of its own, which goes on when its answer comes too late, and ends without a word when
/// none will ever come.
sim::Task<> MessageQueue::carry(Endpoint& way, Request request, sim::Trigger<Reply> answer) {
  const Reply reply = co_await way.call(request);
  answer.fire(reply);
}

/// Its work failed: what the worker asks for.
sim::Task<> MessageQueue::settle_failed(std::shared_ptr<Handed> handed) {
  const WorkerTerms& terms = links_[handed->link()].consumer->terms();
  if (terms.on_error == OnError::retry) {
    // Meanwhile the worker goes on with others.
    let_go(*handed);
    hand_out();
    co_await simulation_.delay(terms.retry_after);
    put_back(*handed);
    co_return;
  }
  for (const Messages::Number number : handed->messages()) {
    if (terms.on_error == OnError::drop)
      counted_.lose(messages_[number], Loss::error);
    else
      put_aside(counted_, messages_[number], Loss::undeliverable);
  }
  finish(*handed);
}

void MessageQueue::let_go(Handed& handed) {
  if (std::exchange(handed.is_closed, true)) return;
  Link& link = links_[handed.link()];
  link.held -= static_cast<std::int64_t>(handed.messages().size());
  std::erase(link.deliveries, handed.number);
}

void MessageQueue::finish(Handed& handed) {
  let_go(handed);
  for (const Messages::Number number : handed.messages())
    forget(number);
}

void MessageQueue::give_back(Handed& handed) {
  let_go(handed);
  if (!handed.is_for_good()) put_back(handed);
}

void MessageQueue::put_back(Handed& handed) {
  for (const Messages::Number number : handed.messages()) {
    BrokerMessage& message = messages_[number];
    if (plan_.max_deliveries && message.deliveries >= *plan_.max_deliveries) {
      put_aside(counted_, message, Loss::undeliverable);
      forget(number);
    } else {
      returned_.emplace(message.offset, number);
    }
  }
}

void MessageQueue::take_back_all(Link& link) {
  const auto deliveries = link.deliveries;
  for (const std::uint64_t number : deliveries) {
    const auto delivery = take(number);
    if (delivery) give_back(static_cast<Handed&>(*delivery));
  }
}

/// The queue holds the message no longer.
void MessageQueue::forget(Messages::Number number) {
  BrokerPartition& here = partition(0);
  here.at(messages_[number].offset) = BrokerPartition::no_message;
  messages_.release(number);
  while (here.begin() < here.visible() && here.at(here.begin()) == BrokerPartition::no_message)
    here.pop_front();
}

}  // namespace headroom
