#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "models/item_table.hpp"
#include "models/keys.hpp"
#include "models/request.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

/// One operation as the copies of a shard agree on it.
struct LogEntry {
  std::uint64_t item = 0;  ///< Where it says who the members are, those: copy i is bit i.
  std::uint32_t term = 0;
  std::uint32_t version = 0;   ///< The number of the write; 0 where it writes nothing.
  std::uint32_t expected = 0;  ///< Of a cas.
  std::uint32_t before = 0;    ///< What the copy held when it applied this, to undo it.
  Operation operation = Operation::none;
  bool answered = false;  ///< This copy told its client that it is done.
  bool refused = false;   ///< A cas that did not find what it expected.
  bool of_members = false;
};

/// All that a copy has applied up to an entry, and who the members were then.
struct LogSnapshot {
  ItemTable<std::uint32_t> items;
  std::uint64_t index = 0;
  std::uint64_t members = 0;
  std::uint32_t term = 0;  ///< Of the entry.
  std::int64_t bytes = 0;
};

inline constexpr std::int64_t message_bytes = 100;       // Chosen: of a message without entries.
inline constexpr std::int64_t snapshot_item_bytes = 64;  // Chosen: of an item and its version.
/// Bytes of an entry with its value. `keys` by number less one.
std::int64_t bytes_of(const LogEntry& entry, std::span<const KeySpace> keys);

/// The log of one copy: entries from `base` + 1 on. What all copies have is forgotten.
class ReplicatedLog {
 public:
  /// One without entries, as if all up to `base` had been forgotten.
  static ReplicatedLog after(std::uint64_t base, std::uint32_t term = 0) {
    ReplicatedLog log;
    log.base_ = base;
    log.base_term_ = term;
    return log;
  }
  std::uint64_t base() const { return base_; }
  std::uint64_t last() const { return base_ + entries_.size() - dead_; }
  std::uint32_t last_term() const { return term_at(last()); }
  bool holds(std::uint64_t index) const { return index > base_ && index <= last(); }
  /// Of an entry, or of the last one that was forgotten.
  std::uint32_t term_at(std::uint64_t index) const {
    return index == base_ ? base_term_ : at(index).term;
  }
  const LogEntry& at(std::uint64_t index) const {
    HEADROOM_CHECK(holds(index));
    return entries_[dead_ + static_cast<std::size_t>(index - base_ - 1)];
  }
  LogEntry& at(std::uint64_t index) {
    return const_cast<LogEntry&>(std::as_const(*this).at(index));
  }

  void append(const LogEntry& entry) { entries_.push_back(entry); }
  /// Forgets all after `last`.
  void truncate(std::uint64_t last) {
    HEADROOM_CHECK(last >= base_);
    entries_.resize(dead_ + static_cast<std::size_t>(last - base_));
  }
  /// Forgets all up to `index`, which stays known by its term. Memory is given back in large
  /// pieces.
  void compact(std::uint64_t index) {
    if (index <= base_) return;
    base_term_ = term_at(index);
    dead_ += static_cast<std::size_t>(index - base_);
    base_ = index;
    if (dead_ < 1024 || 2 * dead_ < entries_.size()) return;
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(dead_));
    dead_ = 0;
  }

 private:
  std::vector<LogEntry> entries_;
  std::size_t dead_ = 0;  ///< Of these, at the front, those that are forgotten.
  std::uint64_t base_ = 0;
  std::uint32_t base_term_ = 0;
};

/// Messages with entries that overtook those before them: a connection keeps the order of what is
/// sent. `Message::index` is the entry before those of the message.
template <class Message>
class EarlyMessages {
 public:
  void keep(Message message) { kept_.push_back(std::move(message)); }
  /// One that can be taken by a copy that has all entries up to `last`, if there is one.
  std::optional<Message> next(std::uint64_t last) {
    const auto found = std::find_if(kept_.begin(), kept_.end(),
                                    [&](const Message& each) { return each.index <= last; });
    if (found == kept_.end()) return std::nullopt;
    std::optional<Message> message(std::move(*found));
    kept_.erase(found);
    return message;
  }
  void clear() { kept_.clear(); }

 private:
  std::vector<Message> kept_;
};

/// What copies tell each other.
struct LogMessage {
  enum class Kind : std::uint8_t { ask, vote, append, ack, snapshot, taken };

  Kind kind = Kind::append;
  bool trial = false;    ///< Of ask and vote: before the term has begun.
  bool yes = false;      ///< Of vote: granted; of ack: the logs are the same up to `index`.
  bool quiet = false;    ///< Of append: nobody waits for an answer.
  bool follows = false;  ///< Of append: what comes before its entries may be under way still.
  bool is_new = false;   ///< Of ack: it has not got what there was before all entries.
  std::uint8_t from = 0;
  std::uint32_t term = 0;
  std::uint32_t log_term = 0;  ///< Of the entry at `index`.
  /// The last entry of who asks; the one before `entries`; up to where an ack says yes, or where
  /// the logs may still be the same.
  std::uint64_t index = 0;
  std::uint64_t commit = 0, floor = 0;  ///< Of append: what is committed, and what all copies have.
  sim::Time sent;                       ///< Of append, and told back by its ack.
  std::vector<LogEntry> entries;
  /// Of a snapshot, which is sent piece by piece: what it is, where this piece begins and its
  /// bytes; of taken: bytes of it that are there, of the one up to `index`.
  std::shared_ptr<const LogSnapshot> snapshot{};
  std::int64_t offset = 0, bytes = 0;
};

}  // namespace headroom
