#pragma once

#include <cstdint>
#include <vector>

namespace headroom {

/// What becomes of a message that a partition cuts. Numbered as in its choices.
enum class PartitionMode : std::uint8_t {
  silent,  ///< It vanishes; its sender hears nothing.
  refuse,  ///< The call fails: both ends of the connection learn of it.
};

/// Which messages between sites of the network (zones, or some replicas in one) do not pass.
struct Partition {
  /// Messages between sites of different groups are cut. Sites in no group reach everybody, but
  /// where there is one group only it is cut from all other sites.
  std::vector<std::vector<std::uint16_t>> groups;
  bool one_way = false;  ///< Only messages from the first group are cut.
  PartitionMode mode = PartitionMode::silent;
};

/// What can be partitioned. Partitions may overlap: a message passes when no partition cuts it,
/// and is refused only when none of those that cut it is silent.
class Partitionable {
 public:
  virtual ~Partitionable() = default;
  virtual void begin_partition(const Partition& partition) = 0;
  virtual void end_partition(const Partition& partition) = 0;
};

}  // namespace headroom
