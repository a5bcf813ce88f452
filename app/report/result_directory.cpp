#include "app/report/result_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace headroom {

namespace {

namespace fs = std::filesystem;

constexpr off_t bytes_wanted = 16 << 20;  // Chosen: more than the files of any study so far.

std::string reason() {
  return std::strerror(errno);
}

/// The nearest directory on the way to `path` that exists.
fs::path existing_above(const fs::path& path) {
  fs::path above = fs::absolute(path).lexically_normal();
  if (above.filename().empty()) above = above.parent_path();
  above = above.parent_path();
  std::error_code error;
  while (!fs::exists(above, error) && above != above.root_path())
    above = above.parent_path();
  return above;
}

fs::path without_slash(const std::string& path) {
  fs::path clean = fs::path(path).lexically_normal();
  return clean.filename().empty() ? clean.parent_path() : clean;
}

/// What a link stands for, so that it stays one; any other path as it is.
fs::path behind_link(const fs::path& path) {
  std::error_code error;
  const fs::path real = fs::is_symlink(path, error) ? fs::canonical(path, error) : path;
  return error ? path : real;
}

fs::path sibling(fs::path path) {
  path += fmt::format(".unfinished-{}", ::getpid());
  return path;
}

/// Why another directory cannot take the name of this one; empty when it can.
std::string why_it_stays(const fs::path& directory) {
  struct statx about;
  if (::statx(AT_FDCWD, directory.c_str(), 0, 0, &about) == 0 &&
      (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0) {
    return "is a mount point";
  }
  std::error_code error;
  const bool is_current = fs::equivalent(directory, fs::current_path(error), error);
  return is_current ? "is the current directory" : "";
}

/// Tries whether files can be made in `directory` and whether there is room for them.
std::string trial(const fs::path& directory) {
  const fs::path probe = directory / fmt::format(".headroom-trial-{}", ::getpid());
  const int file = ::open(probe.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return fmt::format("cannot write in {}: {}", directory.string(), reason());
  const int error = ::posix_fallocate(file, 0, bytes_wanted);
  ::close(file);
  ::unlink(probe.c_str());
  if (error == ENOSPC || error == EDQUOT) {
    return fmt::format("no room in {}: {}", directory.string(), std::strerror(error));
  }
  return {};
}

/// Why the file could not be written; empty when it was.
std::string write_and_sync(const fs::path& path, const std::string& content) {
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (file < 0) return reason();
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t more = ::write(file, content.data() + written, content.size() - written);
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) {
      const std::string why = reason();
      ::close(file);
      return why;
    }
    written += static_cast<std::size_t>(more);
  }
  const bool safe = ::fsync(file) == 0 || errno == EINVAL;
  const std::string why = safe ? std::string() : reason();
  return ::close(file) != 0 ? reason() : why;
}

/// Puts `made` in the place of `path` at one stroke, whatever stood there before.
std::string take_place(const fs::path& made, const fs::path& path) {
  if (::rename(made.c_str(), path.c_str()) == 0) return {};
  if (errno != ENOTEMPTY && errno != EEXIST) {
    return fmt::format("cannot rename {} to {}: {}", made.string(), path.string(), reason());
  }
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) != 0) {
    return fmt::format("cannot replace {}: {}", path.string(), reason());
  }
  std::error_code ignored;
  fs::remove_all(made, ignored);
  return {};
}

}  // namespace

std::string ResultDirectory::obstacle(const std::string& study) const {
  if (path_.empty()) return "the name of the result directory is empty";
  const fs::path path = behind_link(without_slash(path_));
  std::error_code error;
  if (fs::exists(path, error)) {
    if (!fs::is_directory(path, error)) return path_ + " exists and is not a directory";
    if (const std::string why = why_it_stays(path); !why.empty())
      return fmt::format("{} {}, which cannot be replaced; name a directory in it", path_, why);
    if (!fs::is_empty(path, error)) {
      if (error) return fmt::format("cannot read {}: {}", path_, error.message());
      std::string before, why;
      if (!read_file((path / "scenario.resolved.json").string(), before, why)) {
        return path_ + " exists and holds something else; name another directory";
      }
      if (before != study) {
        return path_ + " holds the results of another study; name another directory or remove it";
      }
    }
  } else if (error && error != std::errc::no_such_file_or_directory) {
    return fmt::format("cannot use {}: {}", path_, error.message());
  } else if (fs::is_symlink(path, error)) {
    return path_ + " is a link to nothing";
  }
  return trial(existing_above(path));
}

std::string ResultDirectory::write(const std::vector<ResultFile>& files) const {
  const fs::path path = behind_link(without_slash(path_));
  const fs::path made = sibling(path);
  std::error_code error;
  std::string why;
  fs::create_directories(made, error);
  if (error) why = fmt::format("cannot make {}: {}", made.string(), error.message());
  for (const ResultFile& file : files) {
    if (!why.empty()) break;
    const fs::path target = made / file.path;
    fs::create_directories(target.parent_path(), error);
    if (error) {
      why = fmt::format("cannot make {}: {}", target.parent_path().string(), error.message());
    } else if (why = write_and_sync(target, file.content); !why.empty()) {
      why = fmt::format("cannot write {}: {}", target.string(), why);
    }
  }
  if (why.empty()) why = take_place(made, path);
  if (!why.empty()) fs::remove_all(made, error);
  return why;
}

std::string write_file(const std::string& path, const std::string& content) {
  std::error_code error;
  const fs::file_status there = fs::status(path, error);
  std::string why;
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    why = write_and_sync(path, content);  // a device or a pipe, whose place a file must not take
  } else {
    const fs::path real = behind_link(path);
    const fs::path made = sibling(real);
    why = write_and_sync(made, content);
    if (why.empty() && ::rename(made.c_str(), real.c_str()) != 0) why = reason();
    if (!why.empty()) ::unlink(made.c_str());
  }
  return why.empty() ? why : fmt::format("cannot write {}: {}", path, why);
}

bool read_file(const std::string& path, std::string& content, std::string& why) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  if (file) all << file.rdbuf();
  if (!file || file.bad()) {
    why = fmt::format("cannot read {}: {}", path, errno != 0 ? reason() : "it is empty");
    return false;
  }
  content = std::move(all).str();
  return true;
}

}  // namespace headroom
