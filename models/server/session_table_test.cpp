#include "models/server/session_table.hpp"

#include <catch2/catch.hpp>

namespace headroom {

TEST_CASE("A session is lost where its state is not, once for each time that it moves") {
  SessionTable table;
  Request request;
  request.session = session_of(7, 0);
  CHECK_FALSE(table.loses(request, 0, 0));  // it begins
  CHECK_FALSE(table.loses(request, 0, 0));
  CHECK(table.loses(request, 1, 0));        // another replica
  CHECK_FALSE(table.loses(request, 1, 0));  // where it has started over
  CHECK(table.loses(request, 1, 1));        // the same replica after a restart
  request.session = session_of(7, 1);       // the next session in that place
  CHECK_FALSE(table.loses(request, 2, 0));
  request.workload = 1;  // another workload's session of the same number
  CHECK_FALSE(table.loses(request, 3, 0));
  CHECK(table.lost() == 2);
  table.start_measuring();
  CHECK(table.lost() == 0);
}

TEST_CASE("A session is a place and a generation") {
  CHECK(session_place(session_of(123'456, 200)) == 123'456);
  CHECK(session_generation(session_of(123'456, 200)) == 200);
  CHECK(session_generation(session_of(5, 256)) == 0);
}

}  // namespace headroom
