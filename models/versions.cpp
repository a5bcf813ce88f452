#include "models/versions.hpp"

namespace headroom {

std::uint32_t Versions::current(std::uint64_t item) const {
  const History* history = items_.find(item);
  return history == nullptr ? 0 : history->version;
}

std::uint32_t Versions::assign(std::uint64_t item, std::uint64_t draw_key) {
  const std::uint32_t version = assign(item);
  for (VersionListener* listener : listeners_)
    listener->on_assign(draw_key, version);
  return version;
}

void Versions::read_together(std::uint64_t draw_key, std::span<const std::uint32_t> versions) {
  for (VersionListener* listener : listeners_)
    listener->on_read_together(draw_key, versions);
}

void Versions::commit(std::uint64_t item, std::uint32_t version) {
  History& history = items_.at(item);
  if (version <= history.version) return;
  // What it overtook counts as committed with it.
  for (std::uint32_t each = version - std::min(kept, version - history.version); each < version;)
    history.committed[++each % kept] = simulation_.now();
  history.version = version;
  for (VersionListener* listener : listeners_)
    listener->on_commit(item);
}

sim::Time Versions::superseded_at(std::uint64_t item, std::uint32_t version) const {
  const History* history = items_.find(item);
  HEADROOM_CHECK_IN(simulation_, history != nullptr && version < history->version);
  const std::uint32_t oldest = history->version < kept ? 1 : history->version - kept + 1;
  return history->committed[std::max(version + 1, oldest) % kept];
}

}  // namespace headroom
