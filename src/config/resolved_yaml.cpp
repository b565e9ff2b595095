#include "config/resolved_yaml.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "config/redact.hpp"
#include "config/settings_table.hpp"
#include "model/proxy_address.hpp"

namespace oes {
namespace {

bool is_plain(const std::string& text) {
  if (text.empty() || text == "null" || text == "Null" || text == "NULL") return false;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-+:").find(c) != std::string_view::npos;
  };
  const bool starts_like_a_word = text.front() != ':' && text != "-" && !text.starts_with("---");
  return starts_like_a_word && text.back() != ':' && std::all_of(text.begin(), text.end(), plain);
}

// A scalar that is read back as this text: quoted where needed, `$` doubled.
std::string scalar(const std::string& text) {
  if (is_plain(text)) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '$') out += '$';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escaped.data();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class writer {
 public:
  writer(const all_settings& settings, const std::string& file) : settings_(settings), file_(file) {}

  void write_map(const std::vector<key_info>& table, const setting_map& values, const std::string& indent) {
    std::vector<std::string> open;
    for (const auto& info : table) {
      const auto path = parts(info.path);
      enter_sections(open, path, indent);
      const auto deeper = indent + std::string(2 * (path.size() - 1), ' ');
      write_setting(info, values.at(std::string(info.path)), deeper, path.back());
    }
  }

  void write_streams() {
    out += "streams:\n";
    for (const auto& stream : settings_.streams) {
      const auto from = out.size();
      write_map(stream_key_infos(), stream.values, "    ");
      out.replace(from, 4, "  - ");
    }
  }

  std::string out;

 private:
  static std::vector<std::string> parts(std::string_view path) {
    std::vector<std::string> out_parts;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      out_parts.emplace_back(path.substr(0, dot));
      path.remove_prefix(dot + 1);
    }
    out_parts.emplace_back(path);
    return out_parts;
  }

  // Writes the headers of the sections that `path` is in and the line before was not.
  void enter_sections(std::vector<std::string>& open, const std::vector<std::string>& path, const std::string& indent) {
    std::size_t same = 0;
    while (same < open.size() && same + 1 < path.size() && open[same] == path[same]) ++same;
    open.assign(path.begin(), path.end() - 1);
    for (; same < open.size(); ++same) out += indent + std::string(2 * same, ' ') + open[same] + ":\n";
  }

  [[nodiscard]] std::string origin(const setting& s) const {
    if (s.origin == setting_origin::by_default) return "";
    if (s.origin == setting_origin::from_environment) return "  # from the environment";
    return "  # " + file_ + ":" + std::to_string(s.at.line);
  }

  [[nodiscard]] std::string safe(const std::string& text) const {
    return scalar(without_secrets(text, settings_.secrets));
  }

  void write_setting(const key_info& info, const setting& s, const std::string& indent, const std::string& name) {
    out += indent + name + ":";
    if (info.kind == value_kind::properties) {
      write_properties(as<property_list>(s.value), origin(s), indent + "  ");
    } else if (info.kind == value_kind::text_list) {
      out += " [";
      bool first = true;
      for (const auto& text : as<std::vector<std::string>>(s.value)) {
        if (!first) out += ", ";
        out += safe(text);
        first = false;
      }
      out += "]" + origin(s) + "\n";
    } else if (!s.is_set()) {
      out += "\n";
    } else if (info.kind == value_kind::secret) {
      out += " \"" + std::string(redacted) + "\"" + origin(s) + "\n";
    } else if (info.kind == value_kind::proxy_url) {
      out += " " + safe(without_login(as<std::string>(s.value), redacted)) + origin(s) + "\n";
    } else {
      out += " " + safe(format_scalar(info.kind, s.value)) + origin(s) + "\n";
    }
  }

  void write_properties(const property_list& properties, const std::string& comment, const std::string& indent) {
    if (properties.empty()) out += " {}";
    out += comment + "\n";
    for (const auto& [name, value] : properties) {
      const bool hidden = is_secret_name(name);
      out += indent + scalar(name) + ": " + (hidden ? "\"" + std::string(redacted) + "\"" : safe(value)) + "\n";
    }
  }

  const all_settings& settings_;
  const std::string& file_;
};

}  // namespace

std::string write_resolved_yaml(const all_settings& settings, const std::string& file) {
  writer w(settings, file);
  w.write_map(daemon_key_infos(), settings.daemon, "");
  w.write_streams();
  return std::move(w.out);
}

}  // namespace oes
