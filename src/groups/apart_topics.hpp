#pragma once
// Topics that Kafka refuses to take records for, and when they are tried again. Their streams are set apart; the others
// go on. Pure: time is a parameter.
#include <map>
#include <string>

#include "model/moment.hpp"
#include "model/work_in_hand.hpp"

namespace oes {

/// Under which name a group is apart whose records the progress topic refuses, and takes others': none that a topic can
/// have.
std::string progress_of(const work_key& whose);

struct apart_topic {
  std::string why;
  run_time next_try{};
  int tries = 0;
};

class apart_topics {
 public:
  /// Refused, or refused again: tried again later, and later each time. `speed`: of a test's clock, which Kafka does
  /// not share; 1: the time is real.
  void refused(const std::string& topic, const std::string& why, run_time now, double speed = 1);
  /// It takes records again, as far as a rehearsal tells: its streams may go on. A refusal that follows soon goes on
  /// counting, so that a rehearsal that proves too little costs no more than one try now and then.
  void takes_again(const std::string& topic, run_time now);
  /// nullptr: not apart.
  [[nodiscard]] const apart_topic* find(const std::string& topic) const;

 private:
  struct trial {
    apart_topic was;
    run_time at{};
  };
  std::map<std::string, apart_topic> apart_;
  std::map<std::string, trial> on_trial_;
};

}  // namespace oes
