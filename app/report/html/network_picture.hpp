#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headroom::html {

/// The links that carried something, as a picture: hosts below, what connects them above; zones
/// that all join one another in a ring. Both directions of a cable are one line, as busy as the
/// busier of them.
class NetworkPicture {
 public:
  /// A link by its name, "a -> b" or "a <-> b"; how busy it was, from 0. One to itself is not
  /// drawn.
  void add(std::string_view name, double utilization);

  /// One that lies between two places of a platform; where these are one place, the link is a node,
  /// and the further names are those of hosts that stand there.
  void add(std::string_view name, double utilization, const std::vector<std::string>& between);

  /// What a failure hit, as events and results write it: "link a -> b", "switch sw", "zone a", and
  /// for a partition "a, b | c". What is not in the picture is left out. After the last `add`.
  void hit(const std::string& verb, const std::string& target, const std::string& when);

  /// At least two links.
  bool is_worth_drawing() const { return links_.size() > 1; }
  /// More nodes than can be told apart.
  bool is_too_large() const;
  bool has_hits() const { return has_hits_; }

  /// An <svg> in a frame.
  std::string text();

 private:
  struct Link {
    std::string from, to, label, hit;
    double utilization = 0;
    /// "line" is both "line_UP" and "line_DOWN".
    bool is_called(std::string_view name) const {
      const std::string_view cable = std::string_view(label).substr(0, label.rfind('_'));
      return label == name || cable == name;
    }
  };
  struct Node {
    std::size_t row = 0, degree = 0;
    double x = 0, y = 0;
    std::optional<double> utilization;  ///< Of a node that is a link.
    std::string hit;
  };
  struct Size {
    double width = 0, height = 0;
  };
  using Ends = std::pair<std::string, std::string>;

  void join(const Ends& ends, std::string_view label, double utilization);
  bool is_ring() const;
  Size place_ring();
  Size place_rows();
  void choose_rows();
  double middle_below(const std::string& name, std::size_t row) const;
  void hit_between(const std::string& groups, const std::string& told);
  std::string link_text(const Link& link, bool labelled, bool ring) const;
  std::string node_text(const std::string& name, const Node& node, bool ring) const;

  std::map<Ends, Link> links_;
  std::map<std::string, Node> nodes_;
  bool has_hits_ = false;
};

}  // namespace headroom::html
