#include <fmt/format.h>
#include <algorithm>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "app/scenario/document.hpp"

namespace headroom {

namespace {

/// Reads characters and counts them, since the parser tells its events no positions.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  std::size_t* count = nullptr;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    ++*count;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator old = *this;
    ++*this;
    return old;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

/// Builds nodes from the events of the parser. Each event comes when its token has just been read;
/// a number is followed by one character more, unless the text ends there.
class NodeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  NodeBuilder(std::uint32_t file, Diagnostics& diagnostics, const DocumentLimits& limits,
              const std::size_t& count)
      : file_(file),
        text_(diagnostics.sources.text(file)),
        diagnostics_(diagnostics),
        limits_(limits),
        count_(count) {}

  bool null() { return add(literal(Node::Kind::null, 4)); }
  bool boolean(bool truth) {
    Node node = literal(Node::Kind::boolean, truth ? 4 : 5);
    node.truth = truth;
    return add(std::move(node));
  }
  bool number_integer(number_integer_t) { return number(); }
  bool number_unsigned(number_unsigned_t) { return number(); }
  bool number_float(number_float_t, const string_t&) { return number(); }
  bool string(string_t& value) {
    Node node;
    node.kind = Node::Kind::string;
    node.place = string_place();
    node.text = std::move(value);
    return add(std::move(node));
  }
  bool binary(binary_t&) { return false; }  // never sent for a text
  bool start_object(std::size_t) { return open(Node::Kind::object); }
  bool start_array(std::size_t) { return open(Node::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(string_t& name);
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error);

  Node take() { return std::move(root_); }

 private:
  struct Level {
    Node node;
    std::unordered_map<std::string, Place> keys;
  };

  Place place(std::size_t from, std::size_t length) const {
    return {file_, static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(length)};
  }
  Node literal(Node::Kind kind, std::size_t length) const {
    Node node;
    node.kind = kind;
    node.place = place(count_ - length, length);
    return node;
  }
  /// Goes back from the closing quote to the opening one: the first without a backslash before it.
  Place string_place() const {
    std::size_t start = count_ - 2;
    while (text_[start] != '"' || is_escaped(start))
      --start;
    return place(start, count_ - start);
  }
  bool is_escaped(std::size_t at) const {
    std::size_t backslashes = 0;
    while (backslashes < at && text_[at - 1 - backslashes] == '\\')
      ++backslashes;
    return backslashes % 2 == 1;
  }
  bool number() {
    const auto is_part = [&](std::size_t i) {
      return std::string_view("0123456789+-.eE").find(text_[i]) != std::string_view::npos;
    };
    const std::size_t end = is_part(count_ - 1) ? count_ : count_ - 1;
    std::size_t start = end;
    while (start > 0 && is_part(start - 1))
      --start;
    Node node;
    node.kind = Node::Kind::number;
    node.place = place(start, end - start);
    node.text = text_.substr(start, end - start);
    return add(std::move(node));
  }

  /// Of the innermost open object or list.
  std::string pointer() const {
    std::string text;
    for (std::size_t i = 1; i < open_.size(); ++i) {
      const Node& parent = open_[i - 1].node;
      const bool named = parent.kind == Node::Kind::object;
      text +=
          named ? pointer_step(open_[i].node.key) : '/' + std::to_string(parent.children.size());
    }
    return text;
  }

  bool add(Node node);
  bool open(Node::Kind kind);
  bool close();
  void cut_off(const std::string& what);
  Place place_of_token(std::string_view what, const std::string& token) const;
  std::string hint_for(std::string_view what, std::size_t at) const;
  bool stop(Place where, std::string message, std::string hint) {
    diagnostics_.error(where, pointer(), std::move(message), std::move(hint));
    return false;
  }

  std::uint32_t file_;
  std::string_view text_;
  Diagnostics& diagnostics_;
  const DocumentLimits& limits_;
  const std::size_t& count_;
  std::vector<Level> open_;
  std::string next_key_;
  Place next_key_place_;
  std::size_t values_ = 0;
  Node root_;
};

bool NodeBuilder::key(string_t& name) {
  Level& level = open_.back();
  next_key_place_ = string_place();
  const auto [found, is_new] = level.keys.try_emplace(name, next_key_place_);
  if (!is_new) {
    const Location first = diagnostics_.sources.locate(found->second);
    diagnostics_.error(next_key_place_, pointer() + pointer_step(name),
                       fmt::format("duplicate key \"{}\"", name),
                       fmt::format("first given at {}:{}", first.line, first.column));
  }
  next_key_ = std::move(name);
  return true;
}

bool NodeBuilder::add(Node node) {
  if (++values_ > limits_.values)
    return stop(node.place, fmt::format("more than {} values in one file", limits_.values),
                "the limit on values");
  if (!open_.empty() && open_.back().node.kind == Node::Kind::object) {
    node.key = std::move(next_key_);
    node.key_place = next_key_place_;
  }
  if (open_.empty())
    root_ = std::move(node);
  else
    open_.back().node.children.push_back(std::move(node));
  return true;
}

bool NodeBuilder::open(Node::Kind kind) {
  Node node = literal(kind, 1);
  if (open_.size() >= limits_.depth)
    return stop(node.place, fmt::format("nested deeper than {} levels", limits_.depth),
                "the limit on nesting");
  if (!open_.empty() && open_.back().node.kind == Node::Kind::object) {
    node.key = std::move(next_key_);
    node.key_place = next_key_place_;
  }
  open_.push_back({std::move(node), {}});
  return true;
}

bool NodeBuilder::close() {
  Node node = std::move(open_.back().node);
  open_.pop_back();
  next_key_ = std::move(node.key);
  next_key_place_ = node.key_place;
  node.sort_members();
  return add(std::move(node));
}

void NodeBuilder::cut_off(const std::string& what) {
  std::string hint;
  if (!open_.empty()) {
    const Node& node = open_.back().node;
    const Location location = diagnostics_.sources.locate(node.place);
    hint = fmt::format("the '{}' opened at {}:{} is not closed",
                       node.kind == Node::Kind::object ? '{' : '[', location.line, location.column);
  }
  diagnostics_.error(place(text_.size(), 0), {}, "the file ends in the middle of " + what, hint);
}

/// "syntax error while parsing object key - unexpected '}'; expected string literal" without its
/// frame. The parser's own sentence is kept where it says something.
std::string reason_of(std::string_view what) {
  const std::size_t dash = what.find(" - ");
  if (dash != std::string_view::npos) what.remove_prefix(dash + 3);
  const std::size_t read = what.find("; last read: '");
  if (read != std::string_view::npos) {
    const std::size_t expected = what.rfind("; expected ");
    const bool follows = expected != std::string_view::npos && expected > read;
    return std::string(what.substr(0, read)) +
           (follows ? std::string(what.substr(expected)) : std::string());
  }
  return std::string(what);
}

Place NodeBuilder::place_of_token(std::string_view what, const std::string& token) const {
  std::size_t end = count_;
  if (what.find("unexpected string literal") != std::string_view::npos && token.size() <= end)
    return place(end - token.size(), token.size());
  if (what.find("unexpected number literal") != std::string_view::npos && token.size() < end) {
    if (token.back() != text_[end - 1]) --end;
    return place(end - token.size(), token.size());
  }
  return place(end > 0 ? end - 1 : 0, 1);
}

/// The last character that says something: no white space, and no comment to the end of a line.
char last_said(std::string_view text) {
  while (!text.empty()) {
    const std::size_t begin = text.rfind('\n') + 1;  // 0 where there is none
    std::string_view line = text.substr(begin);
    const std::size_t slashes = line.find("//");
    const auto quotes =
        std::count(line.begin(), line.begin() + std::min(slashes, line.size()), '"');
    if (slashes != std::string_view::npos && quotes % 2 == 0) line = line.substr(0, slashes);
    const std::size_t last = line.find_last_not_of(" \t\r");
    if (last != std::string_view::npos) return line[last];
    text = text.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return ' ';
}

/// What the writer most likely did, from the character at the error and the one before it.
std::string NodeBuilder::hint_for(std::string_view what, std::size_t at) const {
  const char last = last_said(text_.substr(0, at));
  if (what.find("control character U+000A") != std::string_view::npos)
    return "is the closing quote missing on this line?";
  if (at == 0) return "a scenario is a JSON object: { \"headroom\": 1, ... }";
  if ((text_[at] == '}' || text_[at] == ']') && last == ',') return "remove the comma before it";
  if (text_[at] == '\'') return "texts stand in double quotes";
  const bool wants_end = what.find("expected '}'") != std::string_view::npos ||
                         what.find("expected ']'") != std::string_view::npos;
  return wants_end && last != ',' ? "is a comma missing before it?" : "";
}

bool NodeBuilder::parse_error(std::size_t, const std::string& last_token,
                              const nlohmann::json::exception& error) {
  const std::string_view what = error.what();
  const bool at_end = count_ >= text_.size();
  if (what.find("number overflow") != std::string_view::npos) {
    const std::size_t length = std::min(last_token.size(), count_);
    return stop(place(count_ - length - (at_end ? 0 : 1), length), "the number is too large",
                "the largest is 1.8e308");
  }
  if (at_end && what.find("missing closing quote") != std::string_view::npos) {
    cut_off("a text in quotes");
    return false;
  }
  if (at_end && what.find("unexpected end of input") != std::string_view::npos) {
    cut_off(open_.empty()                                  ? "a value"
            : open_.back().node.kind == Node::Kind::object ? "an object"
                                                           : "a list");
    return false;
  }
  const Place where = place_of_token(what, last_token);
  return stop(where, "not JSON: " + reason_of(what), hint_for(what, where.offset));
}

/// Names encodings that are not UTF-8 and bytes that are no text. False after an error.
bool check_encoding(std::uint32_t file, Diagnostics& diagnostics) {
  const std::string_view text = diagnostics.sources.text(file);
  const auto refuse = [&](std::size_t at, const std::string& message, const std::string& hint) {
    diagnostics.error({file, static_cast<std::uint32_t>(at), 1}, {}, message, hint);
    return false;
  };
  using namespace std::string_view_literals;
  if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv))
    return refuse(0, "the file is UTF-32: byte-order mark at byte 0", "save it as UTF-8");
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return refuse(0, "the file is UTF-16: byte-order mark at byte 0", "save it as UTF-8");
  // A JSON text begins with a character below 128, half of which is 0 there.
  const std::size_t half = text.size() >= 2 && text[0] == '\0' ? 0 : 1;
  const bool is_wide = text.size() >= 2 && text[half] == '\0' &&
                       std::string_view(" \t\r\n{/").find(text[1 - half]) != std::string_view::npos;
  if (is_wide)
    return refuse(half,
                  fmt::format("the file looks like UTF-16 without a byte-order mark: byte 0x00 at "
                              "byte {}",
                              half),
                  "save it as UTF-8");
  const std::size_t binary = text.find_first_of(
      std::string_view("\0\x01\x02\x03\x04\x05\x06\x07\x08\x0E\x0F\x1B\x7F", 13));
  if (binary != std::string_view::npos)
    return refuse(binary,
                  fmt::format("the file is not text: byte {:#04x} at byte {}",
                              static_cast<unsigned char>(text[binary]), binary),
                  "a scenario is JSON in UTF-8");
  const std::string_view body = text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return refuse(0, text.empty() ? "the file is empty" : "the file holds nothing but white space",
                  "a scenario is a JSON object");
  return true;
}

}  // namespace

