#pragma once
// THE TABLE: every key of the configuration, once.
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "config/setting.hpp"

namespace oes {

/// Keys of the daemon, by dotted path from the root, in the order of print-config.
const std::vector<key_row<configuration>>& daemon_keys();
/// Keys of a stream (and, without `name`, of `defaults`). `network_code` comes before `start`, whose meaning needs it.
const std::vector<key_row<stream_spec>>& stream_keys();

/// The same rows without where their values go.
const std::vector<key_info>& daemon_key_infos();
const std::vector<key_info>& stream_key_infos();

/// The row of a path; it must exist.
const key_info& info_of(const std::vector<key_info>& table, std::string_view path);

}  // namespace oes
