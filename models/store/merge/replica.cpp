#include "models/store/merge/replica.hpp"

#include <algorithm>

#include "models/draw.hpp"
#include "models/store/bugs.hpp"

namespace headroom {

bool MergeValue::merge(const MergeValue& other) {
  if (!other.by_copy.empty()) {
    bool is_news = false;
    by_copy.resize(other.by_copy.size());
    version = 0;
    for (std::size_t i = 0; i < by_copy.size(); ++i) {
      is_news |= other.by_copy[i] > by_copy[i];
      version += by_copy[i] = std::max(by_copy[i], other.by_copy[i]);
    }
    return is_news;
  }
  const bool is_later = std::pair(other.stamp, other.copy) > std::pair(stamp, copy);
  if (is_later || version == 0) *this = other;
  return is_later;
}

MergeReplica::MergeReplica(MergeGroup& group, StoreNode& node, std::uint8_t index)
    : PeerReplica(node, group.name(), index), group_(group) {}

void MergeReplica::start() {
  peers_.resize(group_.size());
  scope_.spawn(exchange());
}

sim::Task<Reply> MergeReplica::finish(Request request) {
  Reply reply;
  reply.version_space = request.key_space;
  if (request.operation == Operation::read) {
    reply.version = node_.version_of(request.item());
    co_return reply;
  }
  write(request, reply);
  if (const auto& fsync = group_.plan().fsync)
    co_await node_.processor().work(draw_duration(*fsync, random_));
  co_return reply;
}

/// The write counts here and now; the others are told later.
void MergeReplica::write(const Request& request, Reply& reply) {
  const std::uint64_t item = request.item();
  MergeValue& value = values_.at(item);
  reply.version = group_.setup().versions.assign(item, request.draw_key);
  if (group_.counts()) {
    value.by_copy.resize(group_.size());
    ++value.by_copy[index_];
    ++value.version;
  } else {
    const std::int64_t now = simulation_.now().count_ns() + node_.clock_skew_ns();
    const MergeValue mine{now, reply.version, index_};
    const bool is_first = value.version == 0;
    const bool is_latest = value.merge(mine);
    if (!is_latest && !is_first) group_.on_overwritten();
  }
  group_.setup().versions.commit(item, reply.version);
  changed(item, value, index_);
  if (!group_.gossips())
    for (std::uint8_t to = 0; to < peers_.size(); ++to)
      if (to != index_ && peers_[to].flying.empty()) tell(to);
}

void MergeReplica::changed(std::uint64_t item, const MergeValue& value, std::uint8_t except) {
  node_.set(item, value.version);
  // By gossip news travel from copy to copy; else who wrote it tells all.
  const bool is_own = except == index_;
  for (std::uint8_t to = 0; to < peers_.size(); ++to)
    if (to != index_ && to != except && (is_own || group_.gossips())) add(peers_[to], item);
}

void MergeReplica::add(Peer& peer, std::uint64_t item) {
  bool& waits = peer.waits.at(item);
  if (!waits) peer.items.push_back(item);
  waits = true;
}

std::vector<std::pair<std::uint64_t, MergeValue>> MergeReplica::take(Peer& peer) {
  std::vector<std::pair<std::uint64_t, MergeValue>> items;
  for (const std::uint64_t item : peer.items)
    items.emplace_back(item, *values_.find(item));
  peer.waits.clear();
  peer.flying = std::move(peer.items);
  peer.items.clear();
  return items;
}

void MergeReplica::put_back(Peer& peer) {
  for (const std::uint64_t item : peer.flying)
    add(peer, item);
  peer.flying.clear();
}

void MergeReplica::tell(std::uint8_t to) {
  Peer& peer = peers_[to];
  put_back(peer);
  if (peer.items.empty() && !group_.gossips()) return;
  MergeMessage message;
  message.items = take(peer);
  message.number = ++peer.number;
  group_.post(index_, to, std::move(message));
}

/// Gossip: with one at random, in both directions. Else: what was lost is sent again.
sim::Task<> MergeReplica::exchange() {
  const sim::Duration pause = group_.plan().gossip_interval;
  // So that copies do not all speak at once.
  co_await simulation_.delay(
      sim::Duration::rounded_ns(static_cast<double>(pause.count_ns()) * random_.uniform()));
  for (;;) {
    if (!node_.paused() && peers_.size() > 1) {
      if (group_.gossips()) {
        const auto other = static_cast<std::uint8_t>(random_.below(peers_.size() - 1));
        tell(static_cast<std::uint8_t>(other + (other >= index_ ? 1 : 0)));
      } else {
        for (std::uint8_t to = 0; to < peers_.size(); ++to)
          if (to != index_) tell(to);
      }
    }
    co_await simulation_.delay(pause);
  }
}

/// Whether there was any.
bool MergeReplica::take_news(MergeValue& mine, const MergeValue& theirs) const {
  const std::uint32_t had = mine.version;
  if (has_bug(group_.plan(), Bug::last_arrival_wins)) {
    const bool is_other = std::pair(mine.stamp, mine.copy) != std::pair(theirs.stamp, theirs.copy);
    mine = theirs;
    return is_other;
  }
  const bool is_news = mine.merge(theirs);
  if (is_news && has_bug(group_.plan(), Bug::merge_adds)) mine.version = had + theirs.version;
  return is_news;
}

void MergeReplica::receive(MergeMessage message) {
  if (!node_.up()) return;
  if (node_.paused()) {
    inbox_.push_back(std::move(message));
    return;
  }
  for (const auto& [item, theirs] : message.items) {
    MergeValue& mine = values_.at(item);
    if (!take_news(mine, theirs)) continue;
    changed(item, mine, message.from);
    node_.charge(item, sim::mix(theirs.version, ++drawn_));
  }
  Peer& peer = peers_[message.from];
  if (message.is_answer) {
    if (message.number != peer.number) return;
    peer.flying.clear();
    if (!group_.gossips() && !peer.items.empty()) tell(message.from);
    return;
  }
  MergeMessage answer;
  answer.is_answer = true;
  answer.number = message.number;
  // An answer may be lost: what it brings is told again in a message of its own.
  if (group_.gossips())
    for (const std::uint64_t item : peer.items)
      answer.items.emplace_back(item, *values_.find(item));
  group_.post(index_, message.from, std::move(answer));
}

void MergeReplica::on_kill() {
  scope_.close();
  inbox_.clear();
}

void MergeReplica::on_resume() {
  auto waited = std::move(inbox_);
  inbox_.clear();
  for (MergeMessage& message : waited)
    receive(std::move(message));
}

}  // namespace headroom
