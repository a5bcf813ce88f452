#include "models/catalog.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

namespace {

constexpr Listed<ReplicationFactory> catalog[] = {
    {{"none", "one copy of each key"}, make_unreplicated},
    {{"quorum",
      "every copy is asked at once; a read is done at the R-th answer, a write at the W-th, the "
      "latest version counts",
      "Gifford 1979; DeCandia et al. 2007 (Dynamo)"},
     make_quorum},
    {{"raft",
      "a leader elected by a majority of the copies; a write is done when a majority has it in its "
      "log",
      "Ongaro, Ousterhout 2014; Ongaro 2014"},
     make_raft},
};
constexpr auto choices = choices_of(catalog);

}  // namespace

Choices replication_protocols() {
  return choices;
}

std::unique_ptr<Replication> make_replication(const ReplicationSetup& setup) {
  return factory_of(catalog, setup.plan.replication.protocol)(setup);
}

}  // namespace headroom
