#include "simulator/render.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "model/network.hpp"
#include "simulator/envelope.hpp"
#include "simulator/json_text.hpp"
#include "simulator/python_number.hpp"

namespace oes::sim {
namespace {

std::string columns_json(const group_labels& labels) {
  std::string out = "{";
  const auto add = [&out](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  };
  add("unit_code", labels.unit_code);
  add("region", labels.region);
  add("fueltech", labels.fueltech);
  add("fueltech_group", labels.fueltech_group);
  add("status", labels.status);
  if (labels.renewable != 0) {
    if (out.size() > 1) out += ',';
    out += labels.renewable == 't' ? R"("renewable":true)" : R"("renewable":false)";
  }
  return out + "}";
}

std::string groupings_json(const series_query& q) {
  if (q.secondary == secondary_grouping::none) return "[]";
  return json_strings({std::string(code(q.primary)), std::string(code(q.secondary))});
}

// Labels' texts, written once per label instead of once per point.
class label_texts {
 public:
  explicit label_texts(std::chrono::minutes offset) : offset_(offset) {}
  const std::string& of(network_time label) {
    auto& text = texts_[label.time_since_epoch().count()];
    if (text.empty()) text = "\"" + format(label, offset_) + "\"";
    return text;
  }

 private:
  std::chrono::minutes offset_;
  std::map<std::int64_t, std::string> texts_;
};

class series_writer {
 public:
  series_writer(const series_query& q, const std::vector<grouped_series>& all, bool with_blocks)
      : query_(q), all_(all), with_blocks_(with_blocks), texts_(utc_offset(q.net)) {
    network_time first = all.front().at.front();
    network_time last = all.front().at.back();
    for (const auto& s : all) {
      first = std::min(first, s.at.front());
      last = std::max(last, s.at.back());
      std::vector<const std::string*> row;
      for (const auto at : s.at) row.push_back(&texts_.of(at));
      labels_.push_back(std::move(row));
    }
    span_ = R"("date_start":)" + texts_.of(first) + R"(,"date_end":)" + texts_.of(last);
  }

  rendered write(utc_time now) {
    out_.body = envelope_start(now) + "[";
    if (with_blocks_) out_.blocks = "[";
    for (std::size_t m = 0; m < query_.metrics.size(); ++m) write_metric(m);
    out_.body += "]}";
    if (with_blocks_) out_.blocks += "]";
    return std::move(out_);
  }

 private:
  void write_metric(std::size_t m) {
    const auto& metric = *query_.metrics[m];
    const auto head = R"("network_code":")" + std::string(code(query_.net)) + R"(","metric":")" +
                      std::string(metric.name) + R"(","unit":")" + std::string(metric.unit) + R"(","interval":")" +
                      std::string(code(query_.interval)) + "\",";
    if (m > 0) out_.body += ',';
    out_.body += "{" + head + span_ + R"(,"groupings":)" + groupings_json(query_) + R"(,"results":[)";
    if (with_blocks_) out_.blocks.append(m > 0 ? ",{" : "{").append(head).append(R"("series":[)");
    for (std::size_t s = 0; s < all_.size(); ++s) {
      if (s > 0) out_.body += ',';
      write_series(metric, m, s);
      if (with_blocks_) write_block_series(m, s);
    }
    const auto offset = format(network_time{}, utc_offset(query_.net)).substr(19);
    out_.body += R"(],"network_timezone_offset":")" + offset + "\"}";
    if (with_blocks_) out_.blocks += "]}";
  }

  void write_series(const metric_entry& metric, std::size_t m, std::size_t s) {
    const auto& series = all_[s];
    auto& body = out_.body;
    body += R"({"name":)" + json_string(std::string(metric.name) + "_" + series.key) + "," + span_ + R"(,"columns":)" +
            columns_json(series.labels) + R"(,"data":[)";
    for (std::size_t i = 0; i < series.at.size(); ++i) {
      body.append(i > 0 ? ",[" : "[").append(*labels_[s][i]) += ',';
      const double value = series.values[i * query_.metrics.size() + m];
      if (std::isnan(value)) {
        body += "null";
      } else {
        append_python_number(body, value);
      }
      body += ']';
    }
    body += "]}";
  }

  // first and step where labels are evenly spaced, else the list of labels.
  void write_block_series(std::size_t m, std::size_t s) {
    const auto& series = all_[s];
    auto& blocks = out_.blocks;
    blocks += (s > 0 ? R"(,{"columns":)" : R"({"columns":)") + columns_json(series.labels);
    const auto even = even_step(series.at);
    if (even) {
      blocks += R"(,"first":)" + *labels_[s].front() + R"(,"step":)" + std::to_string(even->count());
    } else {
      blocks += R"(,"labels":[)";
      for (std::size_t i = 0; i < series.at.size(); ++i) blocks.append(i > 0 ? "," : "").append(*labels_[s][i]);
      blocks += ']';
    }
    blocks += R"(,"values":[)";
    for (std::size_t i = 0; i < series.at.size(); ++i) {
      if (i > 0) blocks += ',';
      const double value = series.values[i * query_.metrics.size() + m];
      if (std::isnan(value)) {
        blocks += "null";
        continue;
      }
      blocks += '"';
      append_python_number(blocks, value);
      blocks += '"';
    }
    blocks += "]}";
  }

  [[nodiscard]] std::optional<std::chrono::seconds> even_step(const std::vector<network_time>& at) const {
    const auto step = fixed_step(query_.interval);
    if (!step) return std::nullopt;
    for (std::size_t i = 1; i < at.size(); ++i) {
      if (at[i] - at[i - 1] != *step) return std::nullopt;
    }
    return step;
  }

  const series_query& query_;
  const std::vector<grouped_series>& all_;
  bool with_blocks_;
  label_texts texts_;
  std::vector<std::vector<const std::string*>> labels_;
  std::string span_;
  rendered out_;
};

}  // namespace

rendered render_series(const series_query& query, const std::vector<grouped_series>& all, utc_time now,
                       bool with_blocks) {
  return series_writer(query, all, with_blocks).write(now);
}

}  // namespace oes::sim
