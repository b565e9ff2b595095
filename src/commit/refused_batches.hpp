#pragma once
// The last records that each topic has refused: its recovery is tried with those. Pure.
#include <map>
#include <string>
#include <utility>

#include "model/batch.hpp"

namespace oes {

class refused_batches {
 public:
  /// Of the batch what is for the topic.
  void keep(const std::string& topic, record_batch batch) { keep_as(topic, topic, std::move(batch)); }
  /// Those of the topic, which are kept no longer, or a record that means nothing where there are none.
  record_batch take(const std::string& topic) { return take_as(topic, topic); }
  // The same under another name: the progress topic may take one stream's records and refuse another's.
  void keep_as(const std::string& name, const std::string& topic, record_batch batch);
  record_batch take_as(const std::string& name, const std::string& topic);

 private:
  std::map<std::string, record_batch> by_name_;
};

/// All that the transaction writes to the progress topic, as data.
record_batch progress_as_data(const transaction& txn, const std::string& topic);

}  // namespace oes
