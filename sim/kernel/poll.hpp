#pragma once

#include <cstddef>
#include <utility>

#include "sim/kernel/simulation.hpp"

namespace headroom::sim {

class Poll;

/// One vote of a poll. Destroyed unused it counts as a no. It may outlive the poll.
class [[nodiscard]] Ballot {
 public:
  Ballot(Ballot&& other) noexcept;
  Ballot& operator=(Ballot&&) = delete;
  ~Ballot() { vote(false); }
  void vote(bool yes);
  /// Whether the poll still exists.
  bool open() const { return poll_ != nullptr; }

 private:
  friend class Poll;
  explicit Ballot(Poll& poll);
  void enlist();
  Poll* poll_;
  Ballot* next_ = nullptr;
  Ballot* previous_ = nullptr;
};

/// Counts the outcomes of any number of processes side by side: a quorum whose size is known only
/// at run time. Who waits for it goes on at the `need`-th yes, or when too few votes are left.
class Poll {
 public:
  class Decision final : public Awaitable<Decision> {
   public:
    explicit Decision(Poll& poll) : Awaitable(poll.simulation_), poll_(poll) {}
    Decision(Decision&&) = default;
    ~Decision() {
      if (waiting()) withdraw();
    }
    bool try_now() const { return poll_.yes_ >= poll_.need_; }
    void arm() {
      HEADROOM_CHECK(poll_.waiting_ == nullptr);
      if (poll_.decided()) return end(Ended::broken);
      poll_.waiting_ = this;
    }
    /// Whether enough votes were yes by now.
    bool result() const { return poll_.yes_ >= poll_.need_; }

   private:
    friend class Poll;
    void withdraw() override { poll_.waiting_ = nullptr; }
    Poll& poll_;
  };

  Poll(Simulation& simulation, std::size_t need, std::size_t total)
      : simulation_(simulation), need_(need), total_(total) {}
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;
  ~Poll();

  /// So many votes more than there were.
  void expect(std::size_t more) { total_ += more; }
  /// Whether too few votes are left for the `need`-th yes.
  bool lost() const { return no_ + need_ > total_; }
  /// As many times as there are votes.
  Ballot ballot() { return Ballot(*this); }
  /// For one process at a time.
  Decision decision() { return Decision(*this); }

 private:
  friend class Ballot;
  bool decided() const { return yes_ >= need_ || lost(); }
  void count(bool yes);

  Simulation& simulation_;
  std::size_t need_;
  std::size_t total_;
  std::size_t yes_ = 0;
  std::size_t no_ = 0;
  Ballot* ballots_ = nullptr;
  Decision* waiting_ = nullptr;
};

}  // namespace headroom::sim
