#include "app/report/html/network_picture.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <regex>
#include <set>

namespace headroom::html {

namespace {

double width_of(const std::string& svg) {
  return std::atof(svg.c_str() + svg.find("width=\"") + 7);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

NetworkPicture zones(const std::vector<std::string>& names) {
  NetworkPicture picture;
  for (const auto& one : names)
    for (const auto& other : names)
      picture.add(one + " -> " + other, 0.1);
  return picture;
}

}  // namespace

TEST_CASE("Zones that all join one another stand in a ring, their lines apart") {
  NetworkPicture picture = zones({"a", "b", "c", "d"});
  REQUIRE(picture.is_worth_drawing());
  const std::string svg = picture.text();
  CHECK(count(svg, "<path class=\"link\"") == 6);
  CHECK(count(svg, "<rect class=\"node\"") == 4);
  CHECK(width_of(svg) > 400);
  // No three nodes on one line: each has a height and a place across of its own, or opposite ones.
  std::set<std::string> places;
  const std::regex node("<rect class=\"node\" x=\"([0-9.]+)\" y=\"([0-9.]+)\"");
  for (std::sregex_iterator at(svg.begin(), svg.end(), node), end; at != end; ++at)
    places.insert((*at)[1].str() + " " + (*at)[2].str());
  CHECK(places.size() == 4);
  CHECK_FALSE(zones({"a"}).is_worth_drawing());
}

TEST_CASE("What failed is crossed: links, nodes, and all links between the sides of a partition") {
  const auto crosses = [](const char* verb, const char* target) {
    NetworkPicture picture = zones({"a", "b", "c"});
    picture.hit(verb, target, ", from 1 s");
    const std::string svg = picture.text();
    CHECK(picture.has_hits() == (count(svg, "class=\"hit\"") > 0));
    return count(svg, "class=\"hit\"");
  };
  CHECK(crosses("kill", "link b -> a") == 1);
  CHECK(crosses("degrade", "a <-> c") == 1);
  CHECK(crosses("kill", "zone b") == 1);
  CHECK(crosses("partition", "a, b | c") == 2);
  CHECK(crosses("partition", "zone a -> zone b") == 1);
  CHECK(crosses("kill", "app[0]") == 0);
  CHECK(crosses("kill", "link a -> elsewhere") == 0);
  CHECK(crosses("surge", "b") == 0);
}

}  // namespace headroom::html
