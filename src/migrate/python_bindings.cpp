#include "migrate/python_bindings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "migrate/python_blocks.hpp"

namespace oes {
namespace {

using change = python_binding::change;
using token = python_token::kind;

class binding_finder {
 public:
  binding_finder(const python_tokens& tokens, const python_blocks& blocks) : tokens_(tokens), blocks_(blocks) {}

  python_bindings run() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_.is_name(at) && begins_statement(tokens_, at)) statement(at);
      if (tokens_.opens(at)) at = behind_bracket(at) - 1;
    }
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (tokens_.is(at, "lambda")) parameters_of_lambda(at + 1);
    }
    for (const auto& block : blocks_.all()) {
      if (block.is == python_block::kind::comprehension) hand_over(block.targets, block.iterable - 1);
    }
    for (auto& [name, all] : found_) {
      std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] std::size_t behind_bracket(std::size_t at) const {
    return tokens_[at].partner == python_token::nowhere ? at + 1 : tokens_[at].partner + 1;
  }
  [[nodiscard]] bool line_ends(std::size_t at) const {
    return tokens_[at].is == token::end || tokens_[at].is == token::line_end || tokens_.is(at, ";");
  }
  [[nodiscard]] std::size_t place_in_line(std::size_t at, std::string_view word) const {
    while (!line_ends(at) && !tokens_.is(at, word)) at = tokens_.opens(at) ? behind_bracket(at) : at + 1;
    return at;
  }

  void statement(std::size_t at) {
    const auto next = at + 1;
    if (tokens_.is(at, "for")) return hand_over(next, place_in_line(next, "in"));
    if (tokens_.is(at, "def")) return parameters(at + 2);
    if (tokens_.is(at, "del")) return add(next, change::unclear);
    if (tokens_.is(at, "global") || tokens_.is(at, "nonlocal")) return declare(next);
    if (tokens_.is(next, "=")) return assign(at, next + 1);
    if (tokens_.is(next, "|=")) return set(at, change::updated, next + 1);
    if (tokens_.is(next, "[")) return item(at);
    if (tokens_.is(next, ".")) return call(at);
    if (tokens_.is(next, ",")) return several(at);
    if (tokens_.is(next, ":")) {  // with the type between
      const auto sign = place_in_line(next, "=");
      if (tokens_.is(sign, "=")) assign(at, sign + 1);
    } else if (tokens_[next].is == token::sign && tokens_[next].size == 2 && tokens_.text(next)[1] == '=' &&
               !tokens_.is(next, "==")) {
      add(at, change::unclear);
    }
  }

  // Of `a = b = c = …` the first and the last get the value: that is enough for what people write.
  void assign(std::size_t name, std::size_t value) {
    std::size_t last = name;
    while (tokens_.is_name(value) && tokens_.is(value + 1, "=")) {
      if (last != name) add(last, change::unclear);
      last = value;
      value += 2;
    }
    set(name, change::assigned, value);
    if (last != name) set(last, change::assigned, value);
  }

  void item(std::size_t name) {
    const auto end = behind_bracket(name + 1);
    python_reader reader(tokens_, name + 2);
    if (!tokens_.is(end, "=")) return add(name, change::unclear);  // a member of it is changed, maybe
    auto key = reader.value();
    if (!key || reader.position() + 1 != end) return add(name, change::unclear);
    set(name, change::item_set, end + 1, std::move(*key));
  }

  void call(std::size_t name) {
    const auto method = name + 2;
    constexpr std::array unclear{"pop",    "popitem", "clear", "setdefault", "append", "extend",
                                 "insert", "remove",  "sort",  "reverse",    "add",    "discard"};
    if (std::any_of(unclear.begin(), unclear.end(), [&](const char* one) { return tokens_.is(method, one); })) {
      return add(name, change::unclear);
    }
    if (!tokens_.is(method, "update") || !tokens_.is(method + 1, "(")) return;
    python_reader reader(tokens_, method + 1);
    auto arguments = reader.arguments();
    if (!arguments) return add(name, change::unclear);
    python_binding one;
    one.value.is = python_literal::kind::dict;
    for (auto& value : arguments->values) {
      one.value.keys.push_back(python_literal::unpacking());
      one.value.items.push_back(std::move(value));
    }
    one.value.keys.insert(one.value.keys.end(), arguments->named.keys.begin(), arguments->named.keys.end());
    one.value.items.insert(one.value.items.end(), arguments->named.items.begin(), arguments->named.items.end());
    one.is = change::updated;
    one.place = method + 1;
    one.behind = reader.position();
    keep(name, std::move(one));
  }

  // global a, b
  void declare(std::size_t at) {
    for (; !line_ends(at); ++at) {
      if (tokens_.is_name(at)) add(at, change::declared);
    }
  }

  // a, b = …
  void several(std::size_t at) {
    const auto sign = place_in_line(at, "=");
    if (!tokens_.is(sign, "=")) return;
    for (; at < sign; ++at) {
      if (tokens_.is_name(at)) add(at, change::unclear);
    }
  }

  void hand_over(std::size_t at, std::size_t end) {
    for (; at < end; ++at) {
      if (tokens_.is_name(at)) add(at, change::handed_over);
    }
  }

  void parameters_of_lambda(std::size_t at) {
    bool begins = true;
    for (; !line_ends(at) && !tokens_.is(at, ":"); at = behind_piece(tokens_, at)) {
      if (tokens_.is_name(at) && begins) add(at, change::handed_over);
      begins = tokens_.is(at, ",") || tokens_.is(at, "*") || tokens_.is(at, "**");
    }
  }

  // From the `(` after a function's name.
  void parameters(std::size_t at) {
    if (!tokens_.is(at, "(") || tokens_[at].partner == python_token::nowhere) return;
    const std::size_t end = tokens_[at].partner;
    for (++at; at < end; ++at) {
      const bool begins =
          tokens_.is(at - 1, "(") || tokens_.is(at - 1, ",") || tokens_.is(at - 1, "*") || tokens_.is(at - 1, "**");
      if (tokens_.is_name(at) && begins) add(at, change::handed_over);
      if (tokens_.opens(at)) at = behind_bracket(at) - 1;
    }
  }

  void set(std::size_t name, change is, std::size_t place, python_literal key = {}) {
    python_reader reader(tokens_, place);
    auto value = reader.value();
    if (!value || !line_ends(reader.position())) return add(name, change::unclear);
    python_binding one;
    one.is = is;
    one.place = place;
    one.behind = reader.position();
    one.key = std::move(key);
    one.value = std::move(*value);
    if (is == change::updated) {
      python_literal dict;
      dict.is = python_literal::kind::dict;
      dict.keys.push_back(python_literal::unpacking());
      dict.items.push_back(std::move(one.value));
      one.value = std::move(dict);
    }
    keep(name, std::move(one));
  }

  void add(std::size_t name, change is) {
    python_binding one;
    one.is = is;
    one.place = name;
    one.behind = name + 1;
    keep(name, std::move(one));
  }

  void keep(std::size_t name, python_binding one) {
    if (!tokens_.is_name(name)) return;
    one.name = name;
    one.line = tokens_[name].line;
    one.indent = tokens_[name].indent;
    found_[std::string(tokens_.text(name))].push_back(std::move(one));
  }

  const python_tokens& tokens_;
  const python_blocks& blocks_;
  python_bindings found_;
};

}  // namespace

python_bindings find_bindings(const python_tokens& tokens, const python_blocks& blocks) {
  return binding_finder(tokens, blocks).run();
}

}  // namespace oes
