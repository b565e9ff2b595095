#include "config/problem_log.hpp"

#include <algorithm>
#include <tuple>

#include "config/redact.hpp"

namespace oes {
namespace {

// A problem is one line, whatever a value held.
std::string one_line(std::string text) {
  for (auto& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

auto place(const config_problem& p) { return std::tie(p.line, p.column); }

bool same(const config_problem& a, const config_problem& b) {
  return place(a) == place(b) && a.level == b.level && a.key == b.key && a.message == b.message;
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
  problems_.push_back({level, std::move(file), at.line, at.column, one_line(key), one_line(message)});
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

bool problem_log::has_faults() const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [](const config_problem& p) { return p.level == severity::fault; });
}

std::vector<config_problem> problem_log::take(const std::vector<std::string>& secrets) {
  for (auto& problem : problems_) {
    problem.message = without_secrets(std::move(problem.message), secrets);
    problem.key = without_secrets(std::move(problem.key), secrets);
  }
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const config_problem& a, const config_problem& b) { return place(a) < place(b); });
  std::vector<config_problem> out;
  for (auto& problem : problems_) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const config_problem& p) { return same(p, problem); });
    if (!known) out.push_back(std::move(problem));
  }
  problems_.clear();
  return out;
}

}  // namespace oes