std::optional<Node> parse_document(std::uint32_t file, Diagnostics& diagnostics,
                                   const DocumentLimits& limits) {
  const std::string_view text = diagnostics.sources.text(file);
  if (text.size() > limits.bytes) {
    diagnostics.error({file, 0, 0}, {}, fmt::format("the file is {} bytes long", text.size()),
                      fmt::format("the limit is {} bytes", limits.bytes));
    return std::nullopt;
  }
  if (!check_encoding(file, diagnostics)) return std::nullopt;
  std::size_t count = 0;
  NodeBuilder builder(file, diagnostics, limits, count);
  const CountingIterator first{text.data(), &count}, last{text.data() + text.size(), &count};
  const bool strict = true, comments = true;
  if (!nlohmann::json::sax_parse(first, last, &builder, nlohmann::json::input_format_t::json,
                                 strict, comments))
    return std::nullopt;
  return builder.take();
}

std::optional<Node> load_document(const std::string& path, Diagnostics& diagnostics,
                                  const DocumentLimits& limits) {
  std::ifstream stream(path, std::ios::binary);
  std::string text, chunk(1 << 16, '\0');
  while (stream && text.size() <= limits.bytes) {
    stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
  }
  const bool readable = stream.is_open() && !stream.bad();
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : path.substr(0, slash);
  const std::uint32_t file = diagnostics.sources.add(path, std::move(text), directory);
  if (!readable) {
    diagnostics.error({file, 0, 0}, {}, "cannot read the file");
    return std::nullopt;
  }
  return parse_document(file, diagnostics, limits);
}

}  // namespace headroom
