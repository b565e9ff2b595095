#include "migrate/option_sets.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "migrate/python_names.hpp"
#include "migrate/reader_chains.hpp"
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

// Dicts of the source in a value, also below: {"nem": {…}, "wem": {…}}.
struct found_dict {
  std::size_t place = 0;
  std::vector<option_set> sets;
};

class search {
 public:
  explicit search(const python_tokens& tokens) : tokens_(tokens), names_(tokens) {}

  result<std::vector<option_set>> run() {
    auto chains = find_reader_chains(tokens_, names_);
    auto dicts = find_dicts(chains.taken);
    if (!dicts) return dicts.error();
    std::erase_if(*dicts, [this](const found_dict& one) { return names_.is_used(one.place); });
    auto out =
        chains.chains.empty() ? sets_of(std::move(*dicts)) : sets_of(std::move(chains.chains), std::move(*dicts));
    if (out.empty()) return error{errc::malformed, "no options of the source are in it" + hint()};
    return out;
  }

 private:
  result<std::vector<found_dict>> find_dicts(const std::vector<bool>& taken) {
    const bool is_value = tokens_.is(0, "{") || tokens_.is(0, "[");
    std::vector<found_dict> out;
    for (std::size_t at = 0; at < tokens_.size();) {
      const auto* assigned = is_value || taken[at] ? nullptr : names_.dicts_assigned_at(at);
      if (assigned != nullptr && take(assigned->value, at, out)) {
        at = assigned->behind;
        continue;
      }
      python_reader reader(tokens_, at);
      const bool is_broken = !is_value && tokens_.opens(at) && tokens_[at].partner == python_token::nowhere;
      if (taken[at] || is_broken || !(reader.at_dict() || (is_value && reader.at("[")))) {
        ++at;
        continue;
      }
      const auto value = is_value ? reader.value() : reader.literal();
      // Of a script only what is meant is read; of a value everything has to be readable.
      if (!value && is_value) return value.error();
      if (value) take(*value, at, out);
      at = value ? reader.position() : at + 1;
    }
    return out;
  }

  bool take(const python_literal& value, std::size_t at, std::vector<found_dict>& into) {
    found_dict one{at, {}};
    std::vector<std::string> unread;
    const auto whole = names_.finished(value, at, unread);
    take(whole, tokens_[at].line, unread, one.sets);
    if (one.sets.empty()) return false;
    into.push_back(std::move(one));
    return true;
  }

  [[nodiscard]] std::string hint() const {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_.text(at) == "\"nbformat\"") return ": it is a notebook; export it as a script (.py)";
    }
    return "";
  }

  static void take(const python_literal& value, std::size_t line, const std::vector<std::string>& unread,
                   std::vector<option_set>& into) {
    if (names_replaced_option(value)) return into.push_back(option_set_of(value, line, unread));
    for (const auto& item : value.items) take(item, line, unread, into);
  }

  static std::vector<option_set> sets_of(std::vector<found_dict> dicts) {
    std::vector<option_set> out;
    for (auto& one : dicts) std::move(one.sets.begin(), one.sets.end(), std::back_inserter(out));
    return out;
  }

  static std::vector<option_set> sets_of(std::vector<reader_chain> chains, std::vector<found_dict> dicts) {
    std::vector<option_set> out;
    for (auto& one : chains) {
      out.push_back(option_set_of(one.options, one.line, std::move(one.unread)));
      out.back().remarks = std::move(one.remarks);
    }
    for (const auto& one : sets_of(std::move(dicts))) {
      if (!is_surely_of_the_source(one)) continue;
      out.front().remarks.push_back("The options in line " + std::to_string(one.line) +
                                    " of that file are of no reader that is seen there: left out.");
    }
    return out;
  }

  const python_tokens& tokens_;
  python_names names_;
};

}  // namespace

option_set option_set_of(const python_literal& dict, std::size_t line, std::vector<std::string> unread) {
  option_set out{{}, line, std::move(unread), {}};
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < dict.items.size(); ++i) {
    if (dict.keys[i].is == kind::code) {
      out.unread.push_back(printable(dict.keys[i].text, longest_shown) + ": the name of an option is Python code");
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
  return search(tokens).run();
}

}  // namespace oes
