#include "sim/kernel/frame_pool.hpp"

#include <cstdlib>

#include "sim/kernel/check.hpp"

namespace headroom::sim {

FramePool::~FramePool() {
  for (void* chunk : chunks_)
    std::free(chunk);
}

void* FramePool::refill(std::size_t index) {
  auto* chunk = static_cast<std::byte*>(std::aligned_alloc(chunk_bytes, chunk_bytes));
  HEADROOM_CHECK(chunk != nullptr);
  chunks_.push_back(chunk);
  *reinterpret_cast<FramePool**>(chunk) = this;  // what `release` finds at the chunk's start
  const std::size_t size = (index + 1) * granule;
  for (std::size_t at = granule; at + size <= chunk_bytes; at += size) {
    auto* frame = reinterpret_cast<Free*>(chunk + at);
    frame->next = free_[index];
    free_[index] = frame;
  }
  Free* frame = free_[index];
  free_[index] = frame->next;
  return frame;
}

}  // namespace headroom::sim
