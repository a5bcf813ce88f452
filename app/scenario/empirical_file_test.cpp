#include "app/scenario/empirical_file.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/moments.hpp"

using namespace headroom;

namespace {

Distribution read(std::string_view text, Quantity quantity = Quantity::time) {
  Distribution d;
  d.kind = Distribution::Kind::empirical;
  std::string why;
  INFO(text);
  REQUIRE(read_empirical_text(text, quantity, d, why));
  return d;
}
std::string fault(std::string_view text) {
  Distribution d;
  std::string why;
  CHECK_FALSE(read_empirical_text(text, Quantity::time, d, why));
  return why;
}

}  // namespace

TEST_CASE("values become an ascending distribution function", "[empirical]") {
  const Distribution d = read("# measured\nservice,weight\n3ms,1\n1ms,2\n3ms,1\n");
  CHECK(d.values == std::vector<double>{1e6, 3e6});
  CHECK(d.weights == std::vector<double>{0.5, 1});
  CHECK(read("0.5\n2\n").values == std::vector<double>{5e8, 2e9});
  CHECK(read("2kB\r\n100\r\n", Quantity::bytes).values == std::vector<double>{100, 2000});
  CHECK(read("3\n1\n", Quantity::number).weights.back() == 1);
}

TEST_CASE("a listing of percentiles is read as such", "[empirical]") {
  const Distribution d = read(
      "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
      "       0.001 0.000000000000          1           1.00\n"
      "       0.002 0.500000000000          5           2.00\n"
      "       0.009 1.000000000000         10\n"
      "#[Mean    =        3.115, StdDeviation   =        2.1]\n");
  // Between two rows all values are as likely.
  CHECK(mean(d) == Approx(0.5 * 1.5e6 + 0.5 * 5.5e6));
  CHECK(variance(d) ==
        Approx(0.5 * (1.0 / 12 + 4) * 1e12 + 0.5 * (49.0 / 12 + 4) * 1e12).epsilon(0.01));
  const auto up_to = [&](double value) {
    const auto beyond = std::upper_bound(d.values.begin(), d.values.end(), value);
    return d.weights[static_cast<std::size_t>(beyond - d.values.begin()) - 1];
  };
  CHECK(up_to(2e6) == 0.5);
  CHECK(up_to(1.5e6) == Approx(0.25));
  CHECK(up_to(9e6) == 1);
}

TEST_CASE("the first line is a heading only where it can be none of the values", "[empirical]") {
  for (const char* heading : {"seconds", "\"service time\",weight", "# s", "nanoseconds", "p50,n",
                              "infinite_server", "\xC3\xA9tape", "'ms'"}) {
    INFO(heading);
    CHECK(read(std::string(heading) + "\n5ms\n").values == std::vector<double>{5e6});
  }
  for (const char* slip : {"-5ms", "nan", "inf", "Infinity", "1e30", "5m", "5 ms", "5MS",
                           "99999999999999", "\xFF\xFE", "5ms,x", ".", "+"}) {
    INFO(slip);
    CHECK_THAT(fault(std::string(slip) + "\n5ms\n"), Catch::StartsWith("line 1 "));
    CHECK_THAT(fault("4ms\n" + std::string(slip) + "\n5ms\n"), Catch::StartsWith("line 2 "));
  }
  CHECK(read("\xEF\xBB\xBF"
             "5ms\n")
            .values == std::vector<double>{5e6});
}

TEST_CASE("faults name the line", "[empirical]") {
  CHECK(fault("") == "the file holds no values");
  CHECK_THAT(fault("1ms\nrubbish\n"), Catch::Contains("line 2"));
  CHECK_THAT(fault("1ms\n-2ms\n"), Catch::Contains("negative"));
  CHECK_THAT(fault("1ms,-1\n2ms,-1\n"), Catch::Contains("line 1"));
  CHECK_THAT(fault("1ms,0\n"), Catch::Contains("sum to nothing"));
  CHECK_THAT(fault("Value Percentile\n1 0.5\n2 0.4\n"), Catch::Contains("must rise"));
}
