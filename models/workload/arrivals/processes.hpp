#pragma once

#include <memory>

#include "models/workload/arrivals.hpp"

namespace headroom {

using Arrivals = std::unique_ptr<ArrivalProcess>;

// One per file of this folder. Each plan must outlive its process.
Arrivals make_process(const PoissonPlan&, const ArrivalsSetup&);
Arrivals make_process(const ConstantPlan&, const ArrivalsSetup&);
Arrivals make_process(const UniformJitterPlan&, const ArrivalsSetup&);
Arrivals make_process(const RenewalPlan&, const ArrivalsSetup&);
Arrivals make_process(const BatchPlan&, const ArrivalsSetup&);
Arrivals make_process(const MmppPlan&, const ArrivalsSetup&);
Arrivals make_process(const StagesPlan&, const ArrivalsSetup&);
Arrivals make_process(const DiurnalPlan&, const ArrivalsSetup&);
Arrivals make_process(const ReplayPlan&, const ArrivalsSetup&);

}  // namespace headroom
