#pragma once
// What must never be shown: taken out of a text before anything of it is cut, logged, kept or served.
#include <string>
#include <string_view>
#include <vector>

namespace oes {

/// Knows secrets in the forms in which servers, proxies and libraries echo them: as they are, URL-encoded, escaped as
/// in JSON, in base64 (also inside of a longer text, as in Basic authentication), and any longer part of these:
/// somebody else may have cut the text before.
class redactor {
 public:
  redactor() = default;
  /// `whole`: parts are left alone, where they may well be ordinary words (passwords that people made up).
  enum class finds { parts_too, whole };
  /// Secrets of fewer than 8 characters are left alone: they would be found inside ordinary words.
  explicit redactor(const std::vector<std::string>& secrets, finds what = finds::parts_too);

  void add(std::string_view secret);
  /// `text` with `mark` in the place of each secret.
  [[nodiscard]] std::string clean(std::string text, std::string_view mark = "***") const;

 private:
  struct form {
    std::string text;
    std::size_t least = 0;  ///< a part of this many bytes gives it away
  };
  void add_form(std::string text, std::size_t least);

  finds finds_ = finds::parts_too;
  std::vector<form> forms_;
};

}  // namespace oes
