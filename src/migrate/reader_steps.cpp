// What is set on readers, and what they are where they are loaded.
#include <algorithm>

#include "migrate/python_run.hpp"
#include "migrate/python_string.hpp"
#include "migrate/replaced_options.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::string_view source_name = "openelectricity_stream";
constexpr std::size_t most_readers = 1'000;
constexpr std::size_t deepest_shown = 16;
constexpr std::size_t most_shown = 200'000;

std::string line_and(std::size_t line, const std::string& what) { return "line " + std::to_string(line) + ": " + what; }

bool is_same(const python_literal& a, const python_literal& b) {
  return a.is == b.is && a.truth == b.truth && a.text == b.text &&
         std::equal(a.keys.begin(), a.keys.end(), b.keys.begin(), b.keys.end(), is_same) &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), is_same);
}

}  // namespace

python_value python_run::new_reader(std::size_t place) {
  python_object one;
  one.is = kind::reader;
  one.line = tokens_[place].line;
  one.place = place;
  if (!deciders_.empty() && deciders_.back() != 0) one.scope = deciders_.back();
  return state_.make(std::move(one));
}

void python_run::lose(const value& reader, std::size_t place, const std::string& why) {
  state_.change(reader).lost.push_back(line_and(tokens_[place].line, why));
}

// What an unknown value is, for people.
std::string python_run::shown(const value& one) const {
  const auto text = shown_code(one.text);
  if (one.is == kind::foreign || (one.is == kind::unknown && one.line == 0)) {
    const auto root = one.text.substr(0, one.text.find_first_of(".([ "));
    if (!root.empty() && state_.find(root, 0) == nullptr)
      return printable(root, longest_shown) + " is not assigned in this file";
    if (one.is == kind::foreign) return text + " is not assigned in this file";
  }
  return "it is Python code" + (one.line == 0 ? "" : " (line " + std::to_string(one.line) + ")") +
         ", which is not run here";
}

void python_run::set_format(const value& reader, const value& format, std::size_t place) {
  auto& object = state_.change(reader);
  object.format = format;
  object.format_place = place;
}

void python_run::set_options(const value& reader, const arguments& given, std::size_t place) {
  for (const auto& [key, item] : given.named) {
    if (key.is == kind::text) {
      const auto item_copy = copy_of(item, true, place);  // Spark makes a text of it
      auto& object = state_.change(reader);
      object.keys.push_back(key);
      object.items.push_back(item_copy);
      continue;
    }
    auto& lost = state_.change(reader).lost;
    lost.push_back("**" + printable(shown_code(item.text), longest_shown) + ": " +
                   (item.is == kind::unknown || item.is == kind::foreign ? shown(item) : "it is no dict"));
  }
  if (!given.values.empty() || !given.is_whole)
    lose(reader, place, "." + std::string(tokens_.text(place)) + "(…): it cannot be read");
}

python_value python_run::method_of_reader(const value& of, std::size_t place, std::size_t bracket, span whole) {
  const auto name = tokens_.text(place);
  auto given = arguments_of(bracket);
  const auto named_or = [&](std::string_view key, std::size_t at) -> std::optional<value> {
    if (at < given.values.size()) return given.values[at];
    for (const auto& one : given.named) {
      if (one.first.is == kind::text && one.first.text == key) return one.second;
    }
    return std::nullopt;
  };
  if (name == "format") {
    const auto format = named_or("source", 0);
    set_format(of, format ? *format : unknown_at(whole), place);
    return of;
  }
  if (name == "option") {
    const auto key = named_or("key", 0);
    const auto item = named_or("value", 1);
    if (!key || !item || !given.is_whole) {
      state_.change(of).lost.emplace_back(".option(…): it has no name and value");
      return of;
    }
    const auto item_copy = copy_of(*item, true, place);
    auto& object = state_.change(of);
    object.keys.push_back(key->is == kind::text
                              ? *key
                              : unknown_at({bracket + 1, split({bracket + 1, whole.behind - 1}, ",").front().behind}));
    object.items.push_back(item_copy);
    return of;
  }
  if (name == "options") {
    set_options(of, given, place);
    return of;
  }
  if (name == "load") {
    if (const auto format = named_or("format", 1)) set_format(of, *format, place);
    given.values.clear();
    std::erase_if(given.named, [](const auto& one) {
      return one.first.is == kind::text &&
             (one.first.text == "format" || one.first.text == "path" || one.first.text == "schema");
    });
    set_options(of, given, place);
    record(of, place);
    auto frame_of_rows = unknown_at(whole);
    frame_of_rows.line = tokens_[place].line;
    return frame_of_rows;
  }
  if (name == "schema") return of;
  give_away(given, place);
  lose(of, place, "." + printable(name, longest_shown) + "(…) is not followed");
  return unknown_at(whole);
}

