#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom {

/// What an instance is to those who hand out calls.
enum class Standing : std::uint8_t {
  serving,   ///< Gets calls.
  draining,  ///< Gets no new ones and finishes what it has.
  absent,    ///< Not started.
};

/// Which instances of a service get calls. Those who hand calls out look here, or watch for
/// changes; an autoscaler and failures decide. Who is killed or ill stays a member: that is for
/// balancers to find out.
class Members {
 public:
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void on_standing(std::size_t index, Standing standing) = 0;
  };

  /// Of `size` instances the first `present` are there.
  Members(std::size_t size, std::size_t present) : all_(size) {
    for (std::size_t i = present; i < size; ++i)
      all_[i].is_absent = true;
  }
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  std::size_t size() const { return all_.size(); }
  Standing standing(std::size_t index) const {
    const Member& member = all_[index];
    if (member.is_absent) return Standing::absent;
    return member.drains > 0 ? Standing::draining : Standing::serving;
  }
  void set_present(std::size_t index, bool is_present) {
    const Standing before = standing(index);
    all_[index].is_absent = !is_present;
    tell(index, before);
  }
  /// Several may drain one instance; it serves again when all have ended that.
  void begin_drain(std::size_t index) {
    const Standing before = standing(index);
    ++all_[index].drains;
    tell(index, before);
  }
  void end_drain(std::size_t index) {
    const Standing before = standing(index);
    --all_[index].drains;
    tell(index, before);
  }

  /// From now on it hears of every change; it outlives this.
  void watch(Watcher& watcher) { watchers_.push_back(&watcher); }

 private:
  struct Member {
    bool is_absent = false;
    std::uint32_t drains = 0;
  };
  void tell(std::size_t index, Standing before) {
    const Standing now = standing(index);
    if (now == before) return;
    for (Watcher* watcher : watchers_)
      watcher->on_standing(index, now);
  }

  std::vector<Member> all_;
  std::vector<Watcher*> watchers_;
};

}  // namespace headroom
