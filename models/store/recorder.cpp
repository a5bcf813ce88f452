#include "models/store/recorder.hpp"

#include <algorithm>

namespace headroom {

namespace {

using Type = HistoryEvent::Type;

Function function_of(Operation operation) {
  if (operation == Operation::write || operation == Operation::set) return Function::write;
  return operation == Operation::cas ? Function::cas : Function::read;
}

/// Version 0 is what an item was before its first write.
std::int64_t value_of(std::uint32_t version) {
  return version == 0 ? no_value : static_cast<std::int64_t>(version);
}

/// An answer that is not ok excludes a write only where it was refused before any work.
Type end_of(const RecordedOperation& operation, const Reply& reply) {
  if (reply.is_ok()) return Type::ok;
  const bool is_refused = operation.f == Function::cas && reply.lookup == Lookup::miss;
  if (is_refused) return Type::fail;
  if (operation.f == Function::read || reply.outcome == Outcome::rejected) return Type::fail;
  return Type::info;
}

}  // namespace

Recorder::Recorder(sim::Simulation& simulation, Endpoint& store, std::string name, std::size_t most,
                   std::size_t sites, const Measurement& measurement, bool counts)
    : Endpoint(simulation),
      store_(store),
      name_(std::move(name)),
      most_(most),
      sites_(sites),
      measurement_(measurement),
      answers_(1),
      is_full_(most == 0),
      counts_(counts) {}

void Recorder::set_partitions(std::vector<const Phase*> partitions) {
  partitions_ = std::move(partitions);
  answers_.assign(1 + partitions_.size() * sites_, {});
}

sim::Task<Reply> Recorder::call(Request request) {
  const std::uint32_t slot = begin(request);
  auto call = store_.call(request);
  const Reply reply = co_await call;
  end(slot, request, reply);
  co_return reply;
}

std::uint32_t Recorder::begin(const Request& request) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(open_.size()));
    open_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  Open& open = open_[slot] = Open();
  open.used = true;
  open.draw_key = request.draw_key;
  open.part = part_of(request.zone);
  if (open.part != no_part) ++answers_[open.part].all;
  slot_of_.at(request.draw_key) = slot;
  RecordedOperation& operation = open.operation;
  operation.call = simulation_.now();
  operation.key = request.item();
  operation.session = std::uint64_t{request.workload} << 32 | request.session;
  operation.zone = request.zone;
  operation.f = function_of(request.operation);
  if (operation.f == Function::cas) operation.expected = value_of(request.version);
  if (counts_ && operation.f == Function::write) {
    operation.f = Function::add;
    operation.value = 1;
  }
  // Zero: it begins after the end of what is kept.
  operation.began = is_full_ ? 0 : ++events_;
  ++operations_;
  return slot;
}

/// What the caller waits for no longer ends as unknown; its value may still come.
void Recorder::on_given_up(std::uint64_t draw_key) {
  const std::uint32_t* slot = slot_of_.find(draw_key);
  if (slot == nullptr) return;
  Open& open = open_[*slot];
  if (open.given_up) return;
  open.given_up = true;
  open.operation.end = Type::info;
  open.operation.ret = simulation_.now();
  open.operation.ended = ++events_;
}

void Recorder::on_assign(std::uint64_t draw_key, std::uint32_t version) {
  const std::uint32_t* slot = slot_of_.find(draw_key);
  if (slot != nullptr && !counts_) open_[*slot].operation.value = value_of(version);
}

void Recorder::on_read_together(std::uint64_t draw_key, std::span<const std::uint32_t> versions) {
  const std::uint32_t* slot = slot_of_.find(draw_key);
  if (slot != nullptr) open_[*slot].others.assign(versions.begin() + 1, versions.end());
}

/// With what was read at the same time.
void Recorder::keep(const Open& open) {
  done_.push_back(open.operation);
  for (const std::uint32_t version : open.others) {
    if (open.given_up) return;
    ++operations_;
    RecordedOperation beside = open.operation;
    beside.value = value_of(version);
    beside.session = onlooker | ++onlookers_;
    done_.push_back(beside);
  }
}

void Recorder::end(std::uint32_t slot, const Request& request, const Reply& reply) {
  Open& open = open_[slot];
  if (open.operation.f == Function::read) {
    if (reply.is_ok()) open.operation.value = counts_ ? reply.version : value_of(reply.version);
  } else if (!counts_) {
    // What a cas brings along is what it expects.
    const bool is_write = open.operation.f == Function::write;
    const std::uint32_t own = is_write ? request.version : 0;
    const std::uint32_t version = reply.version != 0 ? reply.version : own;
    if (version != 0) open.operation.value = value_of(version);
  }
  if (!open.given_up) {
    if (reply.is_ok() && open.part != no_part) ++answers_[open.part].ok;
    if (reply.is_ok()) longest_ = std::max(longest_, simulation_.now() - open.operation.call);
    open.operation.end = end_of(open.operation, reply);
    open.operation.ret = simulation_.now();
    open.operation.ended = ++events_;
  }
  // A read that ends after the last write that is kept may have seen a later one.
  const bool is_blind = is_full_ && open.operation.f == Function::read;
  if (open.operation.began != 0 && !is_blind && keeps(open.operation.key)) {
    if (open.operation.f == Function::read && open.given_up) open.operation.value = no_value;
    keep(open);
  }
  const std::uint32_t* known = slot_of_.find(open.draw_key);
  if (known != nullptr && *known == slot) slot_of_.erase(open.draw_key);
  open.used = false;
  free_.push_back(slot);
  if (done_.size() > most_ && !is_full_) make_room();
}

