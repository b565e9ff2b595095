#include "commands/manual_page.hpp"

#include <cctype>
#include <sstream>

#include "commands/completion_words.hpp"

namespace oes {
namespace {

// Roff reads a backslash anywhere, a dot or a quote at the beginning of a line; a bare hyphen may be broken or shown as
// a dash.
std::string roff(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool begins_line = out.empty() || out.back() == '\n';
    if (begins_line && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }

std::string option_entry(const table_option& option) {
  std::string names;
  for (const auto& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  const auto value = option.choices.empty() ? option.value : joined(option.choices, "|");
  auto out = ".TP\n" + names + (value.empty() ? "" : " \\fI" + roff(value) + "\\fR") + "\n" + roff(option.help) + ".\n";
  if (!option.initial.empty()) out += "Without it: " + roff(option.initial) + ".\n";
  return out;
}

std::string options_of(const table_command& command) {
  std::string out;
  for (const auto& option : command.options) out += option_entry(option);
  return out;
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Each block of the footer becomes a section: its first line is the title, `Exit codes:`.
std::string footer_sections(const std::string& footer) {
  std::string out;
  bool is_open = false;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    const bool is_title = !line.empty() && line.front() != ' ';
    if (is_title) {
      out += (is_open ? ".fi\n" : "") + std::string(".SH ") + roff(upper(line.substr(0, line.find_first_of(":,")))) +
             "\n.nf\n";
      is_open = true;
    } else if (!line.empty()) {
      out += roff(line) + "\n";
    }
  }
  return out + (is_open ? ".fi\n" : "");
}

constexpr auto files = R"(.SH FILES
.TP
.I /etc/openelectricity\-stream/openelectricity\-stream.yaml
The configuration; every key is explained in it.
.TP
.I /etc/openelectricity\-stream/secrets/
Files that hold nothing but a secret, named by the configuration's keys that end in _file.
.TP
.I /var/lib/openelectricity\-stream/
progress.json and its months (a mirror of what the progress topic in Kafka holds), the lock, the budget, the control socket.
)";

}  // namespace

std::string manual_page(const command_table& table, const std::string& version) {
  const auto& program = table.commands.front();
  auto out = ".\\\" printed by `" + table.program + " man`\n.TH " + roff(upper(table.program)) + " 1 \"\" \"" +
             roff(table.program + " " + version) + "\" \"User Commands\"\n";
  out += ".SH NAME\n" + roff(table.program) + " \\- stream Australian electricity data from an HTTP API into Kafka\n";
  out += ".SH SYNOPSIS\n" + bold(table.program) + " [\\fIOPTION\\fR]... [\\fICOMMAND\\fR [\\fIOPTION\\fR]...]\n";
  out += ".SH DESCRIPTION\n" + roff(program.help) + "\nWithout a command it is " + bold("run") + ".\n";
  out += ".SH OPTIONS\nThese may stand before and after a command.\n" + options_of(program) + ".SH COMMANDS\n";
  for (const auto& command : table.commands) {
    if (command.path.empty()) continue;
    out += ".SS " + roff(path_text(command)) + "\n" + roff(command.help) + ".\n" + options_of(command);
  }
  return out + footer_sections(table.footer) + files;
}

}  // namespace oes
