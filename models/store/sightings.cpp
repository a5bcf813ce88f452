#include "models/store/sightings.hpp"

#include <algorithm>
#include <utility>

#include "sim/kernel/random.hpp"

namespace headroom {

std::uint64_t Sightings::place_of(const Request& request) {
  const std::uint64_t session = std::uint64_t{request.workload} << 32 | request.session;
  return sim::mix(session, request.item());
}

void Sightings::saw(const Request& request, std::uint32_t state) {
  recent_.at(place_of(request)) = state;
  if (recent_.size() >= most) older_ = std::exchange(recent_, {});
}

std::uint32_t Sightings::last_seen(const Request& request) const {
  const std::uint32_t* state = recent_.find(place_of(request));
  if (state == nullptr) state = older_.find(place_of(request));
  return state == nullptr ? 0 : *state;
}

std::uint8_t& Sightings::fate(std::uint64_t item, std::uint32_t value) {
  std::vector<std::uint8_t>& fates = fates_.at(item);
  if (fates.empty()) items_.push_back(item);
  if (fates.size() <= value) fates.resize(value + 1);
  return fates[value];
}

void Sightings::start_measuring() {
  for (const std::uint64_t item : items_)
    for (std::uint8_t& each : *fates_.find(item))
      each &= is_seen;
}

std::uint64_t Sightings::lost(
    const std::function<std::vector<std::uint32_t>(std::uint64_t item)>& left) const {
  std::uint64_t lost = 0;
  for (const std::uint64_t item : items_) {
    std::vector<std::uint8_t> fates = *fates_.find(item);
    for (const std::uint32_t value : left(item))
      if (value < fates.size()) fates[value] = 0;
    lost += static_cast<std::uint64_t>(std::count(fates.begin(), fates.end(), is_counted));
  }
  return lost;
}

}  // namespace headroom
