#pragma once
// Folds stored columns into the metrics of one series: first per label, then per bucket.
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "simulator/metric_table.hpp"
#include "simulator/python_number.hpp"

namespace oes::sim {

class accumulator {
 public:
  explicit accumulator(std::span<const metric_entry* const> metrics) {
    for (const auto* metric : metrics) slots_.push_back({*metric->plan});
  }

  /// One row of the current label. Null columns are skipped, as SQL's sum does.
  void add_row(std::span<const double> row) {
    any_ = true;
    for (auto& s : slots_) {
      s.first.add(row[s.plan.column]);
      if (s.plan.how == fold::ratio) s.second.add(row[s.plan.divisor]);
    }
  }

  /// No more rows of this label.
  void close_label() {
    for (auto& s : slots_) s.fold_label();
    filled_ = filled_ || any_;
    any_ = false;
  }

  [[nodiscard]] bool filled() const { return filled_; }

  /// Appends one value per metric and starts the next bucket.
  void close_bucket(std::vector<double>& out) {
    for (auto& s : slots_) {
      out.push_back(s.result());
      s = slot{s.plan};
    }
    filled_ = false;
  }

 private:
  struct nullable_sum {
    double total = 0;
    std::int64_t rows = 0;
    void add(double value) {
      if (std::isnan(value)) return;
      total += value;
      ++rows;
    }
  };

  struct slot {
    metric_plan plan;
    nullable_sum first{};  // of the current label
    nullable_sum second{};
    double total = 0;  // of the bucket
    double divisor = 0;
    std::int64_t count = 0;

    void fold_label() {
      if (first.rows > 0) {
        total += first.total * plan.scale;
        count += plan.how == fold::row_mean ? first.rows : 1;
      }
      if (second.rows > 0) divisor += second.total;
      first = {};
      second = {};
    }

    [[nodiscard]] double result() const {
      constexpr double null = std::numeric_limits<double>::quiet_NaN();
      switch (plan.how) {
        case fold::average:
        case fold::row_mean:
          return count > 0 ? round_to(total / static_cast<double>(count), 6) : null;
        case fold::sum:
          return count > 0 ? round_to(total, 6) : null;
        case fold::ratio:
          return divisor > 0 && count > 0 ? round_to(total / divisor * 100, 2) : null;
      }
      return null;
    }
  };

  std::vector<slot> slots_;
  bool any_ = false;
  bool filled_ = false;
};

}  // namespace oes::sim
