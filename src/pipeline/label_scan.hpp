#pragma once
// Which labels an answer has of one metric, over all its series; in slices, for an answer may have millions of points.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <vector>

#include "model/answer.hpp"
#include "model/column_set.hpp"
#include "records/ledger.hpp"
#include "schedule/advance.hpp"

namespace oes {

struct scanned_labels {
  std::vector<seen_label> seen;                   ///< ascending, unique
  network_time waits_from = network_time::max();  ///< the first row that is not whole yet (records/waiting_rows.hpp)
};

struct scan_question {
  network_time from;                  ///< older labels are left out
  const ledger* published = nullptr;  ///< none: no row waits
  network_time wait_behind = {};      ///< rows up to here wait no longer
  column_set columns = all_columns;   ///< of a wide stream
};

/// Up to this label rows that are not whole wait no longer: their interval was over `hole_after` ago. Of 5m the label
/// counts for its end.
network_time waits_behind(network_time now, std::chrono::seconds hole_after, interval_size interval);

/// Borrows block and ledger.
class label_scan {
 public:
  label_scan(const metric_block& block, scan_question question);

  /// Looks at about `points` points. true: finished.
  bool advance(std::size_t points);
  /// Once, after advance() returned true.
  scanned_labels take();

 private:
  void look_at(const series& one);

  const std::vector<series>& all_;
  scan_question question_;
  std::size_t next_ = 0;
  std::vector<seen_label> more_;  ///< not sorted into the others yet
  scanned_labels out_;
};

/// In slices; block and ledger outlive the wait.
boost::asio::awaitable<scanned_labels> scan_labels(const metric_block& block, scan_question question,
                                                   boost::asio::any_io_executor loop);
/// The same in one go.
scanned_labels scan_labels(const metric_block& block, scan_question question);

}  // namespace oes
