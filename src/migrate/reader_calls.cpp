#include "migrate/reader_calls.hpp"

#include <iterator>
#include <utility>

namespace oes {

std::optional<python_literal> source_in(python_arguments arguments) {
  auto& given = arguments.values.empty() ? arguments.named.items : arguments.values;
  if (given.size() != 1) return std::nullopt;
  return std::move(given.front());
}

std::optional<python_literal> option_in(python_arguments arguments) {
  auto& given = arguments.values;
  auto& named = arguments.named;
  if (named.items.size() == 2 && given.empty() && named.keys[0].text == "value") {
    std::swap(named.items[0], named.items[1]);
  }
  std::move(named.items.begin(), named.items.end(), std::back_inserter(given));  // key=, value=
  if (given.size() != 2) return std::nullopt;
  python_literal out;
  out.is = python_literal::kind::dict;
  out.keys.push_back(std::move(given[0]));
  out.items.push_back(std::move(given[1]));
  return out;
}

}  // namespace oes
