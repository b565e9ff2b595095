#include "verify/former_names.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace oes {
namespace {

// `rename --from nem --to regions`; a stream's name holds no blanks.
std::optional<std::pair<std::string, std::string>> names_in(std::string_view command) {
  constexpr std::string_view begin = "rename --from ";
  constexpr std::string_view middle = " --to ";
  if (!command.starts_with(begin)) return std::nullopt;
  command.remove_prefix(begin.size());
  const auto at = command.find(middle);
  if (at == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(command.substr(0, at)), std::string(command.substr(at + middle.size())));
}

}  // namespace

former_names::former_names(const std::vector<kept_reason>& reasons) {
  for (const auto& one : reasons) {
    if (auto names = names_in(one.reason.command)) {
      renamings_.push_back({one.last_version, std::move(names->first), std::move(names->second)});
    }
  }
  std::stable_sort(renamings_.begin(), renamings_.end(),
                   [](const renaming& a, const renaming& b) { return a.last_version < b.last_version; });
}

std::string former_names::today(std::string stream, std::int64_t version) const {
  for (const auto& one : renamings_) {
    if (version <= one.last_version && stream == one.from) stream = one.to;
  }
  return stream;
}

}  // namespace oes
