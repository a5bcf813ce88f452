#pragma once

#include "models/fields.hpp"

namespace headroom {

/// The tags of distributions with a sentence, a source and how they are written. The tagged form of
/// a constant is the bare value.
struct DistributionForm {
  std::string_view tag, doc, source, example;
};
std::span<const DistributionForm> distribution_forms();

}  // namespace headroom
