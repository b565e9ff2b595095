#pragma once
// The ways in which a place of a script is come to, as far as they are written in it: the calls of its function, with
// what they hand over, and the turns of its loops. Nothing is run. Pure.
#include <map>
#include <string>
#include <vector>

#include "migrate/python_names.hpp"

namespace oes {

class python_walks {
 public:
  python_walks(const python_tokens& tokens, python_names& names);

  /// To a place. One at least: a function that is called nowhere is given nothing.
  std::vector<python_frame> to(std::size_t place);
  /// The turns of the loops around a place that are not around another.
  std::vector<python_frame> turns(std::size_t place, std::size_t other, const python_frame& frame);
  /// Into a function, from one call (the place of the name) of it.
  python_frame into(std::size_t function, std::size_t call, const python_frame& frame);

  /// The function that is called at the place of a name; none: no one, or it cannot be told.
  [[nodiscard]] std::size_t called_at(std::size_t place) const;

  /// Whether there were more than are followed.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  struct mention {
    std::size_t place = 0;
    bool is_call = false;
  };

  void find_mentions();
  void turn(std::size_t block, std::vector<python_frame>& frames);
  bool bind(std::size_t first, std::size_t behind, const python_literal& value, python_frame& frame) const;
  result<python_literal> items_of(std::size_t block, const python_frame& frame);
  python_literal value_at(std::size_t place, std::size_t seen_from, const python_frame& frame);

  const python_tokens& tokens_;
  python_names& names_;
  const python_blocks& blocks_;
  std::map<std::string, std::size_t, std::less<>> functions_;  ///< none: several have the name
  std::map<std::size_t, std::vector<mention>> mentions_;       ///< by function
  std::size_t depth_ = 0;
  std::size_t made_ = 0;  ///< frames, as a bound for the work
  bool is_cut_ = false;
};

}  // namespace oes
