#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::html {

/// Text that means itself between tags and within attribute quotes. Control characters (but
/// for line ends), marks that turn the direction of reading and bytes that are not UTF-8 are
/// written out.
std::string escaped(std::string_view text);

/// A document for a <script type="application/json">: nothing in it can end the element.
std::string script_json(const nlohmann::ordered_json& document);

/// A data: address that holds the bytes.
std::string data_address(std::string_view type, std::string_view bytes);

/// A text that was broken into lines for a terminal, on one line again.
std::string unbroken(std::string_view text);

/// A small word with a mark of its own for each verdict, so that colour is not needed: `kind` is
/// "met", "missed", "undecided" or "plain". Both are written by us, not by the scenario.
std::string badge(std::string_view kind, std::string_view word);

/// <section> with a heading; empty where `body` is.
std::string section(std::string_view id, std::string_view heading, const std::string& body);

/// <p>, escaped; empty where `text` is.
std::string paragraph(std::string_view text, std::string_view kind = {});

/// A part that is opened by hand.
std::string folded(std::string_view heading, const std::string& body);

/// A table that can be read without styles. Cells are escaped unless given as markup.
class Table {
 public:
  enum class Align { left, right, prose };  ///< Prose breaks into lines.
  struct Cell {
    Cell(std::string content) : text(std::move(content)) {}
    Cell(const char* content) : text(content) {}
    static Cell markup(std::string content) {
      Cell cell(std::move(content));
      cell.is_markup = true;
      return cell;
    }
    std::string text;
    bool is_markup = false;
  };

  explicit Table(std::string caption) : caption_(std::move(caption)) {}
  /// A class of the <table> that styles know; of a table with a verdict.
  void kind(std::string name) { kind_ = std::move(name); }
  /// The heading above says it already; the caption is for who hears the page.
  void hide_caption() { says_caption_ = false; }
  void column(std::string heading, Align align = Align::right);
  /// The first cell heads the row.
  void row(std::vector<Cell> cells, std::string kind = {});
  bool empty() const { return rows_.empty(); }
  /// Scrolls within its own frame where the page is too narrow for it.
  std::string text() const;

 private:
  struct Column {
    std::string heading;
    Align align;
  };
  struct Row {
    std::vector<Cell> cells;
    std::string kind;
  };
  std::string caption_, kind_;
  bool says_caption_ = true;
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace headroom::html
