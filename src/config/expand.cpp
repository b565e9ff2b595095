#include "config/expand.hpp"

#include <algorithm>

namespace oes {
namespace {

bool is_variable_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Position of the brace that closes the one before `from`: a default may hold pairs of its own (`{dataset}`).
std::size_t closing_brace(std::string_view text, std::size_t from) {
  int depth = 1;
  for (auto i = from; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

// What stands between `${` and `}`.
expansion expand_variable(std::string_view inner, const environment& env) {
  const auto colon = inner.find(':');
  const std::string name(inner.substr(0, colon));
  if (!is_variable_name(name)) return {"", "'${' must be followed by a variable's name; write '$$' for a dollar sign"};
  const auto value = env(name);
  if (colon == std::string_view::npos) {
    if (value) return {*value, ""};
    return {"", "environment variable " + name + " is not set; write ${" + name + ":-…} to give a default"};
  }
  const auto rest = inner.substr(colon + 1);
  if (rest.empty() || (rest.front() != '-' && rest.front() != '?')) {
    return {"", "after '${" + name + ":' comes '-' and a default, or '?' and a message"};
  }
  if (value && !value->empty()) return {*value, ""};
  const std::string argument(rest.substr(1));
  if (rest.front() == '-') return {argument, ""};
  return {"", argument.empty() ? "environment variable " + name + " is not set" : name + ": " + argument};
}

}  // namespace

expansion expand(std::string_view scalar, const environment& env) {
  expansion out;
  while (true) {
    const auto dollar = scalar.find('$');
    out.text.append(scalar.substr(0, dollar));
    if (dollar == std::string_view::npos) return out;
    scalar.remove_prefix(dollar + 1);
    if (scalar.starts_with('$')) {
      out.text += '$';
      scalar.remove_prefix(1);
    } else if (scalar.starts_with('{')) {
      const auto end = closing_brace(scalar, 1);
      if (end == std::string_view::npos) return {"", "'${' without '}'; write '$$' for a dollar sign"};
      auto part = expand_variable(scalar.substr(1, end - 1), env);
      if (!part.fault.empty()) return part;
      out.text += part.text;
      scalar.remove_prefix(end + 1);
    } else {
      out.text += '$';
    }
  }
}

}  // namespace oes
