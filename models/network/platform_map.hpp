#pragma once

#include "models/network/topology.hpp"

namespace headroom {

/// A topology as one would draw it. What it has of a platform file are the hosts, the links by
/// their numbers in the plan, and the places where those meet, which the file does not name: two
/// links that some route crosses one after the other meet, and both directions of a cable have the
/// same ends.
///
/// A host alone at a place stands for it. Else the place is a node, named after a link whose two
/// ends are there (the backbone of a cluster, a bus), which has a hop from the node to itself; its
/// hosts are joined to it by links that the plan does not have. Where routes do not tell the ends
/// of several links apart, these are all in one place.
Topology map_of(const TopologyPlan& plan, std::span<const std::string> zones);

}  // namespace headroom
