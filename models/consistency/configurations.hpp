#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/kernel/random.hpp"

namespace headroom::consistency {

/// The configurations that a search has been in: some words that must be equal (what is linearised,
/// the state), then words of four 16-bit counts each (crashed operations used, by effect). Of two
/// that differ in the counts alone, one that used fewer of each can do all that the other can.
class Configurations {
 public:
  Configurations(std::size_t equal_words, std::size_t count_words)
      : equal_(equal_words), stride_(equal_words + count_words + 1), heads_(1024, none) {}

  /// Whether it is new and not dominated; then it is kept.
  bool insert(std::span<const std::uint64_t> words) {
    const std::uint64_t hash = hash_of(words);
    for (std::size_t at = heads_[hash & (heads_.size() - 1)]; at != none; at = pool_[at]) {
      if (dominates(&pool_[at + 1], words.data())) return false;
    }
    if (size_ >= heads_.size()) grow();
    auto& head = heads_[hash & (heads_.size() - 1)];
    pool_.push_back(head);
    head = pool_.size() - 1;
    pool_.insert(pool_.end(), words.begin(), words.end());
    ++size_;
    return true;
  }

  std::size_t words() const { return pool_.size() + heads_.size(); }

 private:
  static constexpr std::uint64_t none = UINT64_MAX;

  std::uint64_t hash_of(std::span<const std::uint64_t> words) const {
    std::uint64_t hash = 0;
    for (std::size_t i = 0; i < equal_; ++i)
      hash = sim::mix(hash, words[i]);
    return hash;
  }

  bool dominates(const std::uint64_t* known, const std::uint64_t* asked) const {
    for (std::size_t i = 0; i < equal_; ++i) {
      if (known[i] != asked[i]) return false;
    }
    for (std::size_t i = equal_; i + 1 < stride_; ++i) {
      for (unsigned shift = 0; shift < 64; shift += 16) {
        if (((known[i] >> shift) & 0xFFFF) > ((asked[i] >> shift) & 0xFFFF)) return false;
      }
    }
    return true;
  }

  void grow() {
    heads_.assign(heads_.size() * 2, none);
    for (std::size_t at = 0; at < pool_.size(); at += stride_) {
      auto& head = heads_[hash_of({&pool_[at + 1], stride_ - 1}) & (heads_.size() - 1)];
      pool_[at] = head;
      head = at;
    }
  }

  std::size_t equal_, stride_, size_ = 0;
  std::vector<std::uint64_t> heads_, pool_;  ///< in the pool: next of the chain, then the words
};

}  // namespace headroom::consistency
