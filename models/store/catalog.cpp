#include "models/catalog.hpp"
#include "models/store/protocols/protocols.hpp"

namespace headroom {

namespace {

constexpr Listed<ReplicationFactory> catalog[] = {
    {{"none", "one copy of each key"}, make_unreplicated},
    {{"async",
      "a leader that answers at once and tells the others later, in one message at a time each; a "
      "lost leader is replaced",
      "Gray et al. 1996"},
     make_async},
    {{"semi_sync", "a leader that answers when one other copy has the write in its log",
      "MySQL 5.7 reference manual"},
     make_semi_sync},
    {{"sync", "a leader that answers when every copy has the write in its log", "Gray et al. 1996"},
     make_sync},
    {{"chain",
      "writes pass from log to log of the copies, the last one answers reads; a copy that crashed "
      "is left out",
      "van Renesse, Schneider 2004"},
     make_chain},
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
    {{"multi_leader",
      "every copy writes by itself and tells the others; of two writes the later one counts, by "
      "the clocks of the copies",
      "Terry et al. 1995; Johnson, Thomas 1975"},
     make_multi_leader},
    {{"gossip_crdt",
      "every copy writes by itself; what all did is merged when they meet, one pair at a time",
      "Shapiro et al. 2011; Demers et al. 1987"},
     make_gossip_crdt},
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
