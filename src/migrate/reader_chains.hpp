#pragma once
// The readers of the replaced source in a script: spark.readStream.format("openelectricity_stream").option(…).load().
// Pure.
#include <cstddef>
#include <vector>

#include "migrate/option_sets.hpp"
#include "migrate/python_names.hpp"

namespace oes {

struct reader_chain {
  python_literal options;  ///< a dict
  std::vector<std::string> unread;
  std::size_t line = 1;
  bool is_handed_options = false;  ///< by whoever calls the function, or by the loop, that it stands in
};

struct found_chains {
  std::vector<reader_chain> chains;
  std::vector<bool> taken;  ///< for each place: whether it is an argument of a chain
};

found_chains find_reader_chains(const python_tokens& tokens, python_names& names);

}  // namespace oes
