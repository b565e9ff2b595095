#include "config/text_checks.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "model/metric.hpp"
#include "model/proxy_address.hpp"
#include "model/stream.hpp"

namespace oes {
namespace {

constexpr std::string_view name_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

bool is_ordinary(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool all_ordinary(std::string_view text) { return std::all_of(text.begin(), text.end(), is_ordinary); }

bool has_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
}

bool is_ip(const std::string& text) {
  in6_addr buffer{};
  return inet_pton(AF_INET, text.c_str(), &buffer) == 1 || inet_pton(AF_INET6, text.c_str(), &buffer) == 1;
}

bool is_port(std::string_view text) {
  const auto port = parse_integer(text);
  return port && *port >= 0 && *port <= 65535 && text.front() != '-';
}

struct host_and_port {
  std::string host;  ///< without the brackets of an IPv6 address
  std::string port;  ///< empty: none given
  bool good = false;
};

host_and_port split_authority(std::string_view text) {
  host_and_port out;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return out;
    out.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_ip(out.host) || (!rest.empty() && !rest.starts_with(':'))) return out;
  } else {
    const auto colon = text.find(':');
    out.host = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
    if (!all_ordinary(out.host)) return out;
  }
  if (!rest.empty()) out.port = rest.substr(1);
  out.good = !out.host.empty() && (rest.empty() || is_port(out.port));
  return out;
}

bool is_loopback_host(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24) == 127;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& metric : known_metrics()) names.emplace_back(metric.name);
  return names;
}

}  // namespace

std::string check_not_empty(const std::string& text) { return text.empty() ? "it is empty" : ""; }

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
}

std::string without_blanks(const std::vector<std::string>& servers) {
  std::string out;
  for (const auto& text : servers) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const auto server = trimmed(rest.substr(0, comma));
      if (!server.empty()) out.append(out.empty() ? "" : ",").append(server);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  return out;
}

std::string check_api_key(const std::string& text) {
  if (is_quoted(text)) return "the key stands in quotes, and they would be sent as part of it: leave them away";
  const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return printable ? "" : "the key holds a space, a line break or another character that no API key has";
}

std::string check_base_url(const std::string& text) {
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return "it must begin with https://";
  const auto rest = std::string_view(text).substr(tls ? 8 : 7);
  if (has_space(rest)) return "a URL holds no spaces";
  if (rest.find('@') != std::string_view::npos) return "no user or password in the URL; the key belongs in api.api_key";
  if (rest.find_first_of("?#") != std::string_view::npos) return "no '?' or '#': the daemon adds its own query";
  const auto where = split_authority(rest.substr(0, rest.find('/')));
  if (!where.good) return "its host or port is not valid";
  if (tls || is_loopback_host(where.host)) return "";
  return "http:// to '" + where.host +
         "' would send the key in the clear; it is accepted for this machine only "
         "(127.0.0.1, ::1, localhost), write https://";
}

std::string check_bootstrap_server(const std::string& text) {
  constexpr std::array<std::string_view, 4> schemes{"PLAINTEXT://", "SSL://", "SASL_PLAINTEXT://", "SASL_SSL://"};
  std::string_view rest = text;
  bool any = false;
  while (true) {
    const auto comma = rest.find(',');
    auto server = trimmed(rest.substr(0, comma));
    any = any || !server.empty();
    if (server.empty() && comma != std::string_view::npos) {  // a comma too many
      rest.remove_prefix(comma + 1);
      continue;
    }
    if (server.empty()) return any ? "" : "no server is named";
    const auto scheme = std::find_if(schemes.begin(), schemes.end(),
                                     [&](std::string_view candidate) { return server.starts_with(candidate); });
    if (scheme != schemes.end()) server.remove_prefix(scheme->size());
    // Not shown: what stands before an `@` is a password.
    if (server.find('@') != std::string_view::npos) return "no user or password here; they belong in kafka.properties";
    if (!split_authority(server).good) return "'" + std::string(server) + "' is not host:port";
    if (comma == std::string_view::npos) return "";
    rest.remove_prefix(comma + 1);
  }
}

