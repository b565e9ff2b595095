#pragma once
// `tail`: the records of the topics, as they come.
#include <CLI/App.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "config/loader.hpp"

namespace oes {

enum class record_form { json, csv, table };

struct tail_options {
  std::vector<std::string> topics;
  std::string stream;
  std::string from = "-10";
  bool to_end = false;
  record_form form = record_form::table;
  std::int64_t limit = 0;  ///< 0: none
};

/// Adds the command; runs it where it was chosen.
std::function<std::optional<exit_code>(const config_source&)> add_tail(CLI::App& app, tail_options& chosen);

}  // namespace oes
