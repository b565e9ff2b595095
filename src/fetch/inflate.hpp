#pragma once
// gzip (RFC 1952) undone piece by piece, as it arrives.
#include <memory>
#include <string_view>

#include "fetch/body_text.hpp"
#include "model/error.hpp"

namespace oes {

class inflater {
 public:
  inflater();
  ~inflater();
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  /// Undoes the next piece into `out`. Errors: too_large (the cap of `out`), network_error (damaged).
  result<void> feed(std::string_view compressed, body_text& out);
  /// After the last piece. Error: network_error where the end is missing.
  [[nodiscard]] result<void> finish() const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
};

}  // namespace oes