std::uint32_t Recorder::part_of(std::uint16_t site) const {
  const sim::Time now = simulation_.now();
  if (now < measurement_.start || now >= measurement_.end) return no_part;
  for (std::size_t i = 0; i < partitions_.size(); ++i)
    if (partitions_[i]->covers(now)) return static_cast<std::uint32_t>(1 + i * sites_ + site);
  return 0;
}

bool Recorder::keeps(std::uint64_t key) const {
  return (sim::mix(key) & wanted_mask_) == wanted_bits_;
}

void Recorder::make_room() {
  const std::uint64_t bit = wanted_mask_ + 1;
  const auto has_bit = [&](const RecordedOperation& each) {
    return (sim::mix(each.key) & bit) != 0;
  };
  const auto with = static_cast<std::size_t>(std::count_if(done_.begin(), done_.end(), has_bit));
  const std::size_t larger = std::max(with, done_.size() - with);
  // Chosen: with more than 7 of 8 in one half, halving gains little or keeps little.
  if (larger > done_.size() / 8 * 7 || bit == 0) {
    is_full_ = true;
    return;
  }
  wanted_mask_ |= bit;
  if (with == larger) wanted_bits_ |= bit;
  std::erase_if(done_, [&](const RecordedOperation& each) { return !keeps(each.key); });
}

StoreHistory Recorder::result() const {
  StoreHistory history;
  history.service = name_;
  history.counts = counts_;
  history.answers = answers_;
  history.operations = done_;
  for (const Open& open : open_) {
    if (!open.used) continue;
    // Too young to say that it is not answered.
    const bool is_young = simulation_.now() - open.operation.call <= longest_;
    if (open.part != no_part && !open.given_up && is_young) --history.answers[open.part].all;
    if (open.operation.began != 0 && keeps(open.operation.key))
      history.operations.push_back(open.operation);
  }
  history.left_out = operations_ - history.operations.size();
  std::stable_sort(history.operations.begin(), history.operations.end(),
                   [](const auto& a, const auto& b) { return a.began < b.began; });
  name_open_writes(history.operations);
  number_processes(history.operations);
  return history;
}

void number_processes(std::vector<RecordedOperation>& operations) {
  std::vector<RecordedOperation*> all;
  for (RecordedOperation& each : operations)
    all.push_back(&each);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->session < b->session; });
  struct Process {
    std::uint32_t number, ended;
  };
  std::uint32_t next = 0;
  std::vector<Process> idle;  // of the session, or busy for a while
  for (std::size_t i = 0; i < all.size(); ++i) {
    RecordedOperation& each = *all[i];
    if (i == 0 || each.session != all[i - 1]->session) idle.clear();
    auto at = std::find_if(idle.begin(), idle.end(),
                           [&](const Process& one) { return one.ended < each.began; });
    if (at == idle.end()) at = idle.insert(at, {next++, 0});
    each.process = at->number;
    at->ended = each.ended;
    if (each.ended == 0 || each.end == Type::info) idle.erase(at);
  }
}

void name_open_writes(std::vector<RecordedOperation>& operations) {
  const auto by_key = [](const auto* a, const auto* b) { return a->key < b->key; };
  std::vector<RecordedOperation*> nameless, reads;
  std::vector<std::pair<std::uint64_t, std::int64_t>> known;
  for (RecordedOperation& each : operations) {
    if (each.f == Function::read) {
      if (each.end == Type::ok && each.value != no_value) reads.push_back(&each);
    } else if (each.value != no_value) {
      known.emplace_back(each.key, each.value);
    } else if (each.end != Type::fail) {
      nameless.push_back(&each);
    }
  }
  // Whatever it was, nobody read it: a value that no other write has.
  for (RecordedOperation& each : operations)
    if (each.f != Function::read && each.value == no_value)
      each.value = (std::int64_t{1} << 32) + each.began;
  std::stable_sort(nameless.begin(), nameless.end(), by_key);
  std::sort(known.begin(), known.end());
  // Whoever read a value first must have read it from a write that began before.
  std::sort(reads.begin(), reads.end(), [](const auto* a, const auto* b) {
    return a->key != b->key ? a->key < b->key : a->ended < b->ended;
  });
  auto write = nameless.begin();
  for (const RecordedOperation* read : reads) {
    while (write != nameless.end() && (*write)->key < read->key)
      ++write;
    if (write == nameless.end()) return;
    const std::pair<std::uint64_t, std::int64_t> value{read->key, read->value};
    const auto at = std::lower_bound(known.begin(), known.end(), value);
    if ((*write)->key != read->key || (at != known.end() && *at == value)) continue;
    (*write)->value = read->value;
    known.insert(at, value);
    ++write;
  }
}

}  // namespace headroom
