#pragma once
// Checks of single texts, named in the table of keys. Each says what is wrong, or nothing.
#include <string>
#include <string_view>
#include <vector>

namespace oes {

std::string check_api_key(const std::string& text);
std::string check_base_url(const std::string& text);
std::string check_bootstrap_server(const std::string& text);
std::string check_deployment(const std::string& text);
std::string check_folder(const std::string& text);
std::string check_host_name(const std::string& text);
std::string check_listen_address(const std::string& text);
std::string check_metric(const std::string& text);
std::string check_not_empty(const std::string& text);
std::string check_proxy(const std::string& text);
std::string check_registry_url(const std::string& text);
std::string check_stream_name(const std::string& text);
std::string check_topic_template(const std::string& text);

/// Of a path: what a shell expands and nobody does here.
std::string fault_of_path(const std::string& text);
/// `"…"` or `'…'`: quotes that a shell or a YAML file would have taken away.
bool is_quoted(std::string_view text);
/// Lists of servers as one, without the blanks and the empty places that people leave in them.
std::string without_blanks(const std::vector<std::string>& servers);

/// Of a URL to which paths are appended.
std::string without_trailing_slash(std::string url);

/// Kafka's rules for a finished topic name.
std::string check_topic_name(const std::string& text);

}  // namespace oes
