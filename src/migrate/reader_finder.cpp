#include "migrate/reader_finder.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "migrate/reader_calls.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;
using token = python_token::kind;

constexpr std::size_t most_makers_deep = 8;

class reader_search {
 public:
  reader_search(const python_tokens& tokens, const python_walks& walks, const python_blocks& blocks,
                std::set<std::size_t> makers)
      : tokens_(tokens), walks_(walks), blocks_(blocks), makers_(std::move(makers)) {
    found_.taken.resize(tokens.size());
  }

  found_readers run() {
    while (tokens_[at_].is != token::end) {
      if (tokens_[at_].is == token::line_end || tokens_.is(at_, ";")) {
        end_statement();
        ++at_;
      } else if (tokens_.is(at_, ".") && tokens_.is_name(at_ + 1)) {
        ++at_;
        step();
      } else if (tokens_.opens(at_)) {
        brackets_.push_back(at_++);
      } else if (tokens_.is(at_, ")") || tokens_.is(at_, "]") || tokens_.is(at_, "}") || tokens_.is(at_, ",")) {
        leave();
      } else {
        begin();
      }
    }
    end_statement();
    keep_what_is_left();
    return std::move(found_);
  }

 private:
  // Readers that nobody is seen to load: their options, or what is done with them, would be lost without a word.
  void keep_what_is_left() {
    for (const auto& [function, made] : found_.returned) {
      if (!called_.contains(function)) found_.all[made.reader].is_done = false;  // whoever calls it is not seen
    }
    for (std::size_t i = 0; i < found_.all.size(); ++i) {
      const auto& one = found_.all[i];
      const bool has_options = std::any_of(one.steps.begin(), one.steps.end(), [](const reader_step& step) {
        return step.is != reader_step::kind::format;
      });
      if (one.is_done || one.steps.empty() || !(has_options || !one.lost.empty() || !found_.strays.empty())) continue;
      found_.made.push_back({i, one.steps.size(), one.steps.back().place});
    }
  }

  using scoped_name = std::pair<std::size_t, std::string_view>;
  struct named_reader {
    std::size_t reader = 0;
    std::size_t place = 0;  ///< after the name, where it got it
  };

  [[nodiscard]] std::optional<named_reader> reader_called(std::size_t place) const {
    for (auto scope = blocks_.function_around(place);; scope = blocks_.function_around(blocks_.all()[scope].header)) {
      const auto found = names_.find({scope, tokens_.text(place)});
      if (found != names_.end()) return found->second;
      if (scope == python_blocks::none) return std::nullopt;
    }
  }

  // A name, or what else stands alone.
  void begin() {
    const auto place = at_++;
    if (begins_statement(tokens_, place)) {
      is_return_ = tokens_.is(place, "return");
      target_.reset();
    }
    if (!tokens_.is_name(place)) return;
    if (begins_statement(tokens_, place) && tokens_.is(at_, "=")) {
      const bool is_type = place > 1 && tokens_.is(place - 1, ":") && begins_statement(tokens_, place - 2);
      target_ = is_type ? place - 2 : place;
    }
    const auto known = reader_called(place);
    if (known && tokens_.is(at_, ".")) return go_on(*known, place);
    if (known && !tokens_.is(at_, "=")) return name_alone(known->reader, place);
    made_by_call(place);
  }

  // reader("NEM"), of a function that returns one.
  bool made_by_call(std::size_t place) {
    const auto function = walks_.called_at(place);
    const bool is_call = tokens_.is(at_, "(") && tokens_[at_].partner != python_token::nowhere;
    const bool is_definition = place > 0 && tokens_.is(place - 1, "def");
    if (!is_call || is_definition || !makers_.contains(function)) return false;
    open_new();
    found_.all[*open_].steps.push_back({reader_step::kind::call, {}, place, function});
    take_until(tokens_[at_].partner + 1);
    called_.insert(function);
    return true;
  }

  void go_on(const named_reader& known, std::size_t place) {
    open(known.reader);
    const auto around = blocks_.all_around(place);
    for (const auto block : blocks_.all_around(known.place)) {
      const auto& one = blocks_.all()[block];
      if (one.is != python_block::kind::branch || std::find(around.begin(), around.end(), block) != around.end())
        continue;
      return lose("line " + std::to_string(tokens_[place].line) + ": which reader " +
                  printable(tokens_.text(place), longest_shown) + " is there is decided by code (line " +
                  std::to_string(tokens_[one.header].line) + "), which is not run here");
    }
  }

  void name_alone(std::size_t reader, std::size_t place) {
    const bool ends = tokens_[at_].is == token::line_end || tokens_[at_].is == token::end || tokens_.is(at_, ";");
    if (ends && is_return_) return give_back(reader, place);
    if (ends && target_ && brackets_.empty()) {
      names_[{blocks_.function_around(place), tokens_.text(*target_)}] = {reader, place};
    } else if (const auto called = call_around()) {
      hand_over(reader, *called);
    }
  }

  // Within `name(…`: the place of the name.
  [[nodiscard]] std::optional<std::size_t> call_around() const {
    constexpr std::array words{"return", "in", "and", "or", "not", "if", "else", "yield", "await", "lambda"};
    if (brackets_.empty() || brackets_.back() == 0 || !tokens_.is(brackets_.back(), "(")) return std::nullopt;
    const auto before = brackets_.back() - 1;
    const bool is_call = tokens_.is_name(before) || tokens_.is(before, ")") || tokens_.is(before, "]");
    const bool is_word =
        std::any_of(words.begin(), words.end(), [&](const char* one) { return tokens_.is(before, one); });
    return is_call && !is_word ? std::optional(before) : std::nullopt;
  }

