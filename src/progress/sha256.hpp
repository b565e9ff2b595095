#pragma once
// SHA-256 as lower-case hex, of one text or of many.
#include <memory>
#include <string>
#include <string_view>

namespace oes {

std::string sha256_hex(std::string_view text);

class sha256_sum {
 public:
  sha256_sum();
  ~sha256_sum();
  sha256_sum(const sha256_sum&) = delete;
  sha256_sum& operator=(const sha256_sum&) = delete;
  void add(std::string_view bytes);
  /// Of everything that was added; once.
  std::string hex();

 private:
  struct context;
  std::unique_ptr<context> context_;
};

}  // namespace oes