python_value python_run::method_of_unknown(const value& of, std::size_t place, const arguments& given, span whole) {
  const auto name = tokens_.text(place);
  auto out = unknown_at(whole);
  out.line = of.has_object() ? state_.at(of).doubted : of.line;
  out.writes = of.writes;
  const bool sets = name == "option" || name == "options";
  if ((sets || name == "format") && !of.writes && !of.has_object()) {
    if (name == "format" && given.values.size() == 1 && given.named.empty()) {
      const auto& format = given.values[0];
      const bool is_ours = format.is == kind::text && ascii_lower(format.text) == source_name;
      if (is_ours || format.is != kind::text) {
        auto reader = new_reader(place);
        set_format(reader, format, place);
        if (is_ours) lose(reader, place, "what was set before .format(…) is not seen");
        return reader;
      }
    }
    bool is_ours = false;
    if (name == "option" && !given.values.empty())
      is_ours = given.values[0].is != kind::text || is_replaced_option(given.values[0].text);
    for (const auto& [key, item] : given.named) {
      is_ours = is_ours || key.is != kind::text || is_replaced_option(key.text) ||
                (name == "option" && item.is == kind::text && is_replaced_option(item.text));
    }
    if (is_ours && quiet_ == 0) {
      strays_.emplace_back(tokens_[place].line,
                           "." + std::string(name) + "(…): on which reader it is set cannot be told");
    }
  }
  give_away(given, place);
  doubt(of, place);
  return out;
}

python_literal python_run::literal_of(const value& one, std::size_t depth) const {
  python_literal out;
  const auto line = one.has_object() ? state_.at(one).doubted : one.line;
  const bool is_plain = !one.has_object() || (line == 0 && (one.is == kind::list || one.is == kind::dict));
  if (one.is == kind::unknown || !is_plain || depth > deepest_shown || ++shown_ > most_shown) {
    out = python_literal::of_code(one.text.empty() ? "…" : one.text);
    out.line = line;
    return out;
  }
  out.truth = one.truth;
  out.text = one.text;
  switch (one.is) {
    case kind::none:
      out.is = python_literal::kind::none;
      break;
    case kind::boolean:
      out.is = python_literal::kind::boolean;
      break;
    case kind::number:
      out.is = python_literal::kind::number;
      break;
    case kind::text:
      out.is = python_literal::kind::text;
      break;
    case kind::list:
      out.is = python_literal::kind::list;
      break;
    case kind::dict:
      out.is = python_literal::kind::dict;
      break;
    default:
      out.is = python_literal::kind::code;
  }
  if (one.is == kind::foreign) {  // DataMetric.POWER, wherever it is from
    const auto dot = out.text.rfind('.');
    const auto before = dot == std::string::npos || dot == 0 ? std::string::npos : out.text.rfind('.', dot - 1);
    if (before != std::string::npos) out.text.erase(0, before + 1);
  }
  if (!one.has_object()) return out;
  const auto& object = state_.at(one);
  for (const auto& key : object.keys) {
    auto name = literal_of(key, depth + 1);
    if (key.is == kind::unknown && key.text.empty()) name = python_literal::unpacking();
    out.keys.push_back(std::move(name));
  }
  for (const auto& item : object.items) out.items.push_back(literal_of(item, depth + 1));
  return out;
}

