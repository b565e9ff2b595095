#pragma once
// The configuration file, read again while the daemon runs: by `reload`, by SIGHUP. All of it is taken over or nothing;
// a leader stays leader (but for new certificates); what concerns streams it takes over while the groups pause, a
// standby while it waits. Loop only.
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "app/parts.hpp"
#include "app/request_queue.hpp"
#include "async/event.hpp"
#include "config/config_changes.hpp"
#include "config/loader.hpp"

namespace oes {

struct term_context;

/// Where the configuration that runs came from.
struct config_origin {
  std::string file;  ///< absolute; empty: there is none that can be read again
  std::string text;  ///< what a text is called that was given at the start; empty: none was
  config_values values;
  std::function<loaded_configuration()> load;  ///< as at start; blocks, on a thread of its own
};

class config_reload {
 public:
  config_reload(parts& all, request_queue& requests, config_origin origin);

  /// Reads the file and takes over what changed. Exit codes of the answer: exit_ok; exit_config, the file was refused
  /// (`says` has every reason), or there is none to read again; exit_locked, not now: try again. Whatever went wrong,
  /// what ran goes on. `document` names the file.
  boost::asio::awaitable<job_answer> reload(job asked);
  /// Compares the file with what runs whenever it was written, until the end.
  boost::asio::awaitable<void> watch_file(event& finished);
  /// Set when the settings of the HTTP endpoint have changed; who serves it clears it.
  event& http_changed() { return http_changed_; }

  /// Where budget and plan limits are kept; called once, before the first term.
  void serves(term_context& context) { context_ = &context; }
  /// reload(), once any reload under way has ended.
  boost::asio::awaitable<job_answer> reload_after_others(job asked);
  /// For the term, while no group runs, and for a standby. bad_config: nothing was changed.
  result<void> take_over(const loaded_configuration& wanted);

 private:
  struct attempted {
    job_answer answer;
    reload_end how = reload_end::taken;
  };
  boost::asio::awaitable<attempted> attempt(job asked);
  [[nodiscard]] attempted nothing_changed() const;
  /// Nothing was taken over.
  static attempted ended(job_answer without);
  boost::asio::awaitable<std::shared_ptr<const loaded_configuration>> read();
  boost::asio::awaitable<job_answer> take_over_with_pause(job asked,
                                                          std::shared_ptr<const loaded_configuration> wanted);
  boost::asio::awaitable<job_answer> hand_over(job asked, std::shared_ptr<const loaded_configuration> wanted);
  void renew_clients(const config_changes& changes);
  /// What no request group depends on.
  void take_over_without_pause(const loaded_configuration& wanted);
  void note(const attempted& told);
  /// false: the file could not be read in time.
  boost::asio::awaitable<bool> compare_file();
  boost::asio::awaitable<void> compare_where_changed(std::string& seen);

  parts& all_;
  request_queue& requests_;
  config_origin running_;
  term_context* context_ = nullptr;
  event http_changed_;
  bool busy_ = false;
};

}  // namespace oes
