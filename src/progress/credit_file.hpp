#pragma once
// `budget.json` beside progress.json: what was spent of the API key's credit day, written before each request leaves,
// and the plan that grants it: a count says nothing without it.
#include <optional>
#include <string>

#include "model/credit_use.hpp"
#include "model/error.hpp"

namespace oes {

/// Whose credits are counted: a key, at the API that knows it.
struct api_account {
  std::string key;
  std::string base_url;
  bool operator==(const api_account&) const = default;
};

/// nullopt: none there, of another account, or unreadable (then the progress topic's copy and `/me` have to do).
std::optional<credit_use> read_credit_file(const std::string& folder, const api_account& whose);

/// The key itself is not written, only a part of its hash. io_error is survivable.
result<void> write_credit_file(const std::string& folder, const api_account& whose, const credit_use& use);

}  // namespace oes
