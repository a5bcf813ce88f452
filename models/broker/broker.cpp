#include "models/broker/broker.hpp"

#include <utility>

#include "sim/kernel/call.hpp"

namespace headroom {

namespace {

PublishFate fate_of(const Reply& reply, LogAcks acks) {
  if (reply.is_ok())
    return acks == LogAcks::none ? PublishFate::unknown : PublishFate::acknowledged;
  const bool was_told = reply.outcome == Outcome::failed || reply.outcome == Outcome::rejected;
  return was_told ? PublishFate::failed : PublishFate::unknown;
}

}  // namespace

BrokerTerms common_terms(const BrokerPlan& plan) {
  BrokerTerms terms;
  terms.copies = plan.replicas;
  terms.replica_timeout = plan.replica_timeout;
  terms.publish_timeout = plan.publish_timeout;
  terms.node = {plan.concurrency, plan.queue_limit, plan.crash, plan.restart_time,
                plan.service_time};
  return terms;
}

Broker::Broker(sim::Simulation& simulation, BrokerTerms terms, std::string name,
               const std::vector<std::uint16_t>& zones, const Measurement& measurement)
    : Endpoint(simulation),
      terms_(std::move(terms)),
      measurement_(measurement),
      name_(std::move(name)),
      work_(simulation, name_, terms_.kind, Measurement()),
      downs_(terms_.nodes),
      cut_off_(terms_.nodes),
      publish_timeout_(simulation.lane(terms_.publish_timeout)),
      publications_(simulation) {
  for (std::uint32_t index = 0; index < terms_.nodes; ++index) {
    nodes_.push_back(std::make_unique<BrokerNode>(*this, work_, terms_.node, index, zones[index]));
    nodes_.back()->watch_life(*this);
    ways_.push_back(nodes_.back().get());
  }
  for (std::uint32_t number = 0; number < terms_.partitions; ++number) {
    std::vector<std::uint32_t> on;
    for (std::uint32_t copy = 0; copy < terms_.copies; ++copy)
      on.push_back((number + copy) % terms_.nodes);
    partitions_.emplace_back(std::move(on), terms_.by_majority);
  }
}

Broker::~Broker() = default;

Books& Broker::add_books(std::string group) {
  const auto bit = static_cast<GroupBits>(1u << books_.size());
  books_.push_back(std::make_unique<Books>(simulation_, std::move(group), bit, measurement_));
  return *books_.back();
}

sim::Task<Reply> Broker::call(Request request) {
  const sim::Time came = simulation_.now();
  ++came_;
  Publications::Wait wait(publications_, request.draw_key);
  sim::Call published(simulation_, publish(request, wait.publication()));
  published.give_up(sim::Time::never(), publish_timeout_);
  const auto answer = co_await published;
  Reply reply = answer ? *answer : Reply::timed_out();
  wait.end(fate_of(reply, terms_.acks));
  if (reply.is_ok()) {
    publish_.record((simulation_.now() - came).count_ns());
  } else if (reply.outcome == Outcome::rejected) {
    ++drops_[static_cast<std::size_t>(reply.cause)];
  } else {
    ++failed_;
  }
  reply.version_space = 0;  // it brings no value
  co_return reply;
}

bool Broker::accept_dead_letter(const Request& request) {
  ++came_;
  if (is_full(0, 1)) {
    ++drops_[static_cast<std::size_t>(DropCause::queue_full)];
    return false;
  }
  ++put_aside_here_;
  store(partitions_.front(), {request});
  replicate(0);
  advance(0);
  return true;
}

void Broker::put_aside(Books& books, BrokerMessage& message, Loss otherwise) {
  if (books.is_settled(message)) return;
  if (dead_letters_ == nullptr) return books.lose(message, otherwise);
  if (dead_letters_->accept_dead_letter(message.request)) return books.dead_letter(message);
  books.lose(message, Loss::dead_letter_full);
}

std::shared_ptr<Delivery> Broker::take(std::uint64_t number) {
  const auto* found = deliveries_.find(number);
  return found != nullptr ? *found : nullptr;
}

std::uint64_t Broker::list(std::shared_ptr<Delivery> delivery) {
  deliveries_.at(next_delivery_) = std::move(delivery);
  return next_delivery_++;
}

bool Broker::serves(const BrokerPartition& partition) const {
  return partition.is_led() && !nodes_[partition.leader_node()]->paused();
}

/// A parcel is known for as long as somebody waits for its answer.
class Broker::OnTheWay {
 public:
  OnTheWay(Broker& broker, std::uint64_t number) : broker_(broker), number_(number) {}
  OnTheWay(const OnTheWay&) = delete;
  OnTheWay& operator=(const OnTheWay&) = delete;
  ~OnTheWay() { broker_.parcels_.erase(number_); }

