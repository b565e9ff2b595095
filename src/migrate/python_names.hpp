#pragma once
// What the names of a script stand for, as far as that is written in it: `common = {…}` and what follows it. Where
// something decides (a branch, a loop, a call), nothing is guessed. Pure.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migrate/python_bindings.hpp"
#include "migrate/python_blocks.hpp"
#include "migrate/python_literal.hpp"
#include "migrate/python_tokens.hpp"

namespace oes {

/// What a walk through the script has given: by whom a function was called, and with what; where a loop stands.
struct python_frame {
  std::map<std::size_t, python_literal> given;     ///< by the place of the parameter's, or the loop's, name
  std::map<std::size_t, std::size_t> called_from;  ///< by the function's block
};

/// Of a value that the script does not tell.
inline error untold(std::string why) { return {errc::malformed, std::move(why)}; }

class python_names {
 public:
  explicit python_names(const python_tokens& tokens);

  [[nodiscard]] const python_blocks& blocks() const { return blocks_; }
  /// From now on names are looked up as they are in this walk, which outlives it; nullptr: in none.
  void enter(const python_frame* frame) { frame_ = frame; }

  /// A value with its names replaced, as it is at a place; its dicts have no item left that unpacks another. What
  /// cannot be told stays code; of dicts, a reason is added to `unread` for each item that cannot be told.
  python_literal resolved(const python_literal& value, std::size_t place, std::vector<std::string>& unread);

  /// What is assigned to a name at the place where the value stands, if it may be dicts; nullptr: nothing.
  [[nodiscard]] const python_binding* dicts_assigned_at(std::size_t place) const;

  /// A value that stands at a place, resolved, with what the lines after it do to the name that it is assigned to.
  python_literal finished(const python_literal& value, std::size_t place, std::vector<std::string>& unread);

  /// What stands between two places is taken over by a reader.
  void use(std::size_t first, std::size_t behind);
  /// Whether what stands at a place was taken over elsewhere, by its name.
  [[nodiscard]] bool is_used(std::size_t place) const { return used_[place]; }

 private:
  using bindings = std::vector<python_binding>;

  void move_out(std::map<std::size_t, bindings>& scopes) const;
  void mark(const python_binding& one, bool used);
  result<python_literal> look_up(std::string_view name, std::size_t place, std::vector<std::string>& unread);
  result<python_literal> at_place(const bindings& all, std::string_view told, std::size_t place,
                                  std::vector<std::string>& unread);
  [[nodiscard]] std::size_t seen_from(std::size_t place, std::size_t scope) const;
  [[nodiscard]] const python_literal* given_to(const python_binding& one) const;
  [[nodiscard]] const python_literal* given_by_loop(const bindings& all, std::size_t place) const;
  python_literal after(const bindings& all, std::size_t first, std::size_t behind, std::vector<std::string>& unread);
  result<python_literal> of_expression(std::string_view code, std::size_t place, std::vector<std::string>& unread);
  result<python_literal> of_parts(const python_tokens& code, std::size_t place, std::vector<std::string>& unread);
  result<python_literal> of_string(const python_tokens& code, std::size_t first, std::size_t behind, std::size_t place,
                                   std::vector<std::string>& unread);
  result<python_literal> of_operand(const python_tokens& code, std::size_t first, std::size_t behind, std::size_t place,
                                    std::vector<std::string>& unread);
  void unpack(const python_literal& from, std::size_t place, python_literal& into, std::vector<std::string>& unread);

  const python_tokens& tokens_;
  python_blocks blocks_;
  std::map<std::string, std::map<std::size_t, bindings>, std::less<>> names_;  ///< by the scope
  const python_frame* frame_ = nullptr;
  std::map<std::size_t, std::pair<const bindings*, std::size_t>> assigned_at_;
  std::vector<bool> used_;  ///< for each place
  std::size_t depth_ = 0;
  std::size_t work_ = 0;
};

}  // namespace oes
