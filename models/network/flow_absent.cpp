// In place of the flow engine, in programs that are not linked with SimGrid: it costs 20 ms at the
// start of each, so only the workers are.
#include "models/network/carrier.hpp"

namespace headroom {

std::unique_ptr<FlowCarrier> make_flow_carrier(sim::Simulation&, FlowModel) {
  return nullptr;
}

}  // namespace headroom
