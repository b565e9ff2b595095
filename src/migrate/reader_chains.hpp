#pragma once
// The readers of the replaced source in a script: spark.readStream.format("openelectricity_stream").option(…).load(),
// one for each call and each turn of a loop that makes one, with what is set on it in the order of the calls. Pure.
#include <cstddef>
#include <vector>

#include "migrate/python_literal.hpp"
#include "migrate/python_names.hpp"

namespace oes {

struct reader_chain {
  python_literal options;  ///< a dict
  std::vector<std::string> unread;
  std::vector<std::string> remarks;  ///< a sentence each
  std::size_t line = 1;
};

struct found_chains {
  std::vector<reader_chain> chains;
  std::vector<bool> taken;  ///< for each place: whether it is an argument of a chain
};

found_chains find_reader_chains(const python_tokens& tokens, python_names& names);

}  // namespace oes
