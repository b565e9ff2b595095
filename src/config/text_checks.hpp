#pragma once
// Checks of single texts, named in the table of keys. Each says what is wrong, or nothing.
#include <string>

namespace oes {

std::string check_api_key(const std::string& text);
std::string check_base_url(const std::string& text);
std::string check_bootstrap_server(const std::string& text);
std::string check_deployment(const std::string& text);
std::string check_listen_address(const std::string& text);
std::string check_metric(const std::string& text);
std::string check_not_empty(const std::string& text);
std::string check_stream_name(const std::string& text);
std::string check_topic_template(const std::string& text);

/// Kafka's rules for a finished topic name.
std::string check_topic_name(const std::string& text);

}  // namespace oes