// As it is there, if it is, or may be, one of the source.
void python_run::record(const value& of, std::size_t place) {
  state_.use(of);
  if (quiet_ > 0 || is_too_long_) return;
  const auto& object = state_.at(of);
  const bool is_untold = object.format_place != 0 && object.format.is != kind::text;
  if (object.format_place == 0 || (!is_untold && ascii_lower(object.format.text) != source_name)) return;
  made_reader one;
  one.place = place;
  one.call_line = frames_.back().call_line;
  one.reader.line = tokens_[object.format_place].line;
  one.reader.options.is = python_literal::kind::dict;
  one.reader.unread = object.lost;
  for (std::size_t i = 0; i < object.keys.size(); ++i) {
    one.reader.options.keys.push_back(literal_of(object.keys[i]));
    one.reader.options.items.push_back(literal_of(object.items[i]));
  }
  if (is_untold) {
    if (!names_replaced_option(one.reader.options)) return;
    one.reader.unread.push_back("format(" + printable(shown_code(object.format.text), longest_shown) +
                                "): whose reader it is cannot be told");
  }
  if (object.doubted != 0) {
    told_doubted_.insert(of.object);
    one.reader.unread.push_back(
        line_and(object.doubted, "what is set on the reader there is decided by code, which is not run here"));
  }
  const auto decided = frames_.back().maybe_over != 0 ? frames_.back().maybe_over
                       : !deciders_.empty()           ? deciders_.back()
                                                      : std::size_t{0};
  if (decided != 0) {
    one.reader.remarks.push_back("Whether this reader is made is decided in line " + std::to_string(decided) +
                                 " of that file: where it is not, leave the stream out.");
  }
  if (!nobody_.empty())
    one.reader.remarks.push_back("Nothing in that file " + nobody_ + ": where nobody does, leave the stream out.");
  const bool known = std::any_of(made_.begin(), made_.end(), [&](const made_reader& before) {
    return before.place == place && before.reader.unread == one.reader.unread &&
           is_same(before.reader.options, one.reader.options);
  });
  if (known) return;
  if (made_.size() >= most_readers) {
    is_too_long_ = true;
  } else {
    made_.push_back(std::move(one));
  }
}

// Readers that nobody is seen to load: their options, or what is done with them, would be lost without a word.
void python_run::record_what_is_left() {
  for (std::size_t i = 0; i < state_.objects(); ++i) {
    value of;
    of.is = state_.object(i).is;
    of.object = i;
    if (of.is != kind::reader || state_.object(i).is_rehearsed) continue;
    const auto& one = state_.object(i);
    const bool has_any = !one.keys.empty() || !one.lost.empty() || one.doubted != 0 || !strays_.empty();
    if (!has_any || (one.is_used && one.doubted == 0) || told_doubted_.contains(i)) continue;
    if (one.scope != 0) deciders_.push_back(one.scope);
    nobody_ = "loads this reader";
    record(of, one.format_place);
    deciders_.clear();
  }
}

script_reading python_run::results() {
  script_reading out;
  for (auto& one : made_) {
    const bool is_one_of_several = std::any_of(made_.begin(), made_.end(), [&](const made_reader& other) {
      return &other != &one && other.place == one.place && other.reader.line != 0 && one.call_line != 0;
    });
    out.readers.push_back(one.reader);
    if (is_one_of_several) out.readers.back().line = one.call_line;
  }
  std::stable_sort(out.readers.begin(), out.readers.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  out.is_cut = is_spent();
  if (!out.readers.empty()) {
    auto& told = out.readers.front().unread;
    for (const auto& [line, what] : strays_) {
      auto stray = line_and(line, what);
      if (std::find(told.begin(), told.end(), stray) == told.end()) told.push_back(std::move(stray));
    }
    if (is_spent()) told.emplace_back("it makes more readers than are followed");
  }
  for (std::size_t i = 0; i < state_.objects(); ++i) {
    const auto& object = state_.object(i);
    if (object.is != kind::dict || object.is_used || object.is_rehearsed) continue;
    value of;
    of.is = kind::dict;
    of.object = i;
    script_dict one;
    one.line = object.line;
    if (object.doubted != 0 || is_spent()) {
      one.unread.push_back(
          line_and(object.doubted, "what it does with these options is Python code, which is not run here"));
    }
    one.value.is = python_literal::kind::dict;
    for (std::size_t k = 0; k < object.keys.size(); ++k) {
      const auto& item = object.items[k];
      if (object.keys[k].is == kind::unknown && object.keys[k].text.empty()) {
        one.unread.push_back("**" + printable(shown_code(item.text), longest_shown) + ": " + shown(item));
        continue;
      }
      one.value.keys.push_back(literal_of(object.keys[k]));
      one.value.items.push_back(literal_of(item));
    }
    if (names_replaced_option(one.value)) out.dicts.push_back(std::move(one));
  }
  std::stable_sort(out.dicts.begin(), out.dicts.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return out;
}

}  // namespace oes
