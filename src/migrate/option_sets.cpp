#include "migrate/option_sets.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

using kind = python_literal::kind;

constexpr std::string_view source_name = "openelectricity_stream";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// The last of two with one name holds, as in a dict.
void put(option_set& into, std::string_view name, python_literal value) {
  const auto key = lower(name);
  auto& all = into.options;
  const auto known = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == key; });
  if (known == all.end()) {
    all.emplace_back(key, std::move(value));
  } else {
    known->second = std::move(value);
  }
}

void put_all(option_set& into, python_literal dict) {
  for (std::size_t i = 0; i < dict.items.size(); ++i) put(into, dict.names[i], std::move(dict.items[i]));
}

bool is_of_the_source(const python_literal& dict) {
  const auto& known = replaced_options();
  return dict.is == kind::dict && std::any_of(dict.names.begin(), dict.names.end(), [&](const std::string& name) {
           return std::find(known.begin(), known.end(), lower(name)) != known.end();
         });
}

class search {
 public:
  explicit search(std::string_view text) : reader_(text) {}

  result<std::vector<option_set>> run() {
    reader_.skip_blanks();
    const bool is_value = reader_.at("{") || reader_.at("[");
    while (reader_.skip_blanks(), !reader_.at_end()) {
      const bool dict_begins = reader_.at("{") || reader_.at("dict(");
      // Of a script only what is meant is read; of a value everything has to be readable.
      if (dict_begins || (is_value && reader_.at("["))) {
        const auto read = take_value();
        if (!read && is_value) return read.error();
      } else if (reader_.take(".")) {
        take_call();
      } else {
        reader_.skip_one();
      }
    }
    if (chain_is_open_ && !chain_.options.empty()) found_.push_back(std::move(chain_));
    if (found_.empty()) return error{errc::malformed, "no options of the source are in it"};
    return std::move(found_);
  }

 private:
  result<void> take_value() {
    const auto begin = reader_.position();
    const auto line = reader_.line();
    auto value = reader_.value();
    if (!value) {
      reader_.go_to(begin);
      reader_.skip_one();
      return value.error();
    }
    take(std::move(*value), line);
    return {};
  }

  void take(python_literal value, std::size_t line) {
    if (is_of_the_source(value)) {
      option_set one{{}, line};
      put_all(one, std::move(value));
      found_.push_back(std::move(one));
      return;
    }
    // Also below: {"nem": {…}, "wem": {…}}.
    for (auto& item : value.items) take(std::move(item), line);
  }

  // Behind a dot.
  void take_call() {
    const auto line = reader_.line();
    const auto name = reader_.name();
    reader_.skip_blanks();
    const bool ours = name == "format" || name == "option" || name == "options" || name == "load";
    if (!ours || !reader_.take("(")) return;
    reader_.skip_blanks();
    if (reader_.at("**")) return;  // a dict that stands here, or elsewhere
    const auto begin = reader_.position();
    auto arguments = reader_.arguments();
    if (!arguments) return reader_.go_to(begin);
    auto& items = arguments->items;
    if (name == "format") {
      chain_is_open_ = items.size() == 1 && items.front().text == source_name;
      chain_ = {{}, line};
    } else if (!chain_is_open_) {
      return;
    } else if (name == "load") {
      if (!chain_.options.empty()) found_.push_back(std::exchange(chain_, {}));
      chain_is_open_ = false;
    } else if (arguments->is == kind::dict) {
      put_all(chain_, std::move(*arguments));
    } else if (items.size() == 2) {
      put(chain_, items[0].text, std::move(items[1]));
    }
  }

  python_reader reader_;
  std::vector<option_set> found_;
  option_set chain_;
  bool chain_is_open_ = false;
};

}  // namespace

const std::vector<std::string>& replaced_options() {
  static const std::vector<std::string> names{
      "api_key",          "base_url",      "network_code",      "metrics",    "interval",
      "batch_size_hours", "progress_path", "primary_grouping",  "start_time", "start_hours_ago",
      "reset_progress",   "end_time",      "secondary_grouping"};
  return names;
}

result<std::vector<option_set>> find_option_sets(std::string_view text) { return search(text).run(); }

}  // namespace oes
