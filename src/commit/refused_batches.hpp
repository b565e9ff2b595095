#pragma once
// The last records that each topic has refused: its recovery is tried with those. Pure.
#include <map>
#include <string>

#include "model/batch.hpp"

namespace oes {

class refused_batches {
 public:
  /// Of the batch what is for the topic.
  void keep(const std::string& topic, record_batch batch);
  /// Those of the topic, which are kept no longer, or a record that means nothing where there are none.
  record_batch take(const std::string& topic);

 private:
  std::map<std::string, record_batch> by_topic_;
};

}  // namespace oes
