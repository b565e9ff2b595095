#pragma once
// One whole HTTP answer, body inflated; only the headers that decide something.
#include <chrono>
#include <string>

namespace oes {

struct http_reply {
  int status = 0;
  std::string reason;
  std::string content_type;
  std::string location;
  std::string retry_after;
  std::string date;
  std::string age;
  std::chrono::steady_clock::time_point sent;      ///< when the request left
  std::chrono::steady_clock::time_point answered;  ///< when its answer began
  std::string body;
};

}  // namespace oes
