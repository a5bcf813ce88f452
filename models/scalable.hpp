#pragma once

#include <cstddef>
#include <cstdint>

#include "models/members.hpp"
#include "models/results.hpp"

namespace headroom {

/// What an autoscaler sees of a pool of instances, and does to it. All that there can ever be exist
/// from the start; those that are absent do nothing.
class Scalable {
 public:
  virtual ~Scalable() = default;

  virtual Members& members() = 0;
  /// Machines of each instance: from number i x machines() on those of instance i.
  virtual std::size_t machines() const { return 1; }
  virtual bool is_up(std::size_t index) const = 0;
  virtual bool is_idle(std::size_t index) const = 0;
  /// Requests that wait for a slot there, or its share of those that wait for any.
  virtual double waiting(std::size_t index) const = 0;
  /// What the utilisation of a machine is of, since the start of the run or of the measurement.
  virtual BusyArea used(std::size_t machine) const = 0;
  /// Ready from now on, or stopped with all that it still does.
  virtual void set_present(std::size_t index, bool is_present) = 0;
  /// Whether what was asked for before is done, so that more can be asked for.
  virtual bool is_settled() const { return true; }
  /// Whether one that goes is stopped when its time is over, done or not.
  virtual bool can_be_cut_off() const { return true; }
};

}  // namespace headroom
