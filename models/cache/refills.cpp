#include "models/cache/refills.hpp"

#include <utility>

namespace headroom {

const Refills::Refill* Refills::find(std::uint64_t item) const {
  const std::uint32_t* place = places_.find(item);
  return place == nullptr ? nullptr : &refills_[*place];
}

bool Refills::is_taken(std::uint64_t item, std::uint64_t who, sim::Time now) const {
  const Refill* refill = find(item);
  return refill != nullptr && refill->holder != who && now < refill->since + timeout_;
}

void Refills::take(std::uint64_t item, std::uint64_t who, sim::Time now) {
  std::uint32_t place = 0;
  if (const std::uint32_t* used = places_.find(item)) {
    place = *used;
  } else if (!free_.empty()) {
    place = free_.back();
    free_.pop_back();
    places_.at(item) = place;
  } else {
    place = static_cast<std::uint32_t>(refills_.size());
    refills_.emplace_back();
    places_.at(item) = place;
  }
  Refill& refill = refills_[place];
  refill.item = item;
  refill.holder = who;
  refill.since = now;
}

sim::Duration Refills::held_for(std::uint64_t item, std::uint64_t who, sim::Time now) const {
  const Refill* refill = find(item);
  if (refill == nullptr || refill->holder != who) return sim::Duration::ns(-1);
  return now - refill->since;
}

sim::Time Refills::ends_at(std::uint64_t item) const {
  return find(item)->since + timeout_;
}

void Refills::await(std::uint64_t item, sim::Trigger<News> trigger) {
  refills_[*places_.find(item)].waiting.push_back(std::move(trigger));
}

void Refills::end(std::uint64_t item, News news) {
  const std::uint32_t* found = places_.find(item);
  if (found == nullptr) return;
  const std::uint32_t place = *found;
  places_.erase(item);
  free_.push_back(place);
  for (auto& trigger : refills_[place].waiting)
    trigger.fire(news);
  refills_[place].waiting.clear();
}

void Refills::clear() {
  // By place, so that the order in which those that wait go on is always the same.
  for (Refill& refill : refills_) {
    if (const std::uint32_t* place = places_.find(refill.item);
        place != nullptr && &refills_[*place] == &refill) {
      end(refill.item, {});
    }
  }
}

}  // namespace headroom
