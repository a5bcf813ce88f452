#include "models/consistency/clocks.hpp"

#include <algorithm>

namespace headroom::consistency {

namespace {

std::uint32_t length(const Registers& registers, std::uint32_t process) {
  return registers.first(process + 1) - registers.first(process);
}

}  // namespace

std::size_t Clocks::words(const Registers& registers) {
  std::size_t rows = 0, clocks = 0;
  for (std::uint32_t p = 0; p < registers.processes(); ++p) {
    if (length(registers, p) < 2) continue;
    rows += length(registers, p);
    ++clocks;
  }
  return rows * clocks / 2;
}

Clocks::Clocks(const Registers& registers)
    : registers_(registers),
      which_(registers.processes(), none),
      row_(registers.ops().size(), none),
      readers_of_(registers.ops().size(), none) {
  std::uint32_t rows = 0;
  for (std::uint32_t p = 0; p < registers.processes(); ++p) {
    if (length(registers, p) < 2) continue;
    which_[p] = static_cast<std::uint32_t>(processes_.size());
    processes_.push_back(p);
    for (std::uint32_t op = registers.first(p); op < registers.first(p + 1); ++op)
      row_[op] = rows++;
  }
  clocks_.resize(std::size_t{rows} * processes_.size());
  is_cyclic_ = !fill();
}

/// In an order in which everything comes after what happened before it; false where there is none.
bool Clocks::fill() {
  const auto& ops = registers_.ops();
  std::vector<std::uint32_t> waits(ops.size()), next(ops.size(), none), ready;
  std::vector<std::uint32_t> head(ops.size(), none);  // readers of a write, as a list
  for (std::uint32_t op = 0; op < ops.size(); ++op) {
    if (row_[op] == none) continue;
    if (op != registers_.first(ops[op].process)) ++waits[op];
    const std::uint32_t from = ops[op].from;
    if (from == none || from == Registers::initial) continue;
    if (row_[from] == none) {
      if (readers_of_[from] == none) {
        readers_of_[from] = static_cast<std::uint32_t>(readers_.size());
        readers_.emplace_back();
      }
      auto& readers = readers_[readers_of_[from]];
      if (readers.empty() || ops[readers.back()].process != ops[op].process) readers.push_back(op);
      continue;
    }
    ++waits[op];
    next[op] = head[from];
    head[from] = op;
  }
  std::size_t left = 0;
  for (std::uint32_t op = 0; op < ops.size(); ++op) {
    if (row_[op] == none) continue;
    ++left;
    if (waits[op] == 0) ready.push_back(op);
  }
  const std::size_t width = processes_.size();
  while (!ready.empty()) {
    const std::uint32_t op = ready.back();
    ready.pop_back();
    --left;
    std::uint32_t* clock = &clocks_[row_[op] * width];
    const auto join = [&](std::uint32_t before) {
      const std::uint32_t* other = &clocks_[row_[before] * width];
      for (std::size_t i = 0; i < width; ++i)
        clock[i] = std::max(clock[i], other[i]);
    };
    const std::uint32_t first = registers_.first(ops[op].process);
    if (op != first) join(op - 1);
    const std::uint32_t from = ops[op].from;
    if (from != none && from != Registers::initial && row_[from] != none) join(from);
    clock[which_[ops[op].process]] = op - first + 1;
    const bool is_last = op + 1 == registers_.first(ops[op].process + 1);
    if (!is_last && --waits[op + 1] == 0) ready.push_back(op + 1);
    for (std::uint32_t reader = head[op]; reader != none; reader = next[reader])
      if (--waits[reader] == 0) ready.push_back(reader);
  }
  return left == 0;
}

bool Clocks::before(std::uint32_t a, std::uint32_t b) const {
  if (a == b) return false;
  const auto has = [&](std::uint32_t op) {
    const std::uint32_t process = registers_.ops()[op].process;
    return known(b, which_[process]) > op - registers_.first(process);
  };
  if (row_[a] != none) return has(a);
  if (readers_of_[a] == none) return false;
  const auto& readers = readers_[readers_of_[a]];
  return std::any_of(readers.begin(), readers.end(), has);
}

}  // namespace headroom::consistency
