#pragma once
// A script of the replaced source, gone through statement by statement as Python would, with the values that are
// written in it. Only forms that are known are followed; whatever else mentions a name may do anything to what it
// stands for, which is doubted from there on and never believed again. Nothing is run, nothing is asked. Pure.
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/python_literal.hpp"
#include "migrate/python_state.hpp"
#include "migrate/python_tokens.hpp"

namespace oes {

/// A reader of the source as it is where it is loaded, or left as it is.
struct script_reader {
  python_literal options;  ///< a dict: one item for each that is set, in that order
  std::vector<std::string> unread;
  std::vector<std::string> remarks;  ///< a sentence each
  std::size_t line = 1;
};

/// A dict that stands in the script, as it is at the end, and nobody unpacks.
struct script_dict {
  python_literal value;
  std::vector<std::string> unread;
  std::size_t line = 1;
};

struct script_reading {
  std::vector<script_reader> readers;
  std::vector<script_dict> dicts;
  bool is_cut = false;  ///< it is too long to be followed to its end
};

class python_run {
 public:
  explicit python_run(const python_tokens& tokens);

  script_reading run();

 private:
  using value = python_value;
  using kind = python_value::kind;

  /// Pieces, from the first to before the last.
  struct span {
    std::size_t first = 0;
    std::size_t behind = 0;
    [[nodiscard]] bool empty() const { return first >= behind; }
    [[nodiscard]] std::size_t size() const { return empty() ? 0 : behind - first; }
  };
  struct suite {
    std::size_t colon = 0;
    span body;
  };
  enum class flow { on, next_turn, out_of_loop, back, ended };
  struct frame {
    std::size_t scope = 0;
    std::size_t call_line = 0;
    std::map<std::string, bool, std::less<>> outer;  ///< names of an outer scope; true: of the whole script
    std::vector<value> returned;
    std::size_t maybe_over = 0;  ///< the line that decides whether the rest of it is run
    bool is_class = false;
  };
  struct arguments {
    std::vector<value> values;
    std::vector<std::pair<value, value>> named;  ///< key unknown: of what is unpacked there
    bool is_whole = true;                        ///< of values
  };
  struct made_reader {
    script_reader reader;
    std::size_t place = 0;
    std::size_t call_line = 0;
  };

  // python_run.cpp: statements
  flow block(span of);
  flow statement(std::size_t& at, std::size_t end);
  flow compound(std::size_t& at, std::size_t end, bool& is_known);
  flow simple(span of);
  flow decide(std::size_t& at, std::size_t end);
  flow match(std::size_t& at, const suite& of);
  flow with(std::size_t at, const suite& of);
  void define_class(std::size_t at, const suite& of);
  flow branch(std::size_t line, const std::function<flow()>& body);
  void left(flow by, std::size_t line);
  [[nodiscard]] std::optional<suite> suite_at(std::size_t at, std::size_t end) const;
  [[nodiscard]] std::size_t line_end(std::size_t at, std::size_t end) const;
  [[nodiscard]] std::size_t next_statement(std::size_t at, std::size_t end) const;

  // python_loops.cpp
  flow loop_for(std::size_t& at, std::size_t end, const suite& of);
  flow loop_while(std::size_t& at, std::size_t end, const suite& of);
  void turn_unknown_times(std::size_t line, span targets, const std::function<flow()>& body);
  flow attempt(std::size_t& at, std::size_t end, const suite& of);

  // python_bindings.cpp
  void assign(span of);
  void augment(span of, std::size_t sign);
  void bind_target(span target, const value& given, std::size_t line);
  void bind_name(std::size_t place, value given);
  void import(span of);

