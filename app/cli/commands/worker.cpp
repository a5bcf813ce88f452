#include "app/study/worker.hpp"
#include "app/cli/commands/commands.hpp"

namespace headroom {

void add_worker(Session& session) {
  Command command =
      session.line.add("worker", "One replication for another headroom; not for people.");
  command.hide();
  command.action([] { return serve_one_job(); });
}

}  // namespace headroom
