#include "config/settings_table.hpp"

#include <stdexcept>

namespace oes {
namespace {

template <class Target>
std::vector<key_info> infos(const std::vector<key_row<Target>>& rows) {
  std::vector<key_info> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row.info);
  return out;
}

}  // namespace

const std::vector<key_info>& daemon_key_infos() {
  static const auto table = infos(daemon_keys());
  return table;
}

const std::vector<key_info>& stream_key_infos() {
  static const auto table = infos(stream_keys());
  return table;
}

const key_info& info_of(const std::vector<key_info>& table, std::string_view path) {
  for (const auto& info : table) {
    if (info.path == path) return info;
  }
  throw std::logic_error("no such key: " + std::string(path));
}

}  // namespace oes
