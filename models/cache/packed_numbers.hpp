#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace headroom {

/// Numbers side by side, in as few bytes each as the largest that there ever was takes.
class PackedNumbers {
 public:
  std::size_t size() const { return size_; }
  std::size_t memory_bytes() const { return bytes_.capacity(); }

  std::uint64_t operator[](std::size_t index) const { return word(index) & most_; }
  void set(std::size_t index, std::uint64_t number) {
    if (number > most_) widen(number);
    const std::uint64_t next = (word(index) & ~most_) | number;
    std::memcpy(place(index), &next, sizeof(next));
  }
  /// New ones are 0. Takes no more memory than they need.
  void resize(std::size_t size) {
    size_ = size;
    bytes_.reserve(size * width_ + padding);
    bytes_.resize(size * width_ + padding);
    // What is behind the last one is read with it.
    std::fill(bytes_.end() - padding, bytes_.end(), static_cast<unsigned char>(0));
  }

 private:
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::size_t padding = 8;  ///< The last one is read as a whole word, too.

  std::uint64_t word(std::size_t index) const {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes_.data() + index * width_, sizeof(word));
    return word;
  }
  unsigned char* place(std::size_t index) { return bytes_.data() + index * width_; }

  [[gnu::noinline]] void widen(std::uint64_t number) {
    PackedNumbers wider;
    wider.width_ = (static_cast<unsigned>(std::bit_width(number)) + 7) / 8;
    wider.most_ = UINT64_MAX >> (64 - 8 * wider.width_);
    wider.resize(size_);
    for (std::size_t i = 0; i < size_; ++i)
      wider.set(i, (*this)[i]);
    *this = std::move(wider);
  }

  unsigned width_ = 1;
  std::uint64_t most_ = 0xFF;
  std::size_t size_ = 0;
  std::vector<unsigned char> bytes_;
};

}  // namespace headroom
