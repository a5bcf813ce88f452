#pragma once

#include <string>
#include <vector>

#include "models/call_watcher.hpp"
#include "models/endpoint.hpp"
#include "models/history.hpp"
#include "models/item_table.hpp"
#include "models/phase.hpp"
#include "models/results.hpp"
#include "models/versions.hpp"

namespace headroom {

/// Stands between a store and its clients and writes down what they see: who asked what and when,
/// what came back, whom they gave up. What a client has given up may still happen, so a write
/// without an answer, or with one that does not exclude it, stays open; a read without an answer
/// has none.
///
/// A read of several values at once is recorded as that many reads: of the newest by its client,
/// and of each other one by somebody who looked at the same time and never again. A register cannot
/// explain that where it has to.
///
/// Where values are how much was added, writes are adds of one and reads bring how many.
///
/// Memory is bounded: when more than `most` operations are kept, the keys are halved by their hash
/// and those on one half are forgotten, as often as need be. What is left is complete for its keys,
/// and as no model is violated by fewer keys, a violation found in it is one. Where nearly
/// everything is about one key the beginning is kept instead.
class Recorder final : public Endpoint, public CallWatcher, public VersionListener {
 public:
  /// `store` outlives it. `sites`: how many a client can be at. `counts`: as `ReplicationPlan`'s.
  Recorder(sim::Simulation& simulation, Endpoint& store, std::string name, std::size_t most,
           std::size_t sites, const Measurement& measurement, bool counts);

  /// The partitions whose answers are counted apart, set before anything is asked.
  void set_partitions(std::vector<const Phase*> partitions);

  sim::Task<Reply> call(Request request) override;
  sim::Task<bool> probe(std::uint16_t zone) override { return store_.probe(zone); }
  void on_given_up(std::uint64_t draw_key) override;
  void on_commit(std::uint64_t) override {}
  /// What it writes, should nobody ever say so.
  void on_assign(std::uint64_t draw_key, std::uint32_t version) override;
  void on_read_together(std::uint64_t draw_key, std::span<const std::uint32_t> versions) override;

  /// Up to now. Operations are in the order in which they began.
  StoreHistory result() const;

 private:
  /// One operation under way.
  struct Open {
    RecordedOperation operation;
    std::uint64_t draw_key = 0;
    std::uint32_t part = 0;  ///< Of the answers; `no_part` before the measurement.
    bool used = false, given_up = false;
    std::vector<std::uint32_t> others{};  ///< Versions read at once with that of the operation.
  };
  static constexpr std::uint32_t no_part = UINT32_MAX;

  std::uint32_t begin(const Request& request);
  void end(std::uint32_t slot, const Request& request, const Reply& reply);
  void keep(const Open& open);
  void close(Open& open, HistoryEvent::Type how);
  std::uint32_t part_of(std::uint16_t site) const;
  bool keeps(std::uint64_t key) const;
  void make_room();

  Endpoint& store_;
  std::string name_;
  std::size_t most_, sites_;
  Measurement measurement_;
  std::vector<const Phase*> partitions_;
  std::vector<AnswerCounts> answers_;
  sim::Duration longest_;  ///< Of the operations that were answered ok.

  std::vector<Open> open_;
  std::vector<std::uint32_t> free_;
  ItemTable<std::uint32_t> slot_of_;  ///< By draw key of the attempt.
  std::vector<RecordedOperation> done_;
  std::uint32_t events_ = 0;
  std::uint64_t operations_ = 0, onlookers_ = 0;
  std::uint64_t wanted_bits_ = 0, wanted_mask_ = 0;  ///< Of the hash of a key that is kept.
  bool is_full_ = false;
  bool counts_;
};

/// Gives operations the numbers of their processes: a session is one process, but what begins while
/// an operation of it is open, or after one that stays open, goes on under a new number.
void number_processes(std::vector<RecordedOperation>& operations);

/// Writes that never got an answer, but that must have happened as others read what they wrote, get
/// their values: of those on the key the one that began first. The others get some that nobody
/// read.
void name_open_writes(std::vector<RecordedOperation>& operations);

}  // namespace headroom