std::string check_deployment(const std::string& text) {
  if (text.empty() || !all_ordinary(text)) return "it must be of letters, digits, '.', '_' and '-'";
  return check_topic_name("openelectricity.progress." + text);
}

std::string check_host_name(const std::string& text) {
  if (text == "*" || (!text.empty() && text.size() <= 253 && all_ordinary(text))) return "";
  return "'" + text + "' is no host name; it stands there without scheme and port";
}

std::string check_listen_address(const std::string& text) {
  const auto where = split_authority(text);
  const bool usable = where.good && !where.port.empty() && (is_ip(where.host) || where.host == "localhost");
  return usable ? "" : "found '" + text + "'; it must be address:port, like 127.0.0.1:9464, 0.0.0.0:9464 or [::1]:9464";
}

std::string check_metric(const std::string& text) {
  if (find_metric(text)) return "";
  if (text.find(',') != std::string::npos) return "'" + text + "' is one text; write a list: [power, price]";
  const auto name = metric_name(text);
  const bool endpoint_given = name.size() != text.size();
  const auto names = metric_names();
  if (!endpoint_given && is_misspelt(text, names)) {
    return "unknown metric '" + text + "'" + did_you_mean(text, names) +
           " (A newer one is written with its endpoint: data/" + text + " or market/" + text + ")";
  }
  if (may_be_metric(name)) return "";
  return "unknown metric '" + text +
         "', and no name for one: lower-case letters, digits and '_', and no other field of a record; known: " +
         listed(names);
}

std::string fault_of_path(const std::string& text) {
  if (text.starts_with('~')) return "'~' is not expanded here: write ${HOME}";
  if (!text.starts_with('$')) return "";
  const std::string name = text.substr(1, text.find_first_not_of(name_characters, 1) - 1);
  return name.empty() ? "" : "'$" + name + "' is not expanded here: write ${" + name + "}";
}

std::string check_folder(const std::string& text) { return text.empty() ? check_not_empty(text) : fault_of_path(text); }

std::string check_proxy(const std::string& text) {
  if (text.empty() || text == "none") return "";
  const auto read = parse_proxy_address(text);
  return read ? "" : read.error().context + "; none: without a proxy";
}

std::string check_registry_url(const std::string& text) {
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return "it must begin with https:// or http://";
  const auto rest = std::string_view(text).substr(tls ? 8 : 7);
  if (has_space(rest)) return "a URL holds no spaces";
  if (rest.find('@') != std::string_view::npos) {
    return "no user or password in the URL; they belong in schema_registry.username and password";
  }
  if (rest.find_first_of("?#") != std::string_view::npos) return "no '?' or '#'";
  return split_authority(rest.substr(0, rest.find('/'))).good ? "" : "its host or port is not valid";
}

std::string check_stream_name(const std::string& text) {
  if (!text.empty() && text.size() <= 100 && all_ordinary(text)) return "";
  return "found '" + text + "'; a name is 1 to 100 letters, digits, '.', '_' and '-'";
}

std::string check_topic_template(const std::string& text) {
  const std::vector<std::string> known{"dataset", "network", "metric", "interval", "stream"};
  std::string_view rest = text;
  for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    rest.remove_prefix(open + 1);
    const auto end = rest.find('}');
    if (end == std::string_view::npos) return "'{' without '}' in '" + text + "'";
    const std::string name(rest.substr(0, end));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return "unknown placeholder '{" + name + "}'" + did_you_mean(name, known) +
             " Known: {dataset} {network} {metric} {interval} {stream}";
    }
  }
  return text.empty() ? "it is empty" : "";
}

std::string check_topic_name(const std::string& text) {
  if (text.empty()) return "a topic's name is empty";
  if (text == "." || text == "..") return "'" + text + "' is no topic name";
  if (text.size() > 249) return "'" + text.substr(0, 60) + "…' is longer than the 249 characters of a topic name";
  const auto bad = std::find_if_not(text.begin(), text.end(), is_ordinary);
  if (bad == text.end()) return "";
  return "'" + text + "' is no topic name: '" + std::string(1, *bad) +
         "' is not allowed, only letters, digits, '.', '_' and '-'";
}

std::string without_trailing_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace oes
