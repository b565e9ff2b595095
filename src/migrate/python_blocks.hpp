#pragma once
// The blocks of a script: functions, loops (those within brackets too), and what is only sometimes run. Pure.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "migrate/python_tokens.hpp"

namespace oes {

struct python_parameter {
  enum class kind { one, rest, named_rest };  ///< a, *a, **a
  kind is = kind::one;
  std::size_t place = 0;
  std::size_t otherwise = 0;  ///< where its default stands; 0: it has none
};

struct python_block {
  enum class kind {
    function,
    loop,
    comprehension,  ///< its body is all between the brackets
    branch,         ///< if, else, while, except, case: nobody knows whether it is run, or how often
    type,
  };
  kind is = kind::branch;
  std::size_t header = 0;  ///< the place of its first word
  std::size_t begin = 0;   ///< of its body
  std::size_t end = 0;     ///< after it
  std::size_t name = 0;    ///< of a function: the place of its name
  std::vector<python_parameter> parameters;
  std::size_t targets = 0;   ///< of a loop: from here to the `in`
  std::size_t iterable = 0;  ///< after the `in`
  bool is_filtered = false;  ///< a comprehension with an `if`, a loop with a `continue` or `break`
};

class python_blocks {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit python_blocks(const python_tokens& tokens);

  [[nodiscard]] const std::vector<python_block>& all() const { return blocks_; }
  /// The innermost block whose body holds the place.
  [[nodiscard]] std::size_t around(std::size_t place) const { return innermost_[place]; }
  [[nodiscard]] std::size_t outside(std::size_t block) const { return parents_[block]; }
  [[nodiscard]] std::size_t function_around(std::size_t place) const;
  /// In which names are looked up first: a function or a comprehension.
  [[nodiscard]] std::size_t scope_around(std::size_t place) const;
  [[nodiscard]] std::size_t scope_outside(std::size_t scope) const;
  /// From the outermost to the innermost.
  [[nodiscard]] std::vector<std::size_t> all_around(std::size_t place) const;
  [[nodiscard]] bool is_method(std::size_t function) const;

 private:
  void find(const python_tokens& tokens);
  void add(const python_tokens& tokens, python_block one);
  void add_function(const python_tokens& tokens, std::size_t at);
  void add_comprehension(const python_tokens& tokens, std::size_t at, std::size_t bracket);
  void nest(std::size_t size);
  [[nodiscard]] std::size_t up_to(std::size_t block, bool scopes) const;

  std::vector<python_block> blocks_;
  std::vector<std::size_t> innermost_;  ///< for each place
  std::vector<std::size_t> parents_;    ///< for each block
  std::size_t work_ = 0;
};

/// Where a statement begins, also after `if x:`.
bool begins_statement(const python_tokens& tokens, std::size_t at);
/// Past a bracket and what stands in it, or past one piece.
std::size_t behind_piece(const python_tokens& tokens, std::size_t at);

}  // namespace oes
