#include "config/problem_log.hpp"

#include <algorithm>
#include <tuple>

#include "config/redact.hpp"
#include "model/redactor.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

// Nobody reads more, and what is told of a value must not be as large as the value.
constexpr std::size_t most_problems = 100;
constexpr std::size_t longest_kept = 16UL * 1024;
constexpr std::size_t longest_told = 1000;

auto line_and_column(const config_problem& p) { return std::tie(p.line, p.column); }

bool same(const config_problem& a, const config_problem& b) {
  return line_and_column(a) == line_and_column(b) && a.level == b.level && a.key == b.key && a.message == b.message;
}

}  // namespace

std::string describe(const config_problem& problem) {
  std::string out;
  if (!problem.file.empty()) {
    out = problem.file + ":";
    if (problem.line > 0) out += std::to_string(problem.line) + ":" + std::to_string(problem.column) + ":";
    out += " ";
  }
  out += problem.level == severity::fault ? "error: " : "warning: ";
  if (!problem.key.empty()) out += problem.key + ": ";
  return out + problem.message;
}

void problem_log::add(severity level, std::string file, source_position at, const std::string& key,
                      const std::string& message) {
  if (level == severity::fault) ++faults_;
  if (problems_.size() >= most_problems) {
    ++more_;
    return;
  }
  // What is told is cut in take(), when no secret can be cut in half any more.
  problems_.push_back(
      {level, std::move(file), at.line, at.column, key.substr(0, longest_kept), message.substr(0, longest_kept)});
}

void problem_log::fault(source_position at, const std::string& key, const std::string& message) {
  add(severity::fault, file_, at, key, message);
}

void problem_log::warn(source_position at, const std::string& key, const std::string& message) {
  add(severity::warning, file_, at, key, message);
}

void problem_log::environment_fault(const std::string& variable, const std::string& message) {
  add(severity::fault, "", {}, variable, message);
}

std::vector<config_problem> problem_log::take(const std::vector<std::string>& secrets) {
  const redactor hide(secrets, redactor::finds::whole);
  for (auto& problem : problems_) {
    problem.message = one_line(hide.clean(std::move(problem.message), redacted), longest_told);
    problem.key = one_line(hide.clean(std::move(problem.key), redacted), longest_told);
  }
  std::stable_sort(problems_.begin(), problems_.end(), [](const config_problem& a, const config_problem& b) {
    return line_and_column(a) < line_and_column(b);
  });
  std::vector<config_problem> out;
  for (auto& problem : problems_) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const config_problem& p) { return same(p, problem); });
    if (!known) out.push_back(std::move(problem));
  }
  problems_.clear();
  if (more_ > 0)
    out.push_back(
        {faults_ > 0 ? severity::fault : severity::warning, file_, 0, 0, "", std::to_string(more_) + " more"});
  return out;
}

}  // namespace oes
