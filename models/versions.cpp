#include "models/versions.hpp"

namespace headroom {

std::uint32_t Versions::current(std::uint64_t item) const {
  const History* history = items_.find(item);
  return history == nullptr ? 0 : history->version;
}

std::uint32_t Versions::commit(std::uint64_t item) {
  History& history = items_.at(item);
  const std::uint32_t version = ++history.version;
  history.committed[version % kept] = simulation_.now();
  for (VersionListener* listener : listeners_)
    listener->on_commit(item);
  return version;
}

sim::Time Versions::superseded_at(std::uint64_t item, std::uint32_t version) const {
  const History* history = items_.find(item);
  HEADROOM_CHECK_IN(simulation_, history != nullptr && version < history->version);
  const std::uint32_t oldest = history->version < kept ? 1 : history->version - kept + 1;
  return history->committed[std::max(version + 1, oldest) % kept];
}

}  // namespace headroom
