#include "app/cli/lessons.hpp"

#include <array>

#include "app/cli/lesson_texts.hpp"

namespace headroom {

std::span<const Lesson> lessons() {
  static const std::array<Lesson, 7> all{{
      {"power_of_two",
       "A hundred servers at 90 % load behind a balancer that picks one at random: a request takes "
       "100 ms in the mean. How long does it take when the balancer looks at two at random and "
       "picks the one with less to do?",
       "headroom run FILE",
       "27 ms. Two choices make long queues doubly exponentially rare (Mitzenmacher 2001); looking "
       "at all hundred gains little more.",
       "headroom compare FILE --set services.lb.policy=least_outstanding",
       lesson_texts::power_of_two()},
      {"fan_out",
       "A leaf answers in 10 ms, one time in a hundred in more than 100 ms. A search asks a "
       "hundred "
       "leaves and waits for all of them. What is its median?",
       "headroom run FILE",
       "114 ms: more than the p99 of a leaf. With 100 leaves, 63 % of the searches meet a slow one "
       "(Dean, Barroso 2013).",
       "headroom run FILE --set 'services.search.endpoints.hundred[0].need=95'",
       lesson_texts::fan_out()},
      {"open_versus_closed",
       "A server stands still for ten of a hundred seconds. A load tester with ten threads, each "
       "of "
       "which waits for its answer, measures it. What p99 does the tester report, and what is that "
       "of users who come at their own times?",
       "headroom run FILE",
       "The tester reports 47 ms, the users have 9 s. During the pause the tester sends ten "
       "requests and the users a thousand: coordinated omission.",
       "headroom run FILE --set failures[0].for=1s", lesson_texts::open_versus_closed()},
      {"cache_stampede",
       "A page takes 50 ms to make and is cached for ten seconds; a thousand visitors come each "
       "second. How often is it made in a cycle without protection?",
       "headroom run FILE",
       "51 times: by everybody who comes during the 50 ms that the first making takes. With "
       "\"coalesce\" once.",
       "headroom run FILE --set services.cache.stampede=coalesce", lesson_texts::cache_stampede()},
      {"retry_storm_metastable",
       "A system at two thirds of its capacity sees a surge of ten seconds. Every late request is "
       "retried up to twice. The surge is over: how long until it works again?",
       "headroom run FILE",
       "It does not. Retries make twice the capacity of load, all of it work for callers who have "
       "left; the trigger is gone and the state is not (Bronson et al. 2021).",
       "headroom run FILE --set workloads.users.retry.budget=10%",
       lesson_texts::retry_storm_metastable()},
      {"quorum_staleness",
       "Three copies, reads and writes that wait for one of them, delays as measured at LinkedIn. "
       "What share of the reads misses a write that was acknowledged before?",
       "headroom run FILE",
       "One in 81 (1.2 %), by some 6 ms in the mean (Bailis et al. 2012). With R + W > N none, and "
       "writes take nearly twice as long.",
       "headroom run FILE --set services.db.replication.R=2 --set services.db.replication.W=2",
       lesson_texts::quorum_staleness()},
      {"cap_partition",
       "Three copies, two in the east and one in the west, R = W = 2; the line between them is cut "
       "for ten seconds. Whose clients are answered, and is what they saw linearizable?",
       "headroom run FILE",
       "The east is answered, the west is not: one copy is no majority. It is not linearizable "
       "even "
       "so: a write of the west that failed has reached one copy, is read after healing, and is "
       "gone for the next reader. A read must bring what it found to a majority first (Attiya, "
       "Bar-Noy, Dolev 1995).",
       "headroom cap FILE", lesson_texts::cap_partition()},
  }};
  return all;
}

}  // namespace headroom
