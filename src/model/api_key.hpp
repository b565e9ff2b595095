#pragma once
// The API key: the one place that holds it while the daemon runs. It may be changed under way, so whoever needs it asks
// here each time.
#include <functional>
#include <string>
#include <utility>

namespace oes {

/// What the key's file holds now, or why it cannot be used.
struct key_in_file {
  std::string text;
  std::string problem;
};

/// Loop thread only.
class api_key {
 public:
  /// `read_again`: where the key comes from a file.
  explicit api_key(std::string text, std::function<key_in_file()> read_again = {})
      : text_(std::move(text)), read_again_(std::move(read_again)) {}

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  /// Called with each key that takes the place of another, before it is used: what shows text must know it as a secret.
  void on_change(std::function<void(const std::string&)> tell) { tell_ = std::move(tell); }
  /// The key was refused: looks where it came from. true: another is there, and is used from now on.
  bool renew();
  /// Why the file could not be used when the key was last refused. Empty: it could, or there is none.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// Another configuration: its key from now on, and where that one comes from.
  void replace(api_key other);

 private:
  void use(std::string text);

  std::string text_;
  std::function<key_in_file()> read_again_;
  std::string problem_;
  std::function<void(const std::string&)> tell_;
};

}  // namespace oes
