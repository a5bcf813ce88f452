#include "app/study/worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <new>
#include <stdexcept>

#include "app/study/run_bytes.hpp"

extern char** environ;

namespace headroom {

namespace {

/// A worker says one of these, then what belongs to it.
constexpr char says_share = 's', says_result = 'r', says_error = 'e';
/// A worker that had too little memory ends with this.
constexpr int exit_out_of_memory = 3;

/// A file descriptor with one owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  void reset(int number) {
    close();
    number_ = number;
  }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

void write_all(int to, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(to, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // The other end is gone, which shows where it is waited for.
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
}

void make_pipe(Descriptor& reads, Descriptor& writes) {
  int ends[2];
  // Not to be inherited: another worker started at the same time would keep it open.
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe to a worker process");
  reads.reset(ends[0]);
  writes.reset(ends[1]);
}

/// This program, whatever it is called, or the one beside it that is linked with SimGrid.
std::string worker_program(bool with_flow) {
  if (!with_flow) return "/proc/self/exe";
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (self.parent_path() / "headroom-flow").string();
}

/// The process of one job.
class Worker {
 public:
  explicit Worker(bool with_flow) {
    Descriptor its_input, its_output;
    make_pipe(its_input, job_);
    make_pipe(answers_, its_output);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, its_input.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, its_output.number(), STDOUT_FILENO);
    const std::string program = worker_program(with_flow);
    char name[] = "headroom", command[] = "worker";
    char* words[] = {name, command, nullptr};
    const int failed = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + program);
  }
  ~Worker() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      wait();
    }
  }

  void give(const std::string& job) {
    write_all(job_.number(), job.data(), job.size());
    job_.close();
  }

  enum class Heard : std::uint8_t { something, end, nothing_yet };
  /// Waits for no longer than `most_ms` for the next byte.
  Heard listen(int most_ms) {
    pollfd waits{answers_.number(), POLLIN, 0};
    const int ready = ::poll(&waits, 1, most_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) return Heard::nothing_yet;
    return hear(&said_, 1) ? Heard::something : Heard::end;
  }
  char said() const { return said_; }
  /// False at the end.
  bool hear(void* bytes, std::size_t size) {
    for (char* to = static_cast<char*>(bytes); size > 0;) {
      const ssize_t got = ::read(answers_.number(), to, size);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      to += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  }
  std::optional<std::string> hear_text() {
    std::uint64_t size = 0;
    if (!hear(&size, sizeof size)) return std::nullopt;
    std::string text(size, '\0');
    if (!hear(text.data(), size)) return std::nullopt;
    return text;
  }

  /// What it ended with, as `waitpid` tells it.
  int wait() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return status;
  }

 private:
  Descriptor job_, answers_;
  pid_t process_ = -1;
  char said_ = 0;
};

void say(int to, char what, const std::string& text) {
  const std::uint64_t size = text.size();
  write_all(to, &what, 1);
  write_all(to, reinterpret_cast<const char*>(&size), sizeof size);
  write_all(to, text.data(), text.size());
}

RunResult stopped(std::uint32_t replication) {
  RunResult result;
  result.replication = replication;
  result.status = sim::Simulation::Status::stopped;
  return result;
}

std::string all_of(int from) {
  std::string bytes;
  char some[65536];
  for (ssize_t got = 0; (got = ::read(from, some, sizeof some)) != 0;) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    bytes.append(some, static_cast<std::size_t>(got));
  }
  return bytes;
}

/// What is to be said of a process that came to no result.
RunResult without_result(Worker& worker, const Job& job) {
  const int status = worker.wait();
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  if (signal == SIGINT || signal == SIGTERM) return stopped(job.replication);
  const bool had_no_memory = WIFEXITED(status) && WEXITSTATUS(status) == exit_out_of_memory;
  if (had_no_memory) {
    throw RunLost(fmt::format("needed more than {:.4g} GB of memory",
                              static_cast<double>(job.most_memory_bytes) * 1e-9));
  }
  throw RunLost(signal != 0 ? fmt::format("crashed (signal {})", signal)
                            : std::string("ended without a result"));
}

/// Not under the address sanitizer, which needs addresses without end for its shadow.
void limit_memory([[maybe_unused]] std::int64_t bytes) {
#ifndef __SANITIZE_ADDRESS__
  if (bytes <= 0) return;
  const auto most = static_cast<rlim_t>(bytes);
  const rlimit limit{most, most};
  ::setrlimit(RLIMIT_AS, &limit);
#endif
}

}  // namespace

RunResult simulate_in_worker(const Job& job, bool with_flow,
                             const std::function<bool(double)>& go_on) {
  using Clock = std::chrono::steady_clock;
  constexpr int look_every_ms = 100;
  const auto begun = Clock::now();
  Worker worker(with_flow);
  worker.give(job_bytes(job));
  double share = 0;
  while (true) {
    const Worker::Heard heard = worker.listen(look_every_ms);
    if (heard == Worker::Heard::end) return without_result(worker, job);
    if (heard == Worker::Heard::something) {
      if (worker.said() == says_share) {
        if (!worker.hear(&share, sizeof share)) return without_result(worker, job);
      } else {
        const auto text = worker.hear_text();
        if (!text) return without_result(worker, job);
        if (worker.said() != says_result) throw RunLost(*text);
        auto run = run_of_bytes(*text);
        if (!run) throw RunLost("gave a result that is damaged");
        return std::move(*run);
      }
    }
    if (go_on && !go_on(share)) return stopped(job.replication);
    const double took_s = std::chrono::duration<double>(Clock::now() - begun).count();
    if (job.limits.time_s && took_s > *job.limits.time_s)
      throw RunLost(fmt::format("took longer than {:.4g} s", *job.limits.time_s));
  }
}

int serve_one_job() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody waits for the answer any more
  // The answer goes to whoever reads the standard output; nothing else may.
  const Descriptor answer(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  try {
    const auto job = job_of_bytes(all_of(STDIN_FILENO));
    if (!job) throw std::runtime_error("a worker was told nothing that it understands");
    limit_memory(job->most_memory_bytes);
    const ScenarioPlan plan = plan_of(*job);
    const auto run = simulate(plan, job->replication, job->measurement, [&](double share) {
      write_all(answer.number(), &says_share, 1);
      write_all(answer.number(), reinterpret_cast<const char*>(&share), sizeof share);
      return true;
    });
    say(answer.number(), says_result, run_bytes(run));
    return 0;
  } catch (const std::bad_alloc&) {
    return exit_out_of_memory;
  } catch (const std::exception& error) {
    say(answer.number(), says_error, error.what());
    return 1;
  }
}

}  // namespace headroom