  // python_expressions.cpp
  value evaluate(span of);
  value of_operators(span of, bool chooses, bool calculates, bool merges);
  value primary(span of);
  std::optional<value> atom(span of, std::size_t& at);
  value strings(span of, std::size_t& at);
  [[nodiscard]] std::optional<std::string> f_string(std::string_view literal);
  value named(std::size_t place);
  value item_of(const value& of, const value& key, span whole);
  value list_of(std::vector<value> items, std::size_t place);
  value unknown_at(span of) const;
  void mention(span of);
  [[nodiscard]] std::vector<span> split(span of, std::string_view by) const;
  [[nodiscard]] std::size_t find(span of, std::string_view word) const;
  void doubt(const value& one, std::size_t place) { state_.doubt(one, tokens_[place].line); }

  // python_displays.cpp
  value bracket(std::size_t at);
  value comprehension(span of, std::size_t at);
  [[nodiscard]] bool is_comprehension(span of) const;

  // python_calls.cpp
  arguments arguments_of(std::size_t bracket);
  void give_away(const arguments& given, std::size_t place);
  value call(const value& callee, std::size_t bracket, span whole);
  value call_foreign(const std::string& name, arguments given, std::size_t bracket, span whole);
  value method(const value& of, std::size_t name, std::size_t bracket, span whole);
  std::optional<value> method_of_dict(const value& of, std::string_view name, const arguments& given,
                                      std::size_t place);
  std::optional<value> method_of_list(const value& of, std::string_view name, const arguments& given);
  value new_dict(const arguments& given, std::size_t place);
  void set_item(const value& dict, value key, value item);
  void unpack_into(const value& dict, const value& from, std::size_t place);
  value copy_of(const value& one, bool deep, std::size_t place);

  // python_functions.cpp
  value define(std::size_t at, span parameters);
  value call_function(const value& function, const arguments* given, std::size_t line);
  bool bind_parameters(const value& function, const arguments* given, frame& into);
  void run_escaped();
  void run_uncalled();
  void run_somehow(std::size_t function);
  void capture_names(span of);

  // reader_steps.cpp
  value new_reader(std::size_t place);
  value method_of_reader(const value& of, std::size_t name, std::size_t bracket, span whole);
  value method_of_unknown(const value& of, std::size_t name, const arguments& given, span whole);
  void set_options(const value& reader, const arguments& given, std::size_t place);
  void set_format(const value& reader, const value& format, std::size_t place);
  void lose(const value& reader, std::size_t place, const std::string& why);
  void record(const value& reader, std::size_t place);
  void record_what_is_left();
  script_reading results();
  [[nodiscard]] std::string shown(const value& one) const;
  python_literal literal_of(const value& one, std::size_t depth = 0) const;

  [[nodiscard]] bool is_spent() const;
  [[nodiscard]] std::optional<std::vector<value>> turns_of(const value& all) const;
  void rehearse(bool more);
  const python_tokens& tokens_;
  python_state state_;
  std::vector<frame> frames_;
  std::vector<std::size_t> deciders_;  ///< the lines that decide whether what is gone through is run
  std::vector<made_reader> made_;
  std::vector<std::pair<std::size_t, std::string>> strays_;  ///< line, and what is done there
  std::set<std::size_t> called_;                             ///< functions, by their place
  std::set<std::size_t> escaped_;                            ///< the same: others may call them
  std::set<std::size_t> told_doubted_;                       ///< readers that were recorded as such
  std::map<std::string, std::size_t, std::less<>> names_seen_;
  std::set<std::size_t> run_;  ///< the same: gone through, with whatever they are handed
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
  std::size_t quiet_ = 0;   ///< readers are not recorded: they come again
  std::size_t trying_ = 0;  ///< how many try are around
  bool may_leave_ = false;  ///< what comes behind in this loop, or function, may not be come to
  bool may_exit_ = false;   ///< the same, of the whole script
  bool has_ended_ = false;  ///< sys.exit() was called
  bool is_too_long_ = false;
  bool is_escaping_ = false;       ///< functions that others may call are gone through
  mutable std::size_t shown_ = 0;  ///< values that were made literals
  std::string nobody_;             ///< what nothing in the script does with the reader that is recorded
};

/// Past a bracket and what stands in it, or past one piece.
std::size_t behind_piece(const python_tokens& tokens, std::size_t at);

}  // namespace oes
