#include "migrate/option_sets.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "migrate/python_run.hpp"
#include "migrate/replaced_options.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;

// A single name, `interval` say, others use as well.
bool is_surely_of_the_source(const option_set& set) {
  const auto known = std::count_if(set.options.begin(), set.options.end(),
                                   [](const auto& option) { return is_replaced_option(option.first); });
  return known > 1;
}

// Of a value the dicts with options of the source, also below: {"nem": {…}, "wem": {…}}.
void take(const python_literal& value, std::size_t line, std::vector<option_set>& into) {
  if (names_replaced_option(value)) return into.push_back(option_set_of(value, line, {}));
  for (const auto& item : value.items) take(item, line, into);
}

// JSON, or a literal of Python, several one after the other too: all of it has to be readable.
result<std::vector<option_set>> sets_of_values(const python_tokens& tokens) {
  std::vector<option_set> out;
  for (std::size_t at = 0; at < tokens.size();) {
    python_reader reader(tokens, at);
    if (!reader.at_dict() && !reader.at("[")) {
      ++at;
      continue;
    }
    const auto value = reader.value();
    if (!value) return value.error();
    take(*value, tokens[at].line, out);
    at = reader.position();
  }
  return out;
}

std::vector<option_set> sets_of_script(const python_tokens& tokens, bool& is_cut) {
  auto reading = python_run(tokens).run();
  is_cut = reading.is_cut;
  std::vector<option_set> out;
  for (auto& one : reading.readers) {
    out.push_back(option_set_of(one.options, one.line, std::move(one.unread)));
    out.back().remarks = std::move(one.remarks);
  }
  const bool has_readers = !out.empty();
  for (auto& one : reading.dicts) {
    auto set = option_set_of(one.value, one.line, std::move(one.unread));
    if (!has_readers) {
      out.push_back(std::move(set));
    } else if (is_surely_of_the_source(set)) {
      out.front().remarks.push_back("The options in line " + std::to_string(one.line) +
                                    " of that file are of no reader that is seen there: left out.");
    }
  }
  return out;
}

bool is_notebook(const python_tokens& tokens) {
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens.text(at) == "\"nbformat\"") return true;
  }
  return false;
}

}  // namespace

option_set option_set_of(const python_literal& dict, std::size_t line, std::vector<std::string> unread) {
  option_set out{{}, line, std::move(unread), {}};
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < dict.items.size(); ++i) {
    if (dict.keys[i].is == kind::code) {
      out.unread.push_back(shown_code(dict.keys[i].text) + ": the name of an option is Python code");
      continue;
    }
    const auto name = ascii_lower(dict.keys[i].text);
    const auto [place, is_new] = places.try_emplace(name, out.options.size());
    if (is_new) {
      out.options.emplace_back(name, dict.items[i]);
    } else {
      out.options[place->second].second = dict.items[i];
    }
  }
  return out;
}

result<std::vector<option_set>> find_option_sets(std::string_view text) {
  if (text.size() > longest_python) return error{errc::malformed, "it is larger than 1 MiB"};
  const python_tokens tokens(text);
  const bool is_value = tokens.is(0, "{") || tokens.is(0, "[");
  if (is_value && is_notebook(tokens)) {
    return error{errc::malformed, "it is a notebook; export it as a script (.py)"};
  }
  bool is_cut = false;
  auto out = is_value ? sets_of_values(tokens) : result<std::vector<option_set>>(sets_of_script(tokens, is_cut));
  if (out && out->empty()) {
    return error{errc::malformed, is_cut ? "it is too long to be followed" : "no options of the source are in it"};
  }
  return out;
}

}  // namespace oes
