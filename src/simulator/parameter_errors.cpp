#include "simulator/parameter_errors.hpp"

#include "simulator/json_text.hpp"

namespace oes::sim {
namespace {

std::string location(std::string_view name, int index) {
  std::string out = R"(["query",)" + json_string(name);
  if (index >= 0) out += "," + std::to_string(index);
  return out + "]";
}

// 'a', 'b' or 'c'
std::string alternatives(const std::vector<std::string_view>& allowed) {
  std::string out;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (i > 0) out += i + 1 == allowed.size() ? " or " : ", ";
    out.append("'").append(allowed[i]).append("'");
  }
  return out;
}

}  // namespace

void parameter_errors::add(std::string_view item) {
  if (!items_.empty()) items_ += ',';
  items_ += item;
}

void parameter_errors::missing(std::string_view name) {
  add(R"({"type":"missing","loc":)" + location(name, -1) + R"(,"msg":"Field required","input":null})");
}

void parameter_errors::not_in_enumeration(std::string_view name, int index, std::string_view input,
                                          const std::vector<std::string_view>& allowed) {
  const auto expected = alternatives(allowed);
  add(R"({"type":"enum","loc":)" + location(name, index) + R"(,"msg":)" + json_string("Input should be " + expected) +
      R"(,"input":)" + json_string(input) + R"(,"ctx":{"expected":)" + json_string(expected) + "}}");
}

void parameter_errors::bad_date(std::string_view name, std::string_view input, std::string_view reason) {
  const auto message = "Input should be a valid datetime or date, " + std::string(reason);
  add(R"({"type":"datetime_from_date_parsing","loc":)" + location(name, -1) + R"(,"msg":)" + json_string(message) +
      R"(,"input":)" + json_string(input) + R"(,"ctx":{"error":)" + json_string(reason) + "}}");
}

void parameter_errors::too_long(std::string_view name, const std::vector<std::string>& input, std::size_t most) {
  const auto actual = std::to_string(input.size());
  const auto limit = std::to_string(most);
  add(R"({"type":"too_long","loc":)" + location(name, -1) + R"(,"msg":"List should have at most )" + limit +
      " items after validation, not " + actual + R"(","input":)" + json_strings(input) +
      R"(,"ctx":{"field_type":"List","max_length":)" + limit + R"(,"actual_length":)" + actual + "}}");
}

}  // namespace oes::sim
