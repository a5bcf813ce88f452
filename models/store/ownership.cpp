#include "models/store/ownership.hpp"

#include <algorithm>

namespace headroom {

void Ownership::on_write(std::uint64_t item) {
  const std::uint64_t position = sharding_.position_of(Request::about(item));
  if (bool& ever = ever_.at(item); !ever) {
    ever = true;
    written_.push_back(item);
    positions_.push_back(position);
  }
  const std::size_t cell = before_.cell_of(position);
  if (!moves(cell) || taken_[cell]) return;
  bool& waiting = waiting_.at(item);
  if (waiting) return;
  waiting = true;
  logs_[cell].items.push_back(item);
}

bool Ownership::corrected(const Request& request, std::uint32_t asked) {
  const std::size_t cell = cell_of(request);
  if (!moves(cell) || asked != from(cell)) return asked != believed(request);
  if (request.zone >= known_.size()) known_.resize(request.zone + 1u, std::vector<bool>(cells()));
  known_[request.zone][cell] = true;
  return true;
}

void Ownership::begin(Layout next) {
  before_ = settled_;
  after_ = next;
  settled_ = std::move(next);
  Layout::align(before_, after_);
  released_.assign(cells(), false);
  taken_.assign(cells(), false);
  known_.clear();
  waiting_.clear();
  logs_.assign(cells(), {});
  for (std::size_t i = 0; i < written_.size(); ++i) {
    const std::size_t cell = before_.cell_of(positions_[i]);
    if (!moves(cell)) continue;
    waiting_.at(written_[i]) = true;
    logs_[cell].items.push_back(written_[i]);
  }
}

void Ownership::end() {
  before_ = after_ = settled_;
  released_.clear();
  taken_.clear();
  known_.clear();
  logs_.clear();
  waiting_.clear();
}

std::vector<std::uint64_t> Ownership::take_unsent(std::size_t cell, std::size_t most) {
  Log& log = logs_[cell];
  const std::size_t end = std::min(log.items.size(), log.sent + std::min(most, log.items.size()));
  std::vector<std::uint64_t> taken;
  for (; log.sent < end; ++log.sent) {
    taken.push_back(log.items[log.sent]);
    waiting_.at(taken.back()) = false;
  }
  return taken;
}

}  // namespace headroom
