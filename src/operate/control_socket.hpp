#pragma once
// Internal to operate/: where the control socket is. A path of any length: sun_path takes 107 bytes, a link in /proc is
// short.
#include <string>

#include "model/error.hpp"

namespace oes {

class control_socket {
 public:
  /// `control.sock` in `folder`. io_error: the folder cannot be opened.
  static result<control_socket> in(const std::string& folder);
  ~control_socket();
  control_socket(control_socket&& other) noexcept;
  control_socket(const control_socket&) = delete;
  control_socket& operator=(const control_socket&) = delete;
  control_socket& operator=(control_socket&&) = delete;

  /// What bind() and connect() take; valid as long as this lives.
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  control_socket(std::string address, int folder) : address_(std::move(address)), folder_(folder) {}
  std::string address_;
  int folder_;  ///< open while the address goes through it, else -1
};

}  // namespace oes
