#include "config/env_file.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "config/config_file.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

struct assignment {
  int line = 0;
  std::string name;
  std::string value;
  bool has_value = false;  ///< there was an `=`
};

bool is_end_of_line(char c) { return c == '\n' || c == '\r'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || is_end_of_line(c); }

// systemd's own state machine (parse_env_file_internal in src/basic/env-file.c, as of v254): what it makes of quotes
// and backslashes is no shell's, and nowhere else written down.
class env_parser {
 public:
  explicit env_parser(std::string_view text) {
    for (const char c : text) {
      take(c);
      if (c == '\n') ++line_;
    }
    if (at_ != where::before_name && at_ != where::comment && at_ != where::comment_escape) finish();
  }

  std::vector<assignment> found;

 private:
  enum class where {
    before_name,
    name,
    before_value,  ///< also between two quoted pieces
    value,
    value_escape,
    single_quotes,
    double_quotes,
    double_quotes_escape,
    comment,
    comment_escape
  };

  void take(char c) {
    switch (at_) {
      case where::before_name:
        if (c == '#' || c == ';') {
          at_ = where::comment;
        } else if (!is_blank(c)) {
          now_.line = line_;
          now_.name = c;
          at_ = where::name;
        }
        break;
      case where::name:
        take_in_name(c);
        break;
      case where::before_value:
        take_before_value(c);
        break;
      case where::value:
        take_in_value(c);
        break;
      case where::value_escape:
        if (!is_end_of_line(c)) put(c);
        at_ = where::value;
        break;
      case where::single_quotes:
        if (c == '\'') {
          at_ = where::before_value;
        } else {
          put(c);
        }
        break;
      case where::double_quotes:
        if (c == '"') {
          at_ = where::before_value;
        } else if (c == '\\') {
          at_ = where::double_quotes_escape;
        } else {
          put(c);
        }
        break;
      case where::double_quotes_escape:
        if (std::string_view("\"\\`$").find(c) == std::string_view::npos && c != '\n') put('\\');
        if (c != '\n') put(c);
        at_ = where::double_quotes;
        break;
      case where::comment:
        if (c == '\\') at_ = where::comment_escape;
        if (is_end_of_line(c)) at_ = where::before_name;
        break;
      case where::comment_escape:
        at_ = is_end_of_line(c) ? where::before_name : where::comment;
        break;
    }
  }

  void take_in_name(char c) {
    if (is_end_of_line(c)) return finish();
    if (c != '=') {
      now_.name += c;
      return;
    }
    now_.has_value = true;
    at_ = where::before_value;
  }

  void take_before_value(char c) {
    if (is_end_of_line(c)) return finish();
    if (c == '\'') {
      at_ = where::single_quotes;
    } else if (c == '"') {
      at_ = where::double_quotes;
    } else if (c == '\\') {
      at_ = where::value_escape;
    } else if (!is_blank(c)) {
      put(c);
      at_ = where::value;
    }
  }

  void take_in_value(char c) {
    if (is_end_of_line(c)) return finish();
    if (c == '\\') {
      at_ = where::value_escape;
      kept_ = now_.value.size();
    } else if (is_blank(c)) {
      now_.value += c;
    } else {
      put(c);
    }
  }

  // Blanks are put too, but for those at the end of an unquoted value, which do not stay.
  void put(char c) {
    now_.value += c;
    kept_ = now_.value.size();
  }

  void finish() {
    if (at_ == where::value) now_.value.resize(kept_);
    while (!now_.name.empty() && is_blank(now_.name.back())) now_.name.pop_back();
    found.push_back(std::move(now_));
    now_ = {};
    kept_ = 0;
    at_ = where::before_name;
  }

  where at_ = where::before_name;
  assignment now_;
  std::size_t kept_ = 0;
  int line_ = 1;
};

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

// Why systemd sets no variable by it; empty: it does.
std::string fault_of(const assignment& one) {
  if (one.line == 1 && one.name.starts_with("\xEF\xBB\xBF")) return "the file begins with a byte order mark";
  if (!one.has_value || !is_name(one.name)) return "it must be NAME=value";
  const bool control = std::any_of(one.value.begin(), one.value.end(),
                                   [](unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f; });
  return control ? "the value of " + one.name + " holds a control character" : "";
}

error bad(const std::string& file, std::int64_t line, const std::string& why) {
  return {errc::bad_config, file + ":" + std::to_string(line) + ": " + why};
}

}  // namespace

result<environment_file> with_env_text(std::string_view text, const std::string& file_name, environment outer) {
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return bad(file_name, 1 + std::count(text.data(), text.data() + nul, '\n'), "it holds a NUL byte");
  }
  environment_file out;
  std::map<std::string, std::string> values;
  for (auto& one : env_parser(text).found) {
    if (!is_utf8(one.name) || !is_utf8(one.value)) return bad(file_name, one.line, "the line is not UTF-8");
    if (const auto fault = fault_of(one); !fault.empty()) {
      if (one.has_value) values.erase(one.name);  // an earlier one does not stand in for it
      out.left_out.push_back({severity::warning, file_name, one.line, 1, "", "left out, as systemd does: " + fault});
    } else {
      values[one.name] = std::move(one.value);
    }
  }
  // Shared by all copies of the function.
  const auto all = std::make_shared<const std::map<std::string, std::string>>(std::move(values));
  out.env = [all, outer = std::move(outer)](const std::string& name) -> std::optional<std::string> {
    const auto found = all->find(name);
    if (found != all->end()) return found->second;
    return outer(name);
  };
  return out;
}

result<environment_file> with_env_file(const std::string& path, environment outer) {
  const auto read = read_config_file(path);
  if (!read) return error{errc::bad_config, "'" + path + "': " + read.error().context};
  return with_env_text(*read, path, std::move(outer));
}

}  // namespace oes
