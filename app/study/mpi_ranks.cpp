#include "app/study/mpi_ranks.hpp"

#include <fmt/format.h>
#include <mpi.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "app/study/run_bytes.hpp"

namespace headroom {

namespace {

// What a message is. A job goes to a rank, a share of what is done and then a result or an error
// come back; rank 0 may say that nobody waits for the job any more, or that there are none left.
enum Tag : int { tag_job = 1, tag_share, tag_result, tag_error, tag_stop, tag_end };

// Chosen: neither end burns a processor while it waits, as a receive of MPI would.
constexpr auto between_looks = std::chrono::milliseconds(1);

void send(int to, Tag tag, const std::string& bytes) {
  MPI_Send(bytes.data(), size_for_mpi(bytes.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

/// A message that has come from there, if one has.
struct Message {
  int tag = 0;
  std::string bytes;
};
std::optional<Message> message_from(int rank) {
  int has_come = 0;
  MPI_Status status;
  MPI_Iprobe(rank, MPI_ANY_TAG, MPI_COMM_WORLD, &has_come, &status);
  if (!has_come) return std::nullopt;
  int size = 0;
  MPI_Get_count(&status, MPI_BYTE, &size);
  Message message{status.MPI_TAG, std::string(static_cast<std::size_t>(size), '\0')};
  MPI_Recv(message.bytes.data(), size, MPI_BYTE, rank, status.MPI_TAG, MPI_COMM_WORLD, &status);
  return message;
}

/// Rank 0. MPI is called by one thread at a time.
class MpiRanks : public Ranks {
  template <class Does>
  auto locked(Does does) {
    const std::lock_guard lock(mutex_);
    return does();
  }

 public:
  explicit MpiRanks(int size) : size_(size) {}
  ~MpiRanks() override {
    for (int rank = 1; rank < size_; ++rank)
      send(rank, tag_end, {});
    MPI_Finalize();
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;

  unsigned count() const override { return static_cast<unsigned>(size_ - 1); }

  RunResult run(unsigned rank, const Job& job, const std::function<bool(double)>& go_on) override {
    const int to = static_cast<int>(rank);
    locked([&] { send(to, tag_job, job_bytes(job)); });
    bool is_wanted = true;
    for (double share = 0;;) {
      const auto message = locked([&] { return message_from(to); });
      if (!message) {
        std::this_thread::sleep_for(between_looks);
      } else if (message->tag == tag_share) {
        share = std::stod(message->bytes);
      } else if (message->tag == tag_error) {
        throw RunLost(message->bytes);
      } else if (auto run = run_of_bytes(message->bytes)) {
        return std::move(*run);
      } else {
        throw RunLost("gave a result that is damaged");
      }
      // Told once; the answer is waited for, so that the next job does not meet it.
      if (is_wanted && go_on && !go_on(share)) {
        is_wanted = false;
        locked([&] { send(to, tag_stop, {}); });
      }
    }
  }

 private:
  int size_;
  std::mutex mutex_;
};

/// All other ranks: one job after the other. The scenario of the last one is kept.
class Server {
 public:
  void serve() {
    while (true) {
      const auto message = message_from(0);
      if (!message) {
        std::this_thread::sleep_for(between_looks);
      } else if (message->tag == tag_end) {
        return;
      } else if (message->tag == tag_job) {
        answer(message->bytes);
      }
    }
  }

 private:
  void answer(const std::string& bytes) {
    try {
      const auto job = job_of_bytes(bytes);
      if (!job) throw std::runtime_error("a rank was told nothing that it understands");
      if (!plan_ || job->scenario != scenario_) {
        plan_ = plan_of(*job);
        scenario_ = job->scenario;
      }
      const auto run =
          run_within(job->limits, *plan_, job->replication, job->measurement, [](double share) {
            send(0, tag_share, std::to_string(share));
            const auto said = message_from(0);
            return !said || said->tag != tag_stop;
          });
      send(0, tag_result, run_bytes(run));
    } catch (const std::bad_alloc&) {
      send(0, tag_error, "needed more memory than there is");
    } catch (const std::exception& error) {
      send(0, tag_error, error.what());
    }
  }

  std::optional<ScenarioPlan> plan_;
  std::string scenario_;
};

/// On rank 0: which ranks are of another kind, and where they are; empty where none is.
std::string misfits(int rank, int size) {
  char name[MPI_MAX_PROCESSOR_NAME] = {};
  int length = 0;
  MPI_Get_processor_name(name, &length);
  const std::uint64_t probe = probe_of_program();
  std::vector<std::uint64_t> probes(static_cast<std::size_t>(rank == 0 ? size : 0));
  std::vector<char> names(probes.size() * MPI_MAX_PROCESSOR_NAME);
  MPI_Gather(&probe, 1, MPI_UINT64_T, probes.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
  MPI_Gather(name, MPI_MAX_PROCESSOR_NAME, MPI_CHAR, names.data(), MPI_MAX_PROCESSOR_NAME, MPI_CHAR,
             0, MPI_COMM_WORLD);
  for (std::size_t other = 1; other < probes.size(); ++other) {
    if (probes[other] == probes[0]) continue;
    return fmt::format(
        "rank {} on {} is another program or rounds differently from rank 0 on {}: "
        "their results are not to be mixed",
        other, &names[other * MPI_MAX_PROCESSOR_NAME], name);
  }
  return {};
}

}  // namespace

bool has_mpi() {
  return true;
}

Joined join_ranks() {
  int provided = 0, rank = 0, size = 1;
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS ||
      provided < MPI_THREAD_SERIALIZED)
    throw std::runtime_error("this MPI lets only one thread talk");
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  const std::string obstacle = misfits(rank, size);
  if (rank == 0) return {std::make_unique<MpiRanks>(size), obstacle};
  // Rank 0 is told of Ctrl-C and says so; a rank that went by itself would take the others along.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  Server().serve();
  MPI_Finalize();
  return {};
}

}  // namespace headroom