  void hand_over(std::size_t reader, std::size_t called) {
    found_.all[reader].lost.push_back("line " + std::to_string(tokens_[called].line) + ": the reader is handed to " +
                                      printable(tokens_.text(called), longest_shown) + "(…), which is not followed");
  }

  void give_back(std::size_t reader, std::size_t place) {
    const auto function = blocks_.function_around(place);
    auto& one = found_.all[reader];
    const auto [known, is_new] = found_.returned.try_emplace(function, made_reader{reader, one.steps.size(), place});
    if (is_new) {
      one.is_done = true;
    } else {
      found_.all[known->second.reader].lost.push_back("line " + std::to_string(tokens_[place].line) +
                                                      ": the function returns another reader there");
    }
  }

  void open(std::size_t reader) {
    open_ = reader;
    outer_ = brackets_.size();
  }
  void open_new() {
    if (open_) {
      lose("line " + std::to_string(tokens_[at_].line) + ": whether it is this reader or another is decided by code, " +
           "which is not run here");
    }
    found_.all.emplace_back();
    open(found_.all.size() - 1);
  }

  // A bracket ends, or one of several values.
  void leave() {
    const bool is_comma = tokens_.is(at_, ",");
    if (open_ && brackets_.size() <= outer_) {
      if (const auto called = call_around()) {
        hand_over(*open_, *called);
        open_.reset();
      } else if (is_comma || !tokens_.is(at_, ")")) {
        open_.reset();
      } else {
        outer_ = brackets_.empty() ? 0 : brackets_.size() - 1;
      }
    }
    if (!is_comma && !brackets_.empty()) brackets_.pop_back();
    ++at_;
  }

  void end_statement() {
    if (open_ && is_return_) {
      give_back(*open_, at_ - 1);
    } else if (open_ && target_) {
      auto& named = names_[{blocks_.function_around(*target_), tokens_.text(*target_)}];
      if (named.place == 0 || named.reader != *open_) named = {*open_, *target_ + 1};
    }
    open_.reset();
    target_.reset();
    brackets_.clear();
    is_return_ = is_writer_ = false;
  }

  // At the name after a dot.
  void step() {
    const auto name = tokens_.text(at_);
    const auto place = at_++;
    if (name == "readStream" || (name == "read" && tokens_.is(at_, "."))) {
      open_new();
    } else if (name == "writeStream" || name == "write") {
      open_.reset();
      is_writer_ = true;
    } else if (made_by_call(place)) {
      return;
    } else if (tokens_.is(at_, "(") && (name == "format" || name == "option" || name == "options" || name == "load")) {
      call(name, place);
    }
  }

  void call(std::string_view name, std::size_t place) {
    if (is_writer_ && !open_) return;
    python_reader reader(tokens_, at_);
    auto arguments = reader.arguments();
    if (!arguments) {
      if (open_ && name != "format") lose("." + std::string(name) + "(…): it cannot be read");
      return;
    }
    if (!open_ && name == "format") {  // of a reader whose beginning is not seen
      open_new();
    }
    if (!open_ && name == "load") return;
    if (open_) take_until(reader.position());
    if (name == "format") {
      if (auto source = source_in(std::move(*arguments))) {
        found_.all[*open_].steps.push_back({reader_step::kind::format, std::move(*source), place, python_blocks::none});
      }
      return;
    }
    if (name == "option") {
      if (auto one = option_in(std::move(*arguments))) {
        add(std::move(*one), place);
      } else if (open_) {
        lose(".option(…): it has no name and value");
      }
    } else if (!arguments->named.items.empty()) {
      add(std::move(arguments->named), place);
    }
    if (name != "load" || !open_) return;
    auto& one = found_.all[*open_];
    one.is_done = true;
    found_.made.push_back({*open_, one.steps.size(), place});
    open_.reset();
  }

  void lose(std::string what) { found_.all[*open_].lost.push_back(std::move(what)); }

  void take_until(std::size_t behind) {
    for (; at_ < behind; ++at_) found_.taken[at_] = true;
  }

  void add(python_literal options, std::size_t place) {
    auto& steps = open_ ? found_.all[*open_].steps : found_.strays;
    steps.push_back({reader_step::kind::options, std::move(options), place, python_blocks::none});
  }

  const python_tokens& tokens_;
  const python_walks& walks_;
  const python_blocks& blocks_;
  std::set<std::size_t> makers_;  ///< functions that return readers
  std::set<std::size_t> called_;  ///< those of them of whose readers we have the calls
  std::size_t at_ = 0;
  found_readers found_;
  std::optional<std::size_t> open_;    ///< the reader whose steps are walked through
  std::size_t outer_ = 0;              ///< how many brackets are around it
  std::vector<std::size_t> brackets_;  ///< those that are open in this statement
  std::optional<std::size_t> target_;  ///< the name that this statement gives a value
  bool is_return_ = false;
  bool is_writer_ = false;
  std::map<scoped_name, named_reader> names_;  ///< of readers
};

}  // namespace

found_readers find_readers(const python_tokens& tokens, const python_walks& walks, const python_blocks& blocks) {
  std::set<std::size_t> makers;
  for (std::size_t level = 0;; ++level) {  // makers that use makers
    auto found = reader_search(tokens, walks, blocks, makers).run();
    const auto known = makers.size();
    for (const auto& [function, made] : found.returned) makers.insert(function);
    if (makers.size() == known || level == most_makers_deep) return found;
  }
}

}  // namespace oes
