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
    if (held.under_way > 0) {
      list(request, held);  // One write of a key at a time, or an old value could come last.
    } else {
      held.under_way = std::exchange(held.waiting, 0);
      under_way_ += held.under_way;
      scope_.spawn(write(request));
    }
  }
}

sim::Task<> WriteBehind::write(Request request) {
  const Reply reply = co_await store_->call(request);
  Held& held = held_.at(request.item());
  const std::uint32_t sets = std::exchange(held.under_way, 0);
  under_way_ -= sets;
  if (!reply.is_ok()) {
    held.waiting += sets;
    list(request, held);
  } else if (held.waiting == 0) {
    held_.erase(request.item());
    contents_.settle(request, reply.version);
  }
}

WriteBehind::Gone WriteBehind::lose_all() {
  Gone gone{0, std::exchange(under_way_, 0)};
  for (const Request& request : listed_)
    gone.lost += held_.at(request.item()).waiting;
  scope_.close();
  listed_.clear();
  held_.clear();
  return gone;
}

}  // namespace headroom
