#pragma once

#include <cstdint>
#include <vector>

#include "models/item_table.hpp"
#include "models/request.hpp"
#include "models/store/layout.hpp"
#include "models/store/sharding.hpp"
#include "sim/kernel/check.hpp"

namespace headroom {

/// What a shard answers that does not own the key: nothing was wrong but whom was asked. Unlike
/// `redirected` it is no use to ask another copy.
inline Reply moved() {
  Reply reply = Reply::rejected(DropCause::none);
  reply.lookup = Lookup::miss;
  return reply;
}
inline bool is_moved(const Reply& reply) {
  return reply.outcome == Outcome::rejected && reply.cause == DropCause::none &&
         reply.lookup == Lookup::miss;
}

/// What a node does at the end of a bulk read or write.
class BulkWork {
 public:
  virtual ~BulkWork() = default;
  virtual Reply on_done(const Request& request) = 0;
};

/// Nothing but the work of it.
class OnlyWork final : public BulkWork {
 public:
  Reply on_done(const Request&) override { return Reply::ok(); }
};

/// Who owns which keys while shards change, and who believes what of it.
///
/// A change gives some cells of the layout to other shards. Each such cell passes through three
/// states, which two shards keep on their disks: its former owner serves it until it has `released`
/// it, for good; its new owner serves it once it has `taken` it, which it does when told by the
/// former owner, after the release. In between nobody does: there are never two. All copies of a
/// shard know at once what it has released and taken. Callers have a map for each place they stand
/// in, and correct it cell by cell as they are told.
class Ownership {
 public:
  explicit Ownership(const Sharding& sharding)
      : sharding_(sharding), settled_(sharding.layout()), before_(settled_), after_(settled_) {}

  std::size_t cell_of(const Request& request) const {
    return before_.cell_of(sharding_.position_of(request));
  }
  bool serves(std::uint32_t shard, const Request& request) const {
    return shard == owner_of(cell_of(request));
  }
  static constexpr std::uint32_t nobody = UINT32_MAX;
  /// Who serves a cell now, by what the two shards themselves know.
  std::uint32_t owner_of(std::size_t cell) const {
    if (!moves(cell)) return from(cell);
    if (taken_[cell]) return to(cell);
    return released_[cell] ? nobody : from(cell);
  }
  /// A copy of the owner of an item holds another value of it.
  void on_write(std::uint64_t item);
  /// Every item that was ever written.
  const std::vector<std::uint64_t>& written() const { return written_; }
  /// Whether the item is any business of a shard: it serves it, gives it away, or gets it.
  bool concerns(std::uint32_t shard, std::uint64_t item) const {
    const std::size_t cell = cell_of(Request::about(item));
    return shard == to(cell) || (shard == from(cell) && !(moves(cell) && taken_[cell]));
  }

  /// The shard that callers in the zone of the request believe to own its key.
  std::uint32_t believed(const Request& request) const {
    const std::size_t cell = cell_of(request);
    const bool knows = request.zone < known_.size() && known_[request.zone][cell];
    return knows ? to(cell) : from(cell);
  }
  /// That shard said that the key is not its own: whether the map was old, and is mended.
  bool corrected(const Request& request, std::uint32_t asked);

  // ---- a change: the next layout, then cell by cell, then the end
  // --------------------------------
  void begin(Layout next);
  void end();
  bool moves(std::size_t cell) const { return from(cell) != to(cell); }
  std::size_t cells() const { return before_.cells(); }
  double width(std::size_t cell) const { return before_.width(cell); }
  std::uint32_t from(std::size_t cell) const { return before_.owner(cell); }
  std::uint32_t to(std::size_t cell) const { return after_.owner(cell); }
  const Layout& settled() const { return settled_; }
  void release(std::size_t cell) { released_[cell] = true; }
  void take(std::size_t cell) {
    HEADROOM_CHECK(released_[cell]);  // or two would own it
    taken_[cell] = true;
  }
  /// Items of a cell that were written and not yet sent, each once, in the order of their writes;
  /// the first `most` of them, which from then on count as sent.
  std::vector<std::uint64_t> take_unsent(std::size_t cell, std::size_t most);
  std::size_t unsent(std::size_t cell) const { return logs_[cell].items.size() - logs_[cell].sent; }
  /// All that was sent of a cell, once or several times; its former owner forgets it.
  const std::vector<std::uint64_t>& sent(std::size_t cell) const { return logs_[cell].items; }

 private:
  const Sharding& sharding_;
  Layout settled_;                        ///< As plain as it can be told.
  Layout before_, after_;                 ///< On common cells; the same where nothing changes.
  std::vector<bool> released_, taken_;    ///< By cell.
  std::vector<std::vector<bool>> known_;  ///< By zone and cell.
  std::vector<std::uint64_t> written_;    ///< Every item ever written, once.
  std::vector<std::uint64_t> positions_;  ///< Of these.
  ItemTable<bool> ever_, waiting_;        ///< Written at all; written and unsent.
  /// Written items of a cell, of which the first so many are sent.
  struct Log {
    std::vector<std::uint64_t> items;
    std::size_t sent = 0;
  };
  std::vector<Log> logs_;  ///< By cell.
};

}  // namespace headroom
