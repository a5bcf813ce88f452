#include "app/study/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/crc.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/study/run_bytes.hpp"
#include "sim/kernel/random.hpp"

namespace headroom {

namespace {

// A record is its length, the CRC-32C of length and payload, and the payload. The first payload
// names the study, each further one is a key, a number and a run.
constexpr std::size_t prefix_bytes = 8;
constexpr std::string_view magic = "headroom journal 1\n";
// Chosen: at most a second of work is lost when the machine itself goes down.
constexpr std::int64_t sync_every_ms = 1000;

void put_word(std::string& bytes, std::uint64_t value, int size) {
  for (int byte = 0; byte < size; ++byte)
    bytes += static_cast<char>(value >> (8 * byte));
}

std::uint64_t word_at(std::string_view bytes, std::size_t at, int size) {
  std::uint64_t value = 0;
  for (int byte = 0; byte < size; ++byte) {
    const auto next = static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(byte)]);
    value |= std::uint64_t{next} << (8 * byte);
  }
  return value;
}

std::string record_of(std::string_view payload) {
  std::string length;
  put_word(length, payload.size(), 4);
  std::string record = length;
  put_word(record, crc32c(length + std::string(payload)), 4);
  return record.append(payload);
}

/// The payload at `at` of the file; nothing where it is torn or damaged.
std::optional<std::string_view> payload_at(std::string_view file, std::size_t at) {
  if (at + prefix_bytes > file.size()) return std::nullopt;
  const std::uint64_t length = word_at(file, at, 4);
  if (length > file.size() - at - prefix_bytes) return std::nullopt;
  const std::string_view payload = file.substr(at + prefix_bytes, length);
  std::string checked(file.substr(at, 4));
  checked.append(payload);
  if (crc32c(checked) != word_at(file, at + 4, 4)) return std::nullopt;
  return payload;
}

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

/// Nothing, with the reason in `errno`, where it cannot be read to its end.
std::optional<std::string> content_of(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return std::nullopt;
  std::string content;
  // A device may be read for ever.
  if (!S_ISREG(status.st_mode)) return content;
  std::vector<char> block(1 << 20);
  while (true) {
    const ssize_t got = ::read(file, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) return content;
    content.append(block.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

Journal::Opened Journal::open(const std::string& path, const std::string& study, bool resume) {
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | (resume ? 0 : O_EXCL);
  const int file = ::open(path.c_str(), flags, 0666);
  if (file < 0 && errno == EEXIST) {
    return {nullptr, path + " holds a study that was not finished",
            "go on with it: --resume; or remove the file"};
  }
  if (file < 0)
    return {nullptr, fmt::format("cannot write {}: {}", path, std::strerror(errno)), {}};
  std::unique_ptr<Journal> journal(new Journal(path, file));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return {nullptr, path + " is in use by another run", "wait for it to end"};
  const auto content = content_of(file);
  if (!content) return {nullptr, fmt::format("cannot read {}: {}", path, std::strerror(errno)), {}};
  std::string why = journal->take(*content, study);
  if (!why.empty()) return {nullptr, why, "name another directory, or remove the file"};
  journal->is_held_ = true;
  journal->process_ = ::getpid();
  return {std::move(journal), {}, {}};
}

Journal::~Journal() {
  if (is_held_ && runs_held() == 0 && process_ == ::getpid()) remove();
  ::fdatasync(file_);
  ::close(file_);
}

/// What the file holds, up to the first record that is torn or damaged; the rest is cut off.
std::string Journal::take(const std::string& content, const std::string& study) {
  const std::string header = record_of(std::string(magic) + study);
  const bool is_torn_header = content.size() < header.size() && header.starts_with(content);
  if (is_torn_header) return write_header(study);
  const auto first = payload_at(content, 0);
  if (!first || !first->starts_with(magic)) return path_ + " is damaged, or is no journal";
  if (*first != std::string(magic) + study) return path_ + " is of another study";
  std::size_t at = prefix_bytes + first->size();
  while (const auto payload = payload_at(content, at)) {
    if (payload->size() < 12) break;
    const Key key = word_at(*payload, 0, 8);
    const auto replication = static_cast<std::uint32_t>(word_at(*payload, 8, 4));
    runs_[{key, replication}] = std::string(payload->substr(12));
    at += prefix_bytes + payload->size();
  }
  runs_found_ = runs_.size();
  bytes_dropped_ = content.size() - at;
  if (::ftruncate(file_, static_cast<off_t>(at)) != 0 ||
      ::lseek(file_, static_cast<off_t>(at), SEEK_SET) < 0) {
    return fmt::format("cannot write {}: {}", path_, std::strerror(errno));
  }
  return {};
}

std::string Journal::write_header(const std::string& study) {
  // A device that only looks like a file cannot be cut; what is written tells.
  if (::ftruncate(file_, 0) == 0) ::lseek(file_, 0, SEEK_SET);
  try {
    append(std::string(magic) + study);
  } catch (const JournalError& error) {
    return error.what();
  }
  return {};
}

void Journal::append(std::string_view payload) {
  const std::string record = record_of(payload);
  std::size_t written = 0;
  while (written < record.size()) {
    const ssize_t more = ::write(file_, record.data() + written, record.size() - written);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0)
      throw JournalError(fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
    written += static_cast<std::size_t>(more);
  }
  if (now_ms() - synced_at_ms_ < sync_every_ms) return;
  if (::fdatasync(file_) != 0 && errno != EINVAL)
    throw JournalError(fmt::format("cannot write {}: {}", path_, std::strerror(errno)));
  synced_at_ms_ = now_ms();
}

Journal::Key Journal::key_of(const ScenarioPlan& plan, const Measurement& measurement) {
  Key key = sim::hash_name(resolved(with_defaults(plan)).dump());
  for (const std::int64_t part :
       {measurement.start.count_ns(), measurement.end.count_ns(),
        measurement.windows.width.count_ns(), static_cast<std::int64_t>(measurement.windows.count)})
    key = sim::mix(key, static_cast<std::uint64_t>(part));
  return key;
}

std::optional<RunResult> Journal::find(Key key, std::uint32_t replication) const {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find({key, replication});
  if (found == runs_.end()) return std::nullopt;
  return run_of_bytes(found->second);
}

void Journal::keep(Key key, const RunResult& run) {
  std::string payload;
  put_word(payload, key, 8);
  put_word(payload, run.replication, 4);
  payload += run_bytes(run);
  const std::lock_guard lock(mutex_);
  append(payload);
  ++runs_kept_;
}

std::size_t Journal::runs_held() const {
  const std::lock_guard lock(mutex_);
  return runs_found_ + runs_kept_;
}

void Journal::remove() {
  ::unlink(path_.c_str());
  is_held_ = false;
}

}  // namespace headroom
