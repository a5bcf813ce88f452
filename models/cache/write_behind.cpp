#include "models/cache/write_behind.hpp"

#include <utility>

namespace headroom {

WriteBehind::WriteBehind(sim::Simulation& simulation, sim::Duration interval, Contents& contents)
    : simulation_(simulation), interval_(interval), contents_(contents), scope_(simulation) {}

void WriteBehind::add(const Request& request) {
  Held& held = held_.at(request.item());
  ++held.waiting;
  list(request, held);
}

void WriteBehind::list(const Request& request, Held& held) {
  if (held.is_listed) return;
  held.is_listed = true;
  listed_.push_back(request);
  if (listed_.size() == 1) scope_.spawn(flush());
}

sim::Task<> WriteBehind::flush() {
  co_await simulation_.delay(interval_);
  std::vector<Request> now;
  now.swap(listed_);
  for (const Request& request : now) {
    Held& held = held_.at(request.item());
    held.is_listed = false;
    if (held.is_under_way) {
      list(request, held);  // One write of a key at a time, or an old value could come last.
    } else {
      held.is_under_way = true;
      scope_.spawn(write(request));
    }
  }
}

sim::Task<> WriteBehind::write(Request request) {
  const std::uint32_t sets = std::exchange(held_.at(request.item()).waiting, 0);
  const Reply reply = co_await store_->call(request);
  Held& held = held_.at(request.item());
  held.is_under_way = false;
  if (!reply.is_ok()) {
    held.waiting += sets;
    list(request, held);
  } else if (held.waiting == 0) {
    held_.erase(request.item());
    contents_.settle(request, reply.version);
  }
}

std::uint64_t WriteBehind::lose_all() {
  std::uint64_t lost = 0;
  for (const Request& request : listed_)
    lost += held_.at(request.item()).waiting;
  scope_.close();
  listed_.clear();
  held_.clear();
  return lost;
}

}  // namespace headroom
