#include "models/broker/partition.hpp"

#include <algorithm>

namespace headroom {

BrokerPartition::BrokerPartition(std::vector<std::uint32_t> nodes, bool by_majority)
    : by_majority_(by_majority) {
  for (const std::uint32_t node : nodes) {
    copies_.emplace_back();
    copies_.back().node = node;
  }
}

std::uint32_t BrokerPartition::in_sync() const {
  return static_cast<std::uint32_t>(std::count_if(
      copies_.begin(), copies_.end(), [](const PartitionCopy& copy) { return copy.in_sync; }));
}

std::uint64_t BrokerPartition::append(std::uint32_t message) {
  entries_.push_back(message);
  PartitionCopy& own = copies_[leader_];
  own.end = own.known = end();
  return end() - 1;
}

void BrokerPartition::pop_front() {
  entries_.pop_front();
  ++begin_;
}

std::uint32_t BrokerPartition::pop_back() {
  const std::uint32_t message = entries_.back();
  entries_.pop_back();
  return message;
}

bool BrokerPartition::advance() {
  if (leader_ == nobody) return false;
  std::uint64_t safe = end();
  if (by_majority_) {
    std::vector<std::uint64_t> known;
    for (const PartitionCopy& copy : copies_)
      known.push_back(copy.known);
    std::sort(known.rbegin(), known.rend());
    safe = known[copies_.size() / 2];
  } else {
    for (const PartitionCopy& copy : copies_)
      if (copy.in_sync) safe = std::min(safe, copy.known);
  }
  if (safe <= visible_) return false;
  visible_ = safe;
  return true;
}

bool BrokerPartition::elect() {
  const std::size_t before = leader_;
  leader_ = nobody;
  std::size_t up = 0;
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const PartitionCopy& copy = copies_[i];
    if (!copy.is_up) continue;
    ++up;
    if (!by_majority_ && !copy.in_sync) continue;
    const bool holds_more = leader_ == nobody || (by_majority_ && copy.end > copies_[leader_].end);
    if (holds_more) leader_ = i;
  }
  if (by_majority_ && up <= copies_.size() / 2) leader_ = nobody;
  if (leader_ == before) return false;
  ++epoch_;
  if (leader_ == nobody) return true;
  const std::uint64_t held = copies_[leader_].end;
  for (PartitionCopy& copy : copies_) {
    copy.end = std::min(copy.end, held);
    copy.known = &copy == &copies_[leader_] ? held : std::min(copy.known, held);
    copy.copying = false;
  }
  return true;
}

}  // namespace headroom
