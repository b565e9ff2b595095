#pragma once
// Compares two JSON answers in what a client relies on: keys, types, labels, units; not the values.
#include <rapidjson/document.h>

#include <optional>
#include <string>

namespace oes::sim {

/// nullopt, or the path of the first difference and what it is. Members in any order; arrays of plain values and of
/// objects by their first element.
std::optional<std::string> shape_difference(const rapidjson::Value& expected, const rapidjson::Value& found,
                                            const std::string& path = "$");

/// The same for an answer with series: blocks in order, with equal heads, and the same set of named and labelled
/// series. With `labels`, the spans and the points' labels must be equal too.
std::optional<std::string> series_difference(const rapidjson::Value& expected, const rapidjson::Value& found,
                                             bool labels);

std::string to_text(const rapidjson::Value& value);

}  // namespace oes::sim
