#include "kafka/client_voice.hpp"

#include <utility>

#include "async/clock.hpp"
#include "kafka/command_output.hpp"

namespace oes {

void client_voice::hide(std::string_view secret) {
  const std::lock_guard lock(mutex_);
  secrets_.add(secret);
}

void client_voice::line(int level, std::string_view facility, std::string_view told) {
  const std::lock_guard lock(mutex_);
  if (log_ == nullptr) return;
  const auto text = secrets_.clean(std::string(told));
  if (facility == token_command_facility) {
    log_->info("kafka.token_command says", {{"line", text}});
    return;
  }
  log_->debug("librdkafka", {{"client", client_}, {"level", level}, {"facility", facility}, {"text", text}});
  auto cause = cause_in(facility, text);
  if (cause) causes_.heard(std::move(*cause), steady_now());
  // The first that names a topic stays: TXNERR follows with the same cause and no name.
  const bool names_culprit = facility == "ADDPARTS" && text.find("not attempted") == std::string::npos;
  if (names_culprit && !transaction_line_names_) {
    transaction_line_ = plain_line(text);
    transaction_line_names_ = true;
  } else if (facility == "TXNERR" && transaction_line_.empty()) {
    transaction_line_ = plain_line(text);
  }
}

void client_voice::fall_silent() {
  const std::lock_guard lock(mutex_);
  log_ = nullptr;
}

std::string client_voice::heard_lately() const {
  const std::lock_guard lock(mutex_);
  return causes_.recent(steady_now());
}

std::string client_voice::transaction_line() const {
  const std::lock_guard lock(mutex_);
  return transaction_line_;
}

}  // namespace oes
