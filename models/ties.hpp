#pragma once

#include <cstdint>
#include <map>

namespace headroom {

/// The copies of requests of which only the first to be served counts, by the draw key of each. A
/// station tells when it begins to serve one; who sent the copies takes the others back.
class Ties {
 public:
  class Sender {
   public:
    /// The copy of that number is being served. Not from inside another copy.
    virtual void on_served(std::uint32_t copy) = 0;

   protected:
    ~Sender() = default;
  };

  void add(std::uint64_t draw_key, Sender& sender, std::uint32_t copy) {
    copies_[draw_key] = {&sender, copy};
  }
  void remove(std::uint64_t draw_key) { copies_.erase(draw_key); }
  void served(std::uint64_t draw_key) {
    const auto found = copies_.find(draw_key);
    if (found == copies_.end()) return;
    const Copy copy = found->second;
    copy.sender->on_served(copy.number);
  }

 private:
  struct Copy {
    Sender* sender;
    std::uint32_t number;
  };
  std::map<std::uint64_t, Copy> copies_;
};

}  // namespace headroom
