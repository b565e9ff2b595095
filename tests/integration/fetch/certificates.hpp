#pragma once
// Certificates made for one test run.
#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace oes::test {

inline const std::string no_names = "-";

/// A certificate authority of its own, with its certificate in a temporary file.
class authority_of_the_day {
 public:
  authority_of_the_day();
  ~authority_of_the_day();
  authority_of_the_day(const authority_of_the_day&) = delete;
  authority_of_the_day& operator=(const authority_of_the_day&) = delete;

  [[nodiscard]] std::string file() const { return file_.string(); }
  /// A server context with a certificate for `names` (`DNS:a,IP:127.0.0.1`), valid until `days` from now.
  [[nodiscard]] std::unique_ptr<boost::asio::ssl::context> server_for(const std::string& names, int days = 1) const;
  /// A certificate that names its host in the subject's common name alone.
  [[nodiscard]] std::unique_ptr<boost::asio::ssl::context> server_by_common_name(const std::string& host) const;

 private:
  struct machinery;
  std::unique_ptr<machinery> machinery_;
  std::filesystem::path file_;
};

/// A server context with a certificate that nobody but itself vouches for.
std::unique_ptr<boost::asio::ssl::context> self_signed_server(const std::string& names);

}  // namespace oes::test
