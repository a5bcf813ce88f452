#pragma once

#include <string_view>

namespace headroom::html {

// Texts that the build puts into the program.

/// Chart.js 3.9, minified, with its notice of copyright.
std::string_view chart_js();
/// Draws the charts of a page.
std::string_view page_script();
std::string_view page_style();

}  // namespace headroom::html
