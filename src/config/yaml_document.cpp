#include "config/yaml_document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "config/expand.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

// Far beyond any real configuration. Checked event by event: a tree of yaml-cpp's own would be there first.
constexpr std::size_t max_depth = 16;
constexpr std::size_t max_nodes = 20'000;
constexpr std::size_t max_key = 256;
constexpr std::size_t max_text = 4UL * 1024 * 1024;  // with variables and aliases put in
constexpr auto too_large = "nested too deeply or too large for a configuration";

// Thrown through yaml-cpp, which knows no other way to be stopped; what is wrong has been reported.
struct stop_reading {};

source_position position(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

// Tabs and line ends belong to YAML; text blocks (PEM files) hold them too.
bool is_layout(char32_t code) { return code == '\t' || code == '\n' || code == '\r'; }

// The first place where the file is no text.
std::optional<std::pair<source_position, std::string>> find_foreign_byte(std::string_view text) {
  source_position at{1, 1};
  while (!text.empty()) {
    const auto first = first_character(text);
    const auto here = text.substr(0, std::max<std::size_t>(1, first.bytes));
    const bool foreign = first.bytes == 0 || (is_control(first.code) && !is_layout(first.code));
    if (foreign) return std::pair(at, "not a text file: it " + fault_of_text(here).value_or("is not UTF-8"));
    ++at.column;
    if (first.code == '\n') at = {at.line + 1, 1};
    text.remove_prefix(here.size());
  }
  return std::nullopt;
}

// Of a value as it was meant, `\e` and variables put in.
std::optional<std::string> fault_of_value(std::string_view text) {
  while (!text.empty()) {
    const auto first = first_character(text);
    const auto here = text.substr(0, std::max<std::size_t>(1, first.bytes));
    if (!is_layout(first.code) || first.bytes == 0) {
      if (auto fault = fault_of_text(here)) return fault;
    }
    text.remove_prefix(here.size());
  }
  return std::nullopt;
}

std::size_t nodes_in(const yaml_value& value) {
  std::size_t count = 1;
  for (const auto& item : value.items) count += nodes_in(item);
  for (const auto& entry : value.entries) count += nodes_in(entry.value);
  return count;
}

std::size_t bytes_in(const yaml_value& value) {
  std::size_t bytes = value.text.size();
  for (const auto& item : value.items) bytes += bytes_in(item);
  for (const auto& entry : value.entries) bytes += entry.key.size() + bytes_in(entry.value);
  return bytes;
}

// Whether a quoted scalar ends: yaml-cpp takes the end of the file for the closing quote, and with it all that stands
// between. `from`: where the scalar begins, or an anchor or tag of it.
bool quote_ends(std::string_view text, std::size_t from) {
  constexpr std::string_view blanks = " \t\r\n";
  while (from < text.size() && (text[from] == '&' || text[from] == '!')) {
    from = text.find_first_not_of(blanks, text.find_first_of(blanks, from));
  }
  if (from >= text.size()) return true;
  const char quote = text[from];
  if (quote != '"' && quote != '\'') return true;
  for (auto i = from + 1; i < text.size(); ++i) {
    const bool escapes = quote == '"' ? text[i] == '\\' : text.substr(i).starts_with("''");
    if (escapes) {
      ++i;
    } else if (text[i] == quote) {
      return true;
    }
  }
  return false;
}

// yaml-cpp's events → our tree.
class tree_builder final : public YAML::EventHandler {
 public:
  tree_builder(std::string_view text, const environment& env, problem_log& log) : text_(text), env_(env), log_(log) {}

  yaml_value take() { return std::move(root_); }

  // The names are yaml-cpp's.
  // NOLINTBEGIN(readability-identifier-naming)
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    count(mark, 1, 0);
    yaml_value out;
    out.at = position(mark);
    finish(std::move(out), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) refuse(position(mark), too_large);  // it stands inside of what it stands for
    yaml_value copy = known->second;
    count(mark, nodes_in(copy), bytes_in(copy));
    finish(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!quote_ends(text_, static_cast<std::size_t>(std::max(mark.pos, 0)))) {
      log_.fault(position(mark), expects_key() ? "" : path(), "a quote without its end");
      throw stop_reading();
    }
    if (expects_key()) {
      take_key(position(mark), value);
      return;
    }
    auto expanded = expand(value, env_);
    count(mark, 1, expanded.text.size());
    yaml_value out;
    out.is = yaml_value::form::scalar;
    out.at = position(mark);
    out.failed = !expanded.fault.empty();
    if (out.failed) log_.fault(out.at, path(), expanded.fault);
    if (const auto fault = fault_of_value(expanded.text)) {
      log_.fault(out.at, path(), "the value " + *fault);
      out.failed = true;
    }
    out.text = std::move(expanded.text);
    finish(std::move(out), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor, yaml_value::form::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, anchor, yaml_value::form::map);
  }
  void OnMapEnd() override { close(); }
  // NOLINTEND(readability-identifier-naming)

 private:
  // A list or map whose end has not come yet.
  struct frame {
    yaml_value value;
    YAML::anchor_t anchor = 0;
    std::map<std::string, int, std::less<>> lines;  ///< of a map: where each key stands
    std::string key;                                ///< of a map: whose value is being read
    source_position key_at;
    bool has_key = false;
    bool key_is_unusable = false;  ///< reported; its value goes nowhere
  };

  [[noreturn]] void refuse(source_position at, const std::string& why) {
    log_.fault(at, "", why);
    throw stop_reading();
  }

  void count(const YAML::Mark& mark, std::size_t nodes, std::size_t bytes) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > max_nodes || bytes_ > max_text) refuse(position(mark), too_large);
  }

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().value.is == yaml_value::form::map && !open_.back().has_key;
  }

  [[nodiscard]] std::string path() const {
    std::string out;
    for (const auto& one : open_) {
      if (one.value.is == yaml_value::form::list) {
        out += "[" + std::to_string(one.value.items.size()) + "]";
      } else {
        if (!out.empty()) out += '.';
        out += one.key;
      }
    }
    return out;
  }

  void take_key(source_position at, const std::string& key) {
    auto& map = open_.back();
    if (key.size() > max_key) refuse(at, "a key of more than " + std::to_string(max_key) + " bytes");
    map.key = key;
    map.key_at = at;
    map.has_key = true;
    const auto [first, fresh] = map.lines.emplace(key, at.line);
    map.key_is_unusable = !fresh;
    if (!fresh)
      log_.fault(at, path(), "duplicate key: it is given on line " + std::to_string(first->second) + " already");
    if (const auto fault = fault_of_text(key)) {
      map.key.clear();
      log_.fault(at, path(), "a key here " + *fault);
      map.key_is_unusable = true;
    }
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, yaml_value::form form) {
    count(mark, 1, 0);
    if (open_.size() > max_depth) refuse(position(mark), too_large);
    frame one;
    one.value.is = form;
    one.value.at = position(mark);
    one.anchor = anchor;
    open_.push_back(std::move(one));
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    if (done.value.is == yaml_value::form::map) merge(done.value);
    finish(std::move(done.value), done.anchor);
  }

  // `<<: *other` or `<<: [*one, *two]` (yaml.org/type/merge.html): what the map says itself goes before what is merged,
  // an earlier one before a later one.
  void merge(yaml_value& map) {
    const auto is_merge = [](const yaml_entry& entry) { return entry.key == "<<"; };
    const auto found = std::find_if(map.entries.begin(), map.entries.end(), is_merge);
    if (found == map.entries.end()) return;
    const auto taken = std::move(found->value);
    const auto at = found->at;
    map.entries.erase(found);
    const bool single = taken.is == yaml_value::form::map;
    bool good = single || taken.is == yaml_value::form::list;
    if (single) take_missing(map, taken);
    for (const auto& one : taken.items) {
      good = good && one.is == yaml_value::form::map;
      take_missing(map, one);
    }
    if (!good && !taken.failed) log_.fault(at, path(), "'<<' takes a map, or a list of maps, mostly by '*name'");
  }

  static void take_missing(yaml_value& map, const yaml_value& from) {
    for (const auto& entry : from.entries) {
      const bool known = std::any_of(map.entries.begin(), map.entries.end(),
                                     [&](const yaml_entry& own) { return own.key == entry.key; });
      if (!known) map.entries.push_back(entry);
    }
  }

  void finish(yaml_value value, YAML::anchor_t anchor) {
    if (anchor != 0) {
      nodes_ += nodes_in(value);
      bytes_ += bytes_in(value);
      if (nodes_ > max_nodes || bytes_ > max_text) refuse(value.at, too_large);
      anchors_[anchor] = value;
    }
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& into = open_.back();
    if (into.value.is == yaml_value::form::list) {
      into.value.items.push_back(std::move(value));
    } else if (!into.has_key) {
      into.has_key = true;
      into.key_is_unusable = true;
      into.key.clear();
      log_.fault(value.at, path(), "a key must be a plain word");
    } else {
      into.has_key = false;
      if (!into.key_is_unusable) into.value.entries.push_back({into.key, into.key_at, std::move(value)});
    }
  }

  std::string_view text_;
  const environment& env_;
  problem_log& log_;
  yaml_value root_;
  std::vector<frame> open_;
  std::map<YAML::anchor_t, yaml_value> anchors_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

