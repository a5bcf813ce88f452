#include "models/broker/log.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/never.hpp"

namespace headroom {

namespace {

BrokerTerms terms_of(const LogPlan& plan) {
  BrokerTerms terms = common_terms(plan);
  terms.kind = "log";
  terms.nodes = plan.nodes();
  terms.partitions = plan.partitions;
  terms.acks = plan.acks;
  terms.min_insync = plan.min_insync;
  terms.failover = plan.failover;
  return terms;
}

}  // namespace

/// Messages sent without asking what becomes of them: lost unless they were stored.
class MessageLog::Blind {
 public:
  Blind(MessageLog& log, std::shared_ptr<Parcel> parcel) : log_(log), parcel_(std::move(parcel)) {}
  Blind(const Blind&) = delete;
  Blind& operator=(const Blind&) = delete;
  ~Blind() {
    if (log_.plan_.acks != LogAcks::none || parcel_->is_stored) return;
    for (const Request& request : parcel_->messages) {
      const Messages::Number number = log_.messages_.make(request, log_.simulation_.now());
      for (auto& books : log_.books_) {
        books->produce(log_.messages_[number]);
        books->lose(log_.messages_[number], Loss::unsent);
      }
      log_.messages_.release(number);
    }
  }

 private:
  MessageLog& log_;
  std::shared_ptr<Parcel> parcel_;
};

MessageLog::MessageLog(sim::Simulation& simulation, const LogPlan& plan, std::string name,
                       const std::vector<std::uint16_t>& zones, const Measurement& measurement)
    : Broker(simulation, terms_of(plan), std::move(name), zones, measurement),
      plan_(plan),
      bytes_(plan.partitions) {}

const Books& MessageLog::subscribe(Consumer& consumer, Endpoint& way, const std::string& name) {
  const auto found = std::find_if(groups_.begin(), groups_.end(), [&](const auto& group) {
    return group->books().group() == name;
  });
  ConsumerGroup* group = found != groups_.end() ? found->get() : nullptr;
  if (group == nullptr) {
    static const GroupPlan usual;
    const GroupPlan* own = plan_.groups.find(name);
    groups_.push_back(
        std::make_unique<ConsumerGroup>(*this, own != nullptr ? *own : usual, add_books(name)));
    group = groups_.back().get();
  }
  consumer.join(*this, links_.size());
  links_.emplace_back(group, group->add(consumer, way));
  return group->books();
}

void MessageLog::start() {
  Broker::start();
  for (auto& group : groups_)
    group->start();
}

void MessageLog::on_consumer(std::size_t link) {
  links_[link].first->on_member(links_[link].second);
}

std::uint16_t MessageLog::zone_of_leader(std::uint32_t number) const {
  return node_zone(partition(number).leader_node());
}

sim::Task<Reply> MessageLog::publish(Request request, Publications::Publication publication) {
  const std::uint32_t number =
      request.operation == Operation::send
          ? static_cast<std::uint32_t>(sim::mix(request.item()) % plan_.partitions)
          : next_partition_++ % plan_.partitions;
  if (plan_.linger > sim::Duration()) return join(number, request, std::move(publication));
  if (plan_.acks == LogAcks::none) {
    auto open = std::make_shared<Open>();
    open->partition = number;
    open->requests.push_back(request);
    open->publications.push_back(std::move(publication));
    return send_blindly(std::move(open));
  }
  auto parcel = std::make_shared<Parcel>();
  parcel->partition = number;
  parcel->messages.push_back(request);
  parcel->publications.push_back(std::move(publication));
  return send(std::move(parcel));
}

sim::Task<Reply> MessageLog::send_blindly(std::shared_ptr<Open> open) {
  simulation_.spawn(send_together(std::move(open)));
  co_return Reply::ok();
}

/// With what others of the same publisher send to the same partition.
sim::Task<Reply> MessageLog::join(std::uint32_t number, Request request,
                                  Publications::Publication publication) {
  const std::uint64_t publisher = std::uint64_t{request.zone} << 8 | request.sender;
  const std::uint64_t key = publisher << 32 | number;
  std::shared_ptr<Open>& place = open_.at(key);
  if (!place) {
    place = std::make_shared<Open>();
    place->partition = number;
  }
  const std::shared_ptr<Open> open = place;
  open->requests.push_back(request);
  open->publications.push_back(std::move(publication));
  const bool is_blind = plan_.acks == LogAcks::none;
  sim::Event<Reply> answer(simulation_);
  if (!is_blind) open->answers.push_back(answer.trigger());
  if (static_cast<std::int64_t>(open->requests.size()) >= plan_.batch.count) {
    open_.erase(key);
    simulation_.spawn(send_together(open));
  } else if (open->requests.size() == 1) {
    simulation_.spawn(linger(key, open));
  }
  if (is_blind) co_return Reply::ok();
  const Traced waits(request.span, SpanKind::wait);
  const auto reply = co_await answer.happens();
  if (!reply) co_await sim::Never();
  co_return *reply;
}

sim::Task<> MessageLog::linger(std::uint64_t key, std::shared_ptr<Open> open) {
  co_await simulation_.delay(plan_.linger);
  const auto* found = open_.find(key);
  if (found == nullptr || *found != open) co_return;  // it was full before
  open_.erase(key);
  co_await send_together(open);
}

sim::Task<> MessageLog::send_together(std::shared_ptr<Open> open) {
  auto parcel = std::make_shared<Parcel>();
  parcel->partition = open->partition;
  parcel->messages = open->requests;
  parcel->publications = open->publications;
  const Blind blind(*this, parcel);
  auto sent = send(parcel);
  const Reply reply = co_await sent;
  for (auto& answer : open->answers)
    answer.fire(reply);
}

void MessageLog::on_visible(std::uint32_t number, std::uint64_t from) {
  BrokerPartition& here = partition(number);
  for (std::uint64_t offset = from; offset < here.visible(); ++offset)
    bytes_[number] += messages_[here.at(offset)].request.size;
  expire(number);
  for (auto& group : groups_)
    group->feed(number);
}

void MessageLog::on_leader(std::uint32_t number) {
  for (auto& group : groups_)
    group->feed(number);
}

void MessageLog::pop(std::uint32_t number) {
  BrokerPartition& here = partition(number);
  const Messages::Number front = here.at(here.begin());
  bytes_[number] -= messages_[front].request.size;
  messages_.release(front);
  here.pop_front();
}

void MessageLog::expire(std::uint32_t number) {
  if (!plan_.retention) return;
  BrokerPartition& here = partition(number);
  const auto* age = std::get_if<sim::Duration>(&*plan_.retention);
  while (here.begin() < here.visible()) {
    BrokerMessage& front = messages_[here.at(here.begin())];
    const bool is_over = age != nullptr ? simulation_.now() - front.published > *age
                                        : bytes_[number] > std::get<Bytes>(*plan_.retention).count;
    if (!is_over) return;
    for (auto& group : groups_)
      group->on_expired(number, front);
    pop(number);
  }
}

void MessageLog::trim(std::uint32_t number) {
  BrokerPartition& here = partition(number);
  std::uint64_t done = here.visible();
  for (const auto& group : groups_)
    done = std::min(done, group->committed(number));
  while (here.begin() < done)
    pop(number);
}

}  // namespace headroom
