#include "config/env_file.hpp"

#include <map>
#include <memory>
#include <utility>

#include "config/secret_file.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

error bad(const std::string& file, int line, const std::string& why) {
  return {errc::bad_config, file + ":" + std::to_string(line) + ": " + why};
}

std::string_view trimmed_line(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

// `"a \"b\""` → `a "b"`; in single quotes nothing is special.
std::string unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  if (!quoted) return std::string(text);
  const bool escapes = text.front() == '"';
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (escapes && text[i] == '\\' && i + 2 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

result<environment> with_env_text(std::string_view text, const std::string& file_name, environment outer) {
  std::map<std::string, std::string> values;
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed_line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    const auto equals = line.find('=');
    const auto name = trimmed_line(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) return bad(file_name, number, "it must be NAME=value");
    if (const auto fault = fault_of_text(line)) return bad(file_name, number, "the line " + *fault);
    values[std::string(name)] = unquoted(trimmed_line(line.substr(equals + 1)));
  }
  // Shared by all copies of the function.
  const auto all = std::make_shared<const std::map<std::string, std::string>>(std::move(values));
  return environment([all, outer = std::move(outer)](const std::string& name) -> std::optional<std::string> {
    const auto found = all->find(name);
    if (found != all->end()) return found->second;
    return outer(name);
  });
}

result<environment> with_env_file(const std::string& path, environment outer) {
  const auto read = read_secret_file(path);
  if (!read.problem.empty()) return error{errc::bad_config, read.problem};
  return with_env_text(read.text, path, std::move(outer));
}

}  // namespace oes