// Whatever stands after the first document. yaml-cpp takes some of it (`,` after a flow map) for documents without
// end, so no more than the beginning of one is looked at.
class end_check final : public YAML::EventHandler {
 public:
  explicit end_check(problem_log& log) : log_(log) {}
  // The names are yaml-cpp's.
  // NOLINTBEGIN(readability-identifier-naming)
  void OnDocumentStart(const YAML::Mark& mark) override {
    log_.fault(position(mark), "", "more than one YAML document in the file, or text behind the end of the first");
    throw stop_reading();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}
  // NOLINTEND(readability-identifier-naming)

 private:
  problem_log& log_;
};

yaml_value read_document(std::string_view text, const environment& env, problem_log& log) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  tree_builder tree(text, env, log);
  parser.HandleNextDocument(tree);
  end_check end(log);
  parser.HandleNextDocument(end);
  return tree.take();
}

}  // namespace

std::string found(const yaml_value& value) {
  switch (value.is) {
    case yaml_value::form::null:
      return "nothing";
    case yaml_value::form::list:
      return "a list";
    case yaml_value::form::map:
      return "a map";
    case yaml_value::form::scalar:
      break;
  }
  constexpr std::size_t longest = 60;
  return value.text.size() <= longest ? "'" + value.text + "'" : "'" + value.text.substr(0, longest) + "…'";
}

std::optional<yaml_value> parse_yaml(std::string_view text, const environment& env, problem_log& log) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // some editors begin so
  if (const auto foreign = find_foreign_byte(text)) {
    log.fault(foreign->first, "", foreign->second);
    return std::nullopt;
  }
  try {
    auto root = read_document(text, env, log);
    if (root.is == yaml_value::form::null && !root.failed) root.is = yaml_value::form::map;
    if (root.is == yaml_value::form::map) return root;
    const bool list = root.is == yaml_value::form::list;
    if (!root.failed)
      log.fault(root.at, "",
                list ? "found a list; the file must be a map of keys"
                     : "found a single value; the file must be a map of keys");
  } catch (const stop_reading&) {
    return std::nullopt;
  } catch (const YAML::Exception& problem) {
    // Up to the colon: what follows quotes the file, which may hold secrets.
    const auto message = problem.msg.substr(0, problem.msg.find(": "));
    log.fault(position(problem.mark), "", "not valid YAML: " + message);
  }
  return std::nullopt;
}

}  // namespace oes
