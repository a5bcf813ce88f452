#include "app/study/worker.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include "app/scenario/defaults.hpp"
#include "app/scenario/resolved.hpp"
#include "app/scenario/scenario.hpp"
#include "app/study/transport.hpp"

extern char** environ;

namespace headroom {

namespace {

struct Job {
  std::string scenario;
  std::uint32_t replication = 0;
  Measurement measurement;
};

/// A worker says one of these, then what belongs to it.
constexpr char says_share = 's', says_result = 'r', says_error = 'e';

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

/// False at the end.
bool read_all(int from, char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(from, bytes, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void make_pipe(Descriptor& reads, Descriptor& writes) {
  int ends[2];
  // Not to be inherited: another worker started at the same time would keep it open.
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe to a worker process");
  reads.reset(ends[0]);
  writes.reset(ends[1]);
}

/// The program that is linked with SimGrid stands beside this one.
std::string worker_program() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (self.parent_path() / "headroom-flow").string();
}

/// The process of one job.
class Worker {
 public:
  Worker() {
    Descriptor its_input, its_output;
    make_pipe(its_input, job_);
    make_pipe(answers_, its_output);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, its_input.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, its_output.number(), STDOUT_FILENO);
    char name[] = "headroom-flow", command[] = "worker";
    char* words[] = {name, command, nullptr};
    const int failed =
        ::posix_spawn(&process_, worker_program().c_str(), &actions, nullptr, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error("cannot start " + worker_program());
  }
  ~Worker() {
    if (process_ > 0) {
      ::kill(process_, SIGTERM);
      wait();
    }
  }

  void give(const Job& job) {
    Packing packing;
    packing.add(job);
    write_all(job_.number(), packing.bytes.data(), packing.bytes.size());
    job_.close();
  }
  bool hear(void* bytes, std::size_t size) {
    return read_all(answers_.number(), static_cast<char*>(bytes), size);
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
};

std::string heard_text(Worker& worker) {
  std::uint64_t size = 0;
  if (!worker.hear(&size, sizeof size)) return {};
  std::string text(size, '\0');
  if (!worker.hear(text.data(), size)) return {};
  return text;
}

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

ScenarioPlan plan_of(const std::string& text) {
  const Descriptor file(::memfd_create("scenario", MFD_CLOEXEC));
  write_all(file.number(), text.data(), text.size());
  Diagnostics diagnostics;
  const auto plan =
      read_scenario("/proc/self/fd/" + std::to_string(file.number()), {}, diagnostics);
  if (!plan) throw std::runtime_error("a worker cannot read its scenario\n" + diagnostics.text());
  return *plan;
}

}  // namespace

bool needs_process(const ScenarioPlan& plan) {
  return plan.network && plan.network->engine == NetworkEngine::flow;
}

RunResult simulate_in_worker(const ScenarioPlan& plan, std::uint32_t replication,
                             const Measurement& measurement,
                             const std::function<bool(double)>& go_on) {
  Worker worker;
  worker.give({resolved(with_defaults(plan)).dump(), replication, measurement});
  char what = 0;
  while (worker.hear(&what, 1)) {
    if (what == says_share) {
      double share = 0;
      if (!worker.hear(&share, sizeof share)) break;
      if (go_on && !go_on(share)) return stopped(replication);
    } else if (what == says_result) {
      return Unpacking(heard_text(worker)).get<RunResult>();
    } else {
      throw std::runtime_error(heard_text(worker));
    }
  }
  const int status = worker.wait();
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM))
    return stopped(replication);
  throw std::runtime_error("a worker process of the flow engine died");
}

int serve_one_job() {
  // The answer goes to whoever reads the standard output; nothing else may.
  const Descriptor answer(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  try {
    const std::string bytes = all_of(STDIN_FILENO);
    const Job job = Unpacking(bytes).get<Job>();
    const ScenarioPlan plan = plan_of(job.scenario);
    Packing packing;
    packing.add(simulate(plan, job.replication, job.measurement, [&](double share) {
      write_all(answer.number(), &says_share, 1);
      write_all(answer.number(), reinterpret_cast<const char*>(&share), sizeof share);
      return true;
    }));
    say(answer.number(), says_result, packing.bytes);
    return 0;
  } catch (const std::exception& error) {
    say(answer.number(), says_error, error.what());
    return 1;
  }
}

}  // namespace headroom
