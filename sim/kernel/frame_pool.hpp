#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace headroom::sim {

/// Memory for coroutine frames: free lists by size, refilled from chunks that are kept until the
/// pool ends. Once warm, a frame costs no call of the system's allocator. Under AddressSanitizer
/// every frame is allocated for itself, so that misuse is seen.
class FramePool {
 public:
  FramePool() = default;
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;
  ~FramePool();

  void* allocate(std::size_t size) {
#ifndef __SANITIZE_ADDRESS__
    const std::size_t index = index_of(size);
    if (index < classes) {
      if (Free* frame = free_[index]) {
        free_[index] = frame->next;
        return frame;
      }
      return refill(index);
    }
#endif
    return ::operator new(size);
  }

  /// Gives back what `allocate(size)` returned. The pool is found from the address.
  static void release(void* memory, std::size_t size) {
#ifndef __SANITIZE_ADDRESS__
    const std::size_t index = index_of(size);
    if (index < classes) {
      const auto chunk = reinterpret_cast<std::size_t>(memory) & ~(chunk_bytes - 1);
      FramePool* pool = *reinterpret_cast<FramePool**>(chunk);
      auto* frame = static_cast<Free*>(memory);
      frame->next = pool->free_[index];
      pool->free_[index] = frame;
      return;
    }
#endif
    ::operator delete(memory, size);
  }

 private:
  struct Free {
    Free* next;
  };
  static constexpr std::size_t granule = 64;  // Chosen: a cache line; frames share none.
  static constexpr std::size_t classes = 64;  // Frames up to 4 KiB.
  static constexpr std::size_t chunk_bytes = 64 * 1024;

  static std::size_t index_of(std::size_t size) {
    return (size - 1) / granule;
  }
  void* refill(std::size_t index);

  std::array<Free*, classes> free_{};
  std::vector<void*> chunks_;
};

}  // namespace headroom::sim