 private:
  Broker& broker_;
  std::uint64_t number_;
};

sim::Task<Reply> Broker::send(std::shared_ptr<Parcel> parcel) {
  const BrokerPartition& to = partitions_[parcel->partition];
  if (to.leader() == BrokerPartition::nobody) {
    co_await simulation_.delay(sim::Duration());
    co_return Reply::rejected(DropCause::no_backend);
  }
  Request request = parcel->messages.front();
  for (std::size_t i = 1; i < parcel->messages.size(); ++i)
    request.size += parcel->messages[i].size;
  request.deadline = sim::Time::never();
  request.patience = sim::Duration::forever();
  request.number = next_parcel_++;
  parcels_.at(request.number) = std::move(parcel);
  const OnTheWay on_the_way(*this, request.number);
  co_return co_await ways_[to.leader_node()]->call(request);
}

sim::Task<Reply> Broker::handle(std::uint32_t node, Request request) {
  const auto* found = parcels_.find(request.number);
  if (found == nullptr) co_return Reply::failed();
  const std::shared_ptr<Parcel> parcel = *found;
  if (parcel->is_copy) co_return take_copy(*parcel);
  BrokerPartition& here = partitions_[parcel->partition];
  if (!here.is_led() || here.leader_node() != node)
    co_return Reply::rejected(DropCause::no_backend);
  const bool asks_all = terms_.acks == LogAcks::all;
  if (asks_all && !terms_.by_majority && here.in_sync() < terms_.min_insync)
    co_return Reply::rejected(DropCause::no_backend);
  if (is_full(parcel->partition, parcel->messages.size()))
    co_return Reply::rejected(DropCause::queue_full);
  parcel->is_stored = true;
  const std::uint64_t end = store(here, parcel->messages);
  for (const auto& publication : parcel->publications)
    publications_.store(*publication);
  replicate(parcel->partition);
  advance(parcel->partition);
  if (!asks_all || here.visible() >= end) co_return Reply::ok();
  sim::Event<bool> safe(simulation_);
  here.waiters().push_back({end, safe.trigger()});
  const auto is_safe = co_await safe.happens();
  co_return is_safe&&* is_safe ? Reply::ok() : Reply::failed();
}

std::uint64_t Broker::store(BrokerPartition& partition, const std::vector<Request>& requests) {
  for (const Request& request : requests) {
    const Messages::Number number = messages_.make(request, simulation_.now());
    BrokerMessage& message = messages_[number];
    message.offset = partition.append(number);
    message.acknowledged = terms_.acks != LogAcks::all;
    for (auto& books : books_)
      books->produce(message);
  }
  return partition.end();
}

void Broker::on_speed(std::uint32_t node, double speed) {
  if (speed <= 0) return;
  for (std::uint32_t number = 0; number < partitions_.size(); ++number)
    if (partitions_[number].is_led() && partitions_[number].leader_node() == node)
      on_leader(number);
}

void Broker::start_measuring() {
  work_.start_measuring();
  for (auto& node : nodes_)
    node->start_measuring();
  for (auto& books : books_)
    books->start_measuring();
  publications_.start_measuring();
  came_ = failed_ = failovers_ = rebalances_ = put_aside_here_ = 0;
  drops_ = {};
  publish_.clear();
}

ServiceCounts Broker::counts() const {
  ServiceCounts counts;
  counts.arrivals = came_;
  counts.errors = failed_;
  for (const std::uint64_t dropped : drops_)
    counts.errors += dropped;
  for (const auto& books : books_) {
    counts.answers += books->so_far().consumed;
    counts.sojourn_ns += static_cast<__int128>(books->so_far().sojourn.sum());
  }
  for (const auto& node : nodes_)
    counts.used += node->result().used;
  return counts;
}

ServiceResult Broker::result() const {
  work_.result();  // whose laws are asserted
  ServiceResult result;
  result.name = name_;
  result.kind = terms_.kind;
  result.arrivals = came_;
  result.failures = failed_;
  result.drops = drops_;
  BrokerResult& broker = result.broker.emplace();
  broker.publish = publish_;
  broker.publishers = publications_.result();
  broker.failovers = failovers_;
  broker.rebalances = rebalances_;
  for (const auto& books : books_) {
    broker.groups.push_back(books->result(messages_, has_consumers()));
    const SubscriptionResult& group = broker.groups.back();
    // What publishers offered and what the broker has books of is the same, message by message.
    const std::uint64_t unsent = group.lost[static_cast<std::size_t>(Loss::unsent)];
    HEADROOM_CHECK_IN(simulation_,
                      group.produced == broker.publishers.stored + put_aside_here_ + unsent);
    result.completions += group.consumed;
    // What nobody consumes is parked: it is no sign of too few workers that it grows.
    if (has_consumers()) {
      result.in_system_at_start += group.in_flight_at_start;
      result.in_system_at_end += group.in_flight_at_end;
    }
    result.queue_area += group.lag_area;
    result.in_system_area += books->unsettled_area();
    result.wait.merge(group.lag);
    result.sojourn.merge(group.sojourn);
    if (books->series() != nullptr && result.queue_series.empty()) {
      result.queue_series.push_back(*books->series());
      result.queue_series.back().finish(simulation_.now());
    }
  }
  for (const auto& node : nodes_) {
    result.replicas.push_back(node->result());
    result.instance_area += node->up_area();
  }
  return result;
}

}  // namespace headroom
