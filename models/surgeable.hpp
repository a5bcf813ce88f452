#pragma once

namespace headroom {

/// Where load comes from, as failures see it. Surges may overlap: their factors multiply.
class Surgeable {
 public:
  virtual ~Surgeable() = default;
  /// It sends `factor` times as many requests from now on; factor > 0.
  virtual void begin_surge(double factor) = 0;
  /// One surge of that factor is over.
  virtual void end_surge(double factor) = 0;
};

}  // namespace headroom
