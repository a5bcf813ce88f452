#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "app/study/run.hpp"

namespace headroom {

/// A journal that cannot be written to any more: the study ends, what it holds is safe.
struct JournalError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The finished runs of a long study, kept in one file as they come, so that a study that was ended
/// at any point goes on where it was. Only ever appended to; each record carries its length and a
/// CRC-32C over it, so that what was torn or damaged is noticed and done anew. Runs are known by
/// the plan, the measured time and their number, whatever the study does with them.
class Journal {
 public:
  /// What came of opening: a journal, or why there is none.
  struct Opened {
    std::unique_ptr<Journal> journal;
    std::string obstacle, hint;
  };
  /// `study` is everything that tells this study from another. Without `resume` there must be no
  /// such file; with it the file must be of the same study, or be absent.
  static Opened open(const std::string& path, const std::string& study, bool resume);
  /// The file stays for those who go on with it, unless it holds nothing that was finished.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Runs that were there when it was opened, and bytes of a damaged end that were dropped.
  std::size_t runs_found() const { return runs_found_; }
  std::size_t bytes_dropped() const { return bytes_dropped_; }

  /// What tells the runs of one plan from those of others.
  using Key = std::uint64_t;
  static Key key_of(const ScenarioPlan& plan, const Measurement& measurement);

  // From any thread.
  std::optional<RunResult> find(Key key, std::uint32_t replication) const;
  /// Whether nobody has asked this before: the first run that is found is made again, to see that
  /// program and data files are still those that made it.
  bool is_to_be_tried() { return !tried_.exchange(true); }
  const std::string& path() const { return path_; }
  void keep(Key key, const RunResult& run);
  /// Finished runs that the file holds by now.
  std::size_t runs_held() const;

  /// The study is finished and its results are safe: the file goes.
  void remove();

 private:
  Journal(std::string path, int file) : path_(std::move(path)), file_(file) {}
  std::string take(const std::string& content, const std::string& study);
  std::string write_header(const std::string& study);
  void append(std::string_view payload);

  std::string path_;
  int file_ = -1;
  mutable std::mutex mutex_;
  std::map<std::pair<Key, std::uint32_t>, std::string> runs_;  ///< As bytes.
  std::size_t runs_found_ = 0, runs_kept_ = 0, bytes_dropped_ = 0;
  bool is_held_ = false;  ///< The file is there, and this process is the one that writes it.
  int process_ = 0;       ///< A child of that one leaves the file alone.
  std::int64_t synced_at_ms_ = 0;
  std::atomic<bool> tried_ = false;
};

/// CRC-32C of iSCSI (Castagnoli 1993; RFC 3720).
std::uint32_t crc32c(std::string_view bytes);

}  // namespace headroom
