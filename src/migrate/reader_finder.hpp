#pragma once
// Where a script makes readers, and what it sets on each of them, step by step in the order of the lines. What a step
// holds is not looked at here. Pure.
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "migrate/python_walks.hpp"

namespace oes {

struct reader_step {
  enum class kind {
    format,
    options,  ///< one or several: a dict
    call,     ///< of a function that makes the reader: its steps
  };
  kind is = kind::options;
  python_literal value;
  std::size_t place = 0;
  std::size_t function = python_blocks::none;
};

struct script_reader {
  std::vector<reader_step> steps;
  std::vector<std::string> lost;  ///< what is done with it that cannot be followed
  bool is_done = false;           ///< loaded, gone on with, or returned: it is no job of its own
};

/// A reader as it is at a place: loaded, or left as it is.
struct made_reader {
  std::size_t reader = 0;
  std::size_t steps = 0;  ///< how many of its steps are done there
  std::size_t place = 0;
};

struct found_readers {
  std::vector<script_reader> all;
  std::vector<made_reader> made;
  std::map<std::size_t, made_reader> returned;  ///< by function
  std::vector<reader_step> strays;              ///< options that are set on what is no reader seen here
  std::vector<bool> taken;                      ///< for each place: whether it is an argument of a step
};

found_readers find_readers(const python_tokens& tokens, const python_walks& walks, const python_blocks& blocks);

}  // namespace oes
