#include "migrate/old_job.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "model/metric.hpp"
#include "model/utf8.hpp"

namespace oes {
namespace {

using kind = python_literal::kind;

constexpr double shortest_batch = 1.0 / 60;  // hours

std::string in_quotes(std::string_view text) { return "'" + printable(text, longest_shown) + "'"; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// A value whose own text is a literal again, as Spark hands options on: "['power', 'energy']", "None", "True".
python_literal unfolded(const python_literal& value) {
  if (value.is != kind::text) return value;
  const auto text = trimmed(value.text);
  const bool bracketed = !text.empty() && std::string_view("[({").find(text.front()) != std::string_view::npos;
  if (bracketed || text == "None" || text == "null" || text == "True" || text == "False" || text == "true" ||
      text == "false") {
    if (auto inner = read_python_literal(text)) return *inner;
  }
  return value;
}

/// `power` of `<DataMetric.POWER: 'power'>`; what is no such thing, as it is.
std::string_view value_of_member(std::string_view text) {
  constexpr std::string_view before = ": '";
  constexpr std::string_view behind = "'>";
  const auto at = text.find(before);
  if (!text.starts_with('<') || !text.ends_with(behind) || at == std::string_view::npos) return text;
  text.remove_prefix(std::min(at + before.size(), text.size() - behind.size()));
  return text.substr(0, text.size() - behind.size());
}

bool is_absent(const python_literal& value) {
  return value.is == kind::none || (value.is == kind::text && trimmed(value.text).empty());
}

/// `2024, 1, 15, 10, 30` of `datetime(…)`.
std::optional<network_time> from_datetime_call(std::string_view code) {
  constexpr std::string_view call = "datetime(";
  if (code.starts_with("datetime.datetime(")) code.remove_prefix(9);
  if (!code.starts_with(call) || !code.ends_with(')')) return std::nullopt;
  const auto list = "[" + std::string(code.substr(call.size(), code.size() - call.size() - 1)) + "]";
  const auto read = read_python_literal(list);
  if (!read || read->items.size() < 3 || read->items.size() > 7) return std::nullopt;
  std::vector<std::int64_t> parts;
  for (const auto& item : read->items) {
    const auto number = item.is == kind::number ? parse_integer(item.text) : std::nullopt;
    if (!number || *number < 0 || *number > 999'999) return std::nullopt;
    parts.push_back(*number);
  }
  parts.resize(7);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return parse_network_time(std::to_string(parts[0]) + "-" + two(parts[1]) + "-" + two(parts[2]) + "T" + two(parts[3]) +
                            ":" + two(parts[4]) + ":" + two(parts[5]));
}

class job_reader {
 public:
  explicit job_reader(std::string what) : what_(std::move(what)) {}

  result<old_job> read(const option_set& options) {
    for (const auto& one : options.unread) complain(one, "write the options themselves there");
    job_.where = what_;
    job_.remarks = options.remarks;
    // The network first: a time with an offset is put on its clock.
    for (const auto& [name, value] : options.options) {
      if (name == "network_code") take(name, value);
    }
    for (const auto& [name, value] : options.options) {
      if (name != "network_code") take(name, value);
    }
    if (!complaints_.empty()) return error{errc::bad_config, complaints_};
    return std::move(job_);
  }

 private:
  using row = std::function<void(job_reader&, const std::string&, const python_literal&)>;
  static const std::map<std::string, row>& rows();

  void take(const std::string& name, const python_literal& value) {
    const auto known = rows().find(name);
    if (known == rows().end()) return job_.unknown.push_back(printable(name, longest_shown));
    const auto meant = unfolded(value);
    if (!is_absent(meant)) known->second(*this, name, meant);
  }

  void complain(const std::string& option, const std::string& why) {
    complaints_ += (complaints_.empty() ? "" : "\n") + what_ + ": " + option + ": " + why;
  }
  void complain_of_code(const std::string& option, const python_literal& value) {
    const auto line = value.line == 0 ? "" : ", line " + std::to_string(value.line);
    complain(option, "it is Python code (" + shown_code(value.text) + line +
                         "), which is not run here: write its value instead");
  }

  std::optional<std::string> text(const std::string& option, const python_literal& value) {
    if (value.is == kind::text || value.is == kind::number) return std::string(trimmed(value.text));
    if (value.is == kind::code) {
      complain_of_code(option, value);
    } else {
      complain(option, "a text was expected");
    }
    return std::nullopt;
  }

  std::optional<double> number(const std::string& option, const python_literal& value) {
    const auto written = text(option, value);
    if (!written) return std::nullopt;
    const auto read = parse_number(*written);
    if (read && std::isfinite(*read) && *read >= 0 && *read <= 1'000'000) return read;
    complain(option, in_quotes(*written) + " is no number of hours");
    return std::nullopt;
  }

  template <class Value>
  void choice(const std::string& option, const python_literal& value, std::optional<Value> (*parse)(std::string_view),
              const std::vector<std::string>& known, Value& into) {
    const auto written = text(option, value);
    if (!written) return;
    const auto read = parse(*written);
    if (read) {
      into = *read;
    } else {
      complain(option, in_quotes(*written) + " is none of " + listed(known) + did_you_mean(*written, known));
    }
  }

  void metrics(const std::string& option, const python_literal& value) {
    std::vector<std::string> names;
    if (value.is == kind::list) {
      for (const auto& item : value.items) names.push_back(metric(option, item));
    } else if (value.is == kind::code && value.line == 0 && value.text.starts_with("DataMetric.")) {
      names.push_back(metric(option, value));
    } else if (const auto written = text(option, value)) {
      std::string_view rest = *written;
      // The text that Spark makes of a list of the SDK's enumeration: [<DataMetric.POWER: 'power'>].
      if (rest.starts_with("[<") && rest.ends_with(">]")) rest = rest.substr(1, rest.size() - 2);
      while (!rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        names.emplace_back(value_of_member(trimmed(rest.substr(0, comma))));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    }
    job_.metrics.clear();
    for (const auto& name : names) {
      if (name.empty() || std::find(job_.metrics.begin(), job_.metrics.end(), name) != job_.metrics.end()) continue;
      check_metric_name(option, name);
      job_.metrics.push_back(name);
    }
    if (job_.metrics.empty() && complaints_.empty()) complain(option, "it names no metric");
  }

  // The SDK's enumeration too: DataMetric.POWER.
  std::string metric(const std::string& option, const python_literal& item) {
    if (item.is == kind::code && item.line == 0) {
      const auto dot = item.text.find('.');
      const bool named = dot != std::string::npos && item.text.substr(0, dot).ends_with("Metric");
      std::string name = named ? item.text.substr(dot + 1) : "";
      for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      if (may_be_metric(name)) return name;
    }
    return text(option, item).value_or("");
  }

  void check_metric_name(const std::string& option, const std::string& name) {
    if (find_metric(name) || may_be_metric(name)) return;
    std::vector<std::string> known;
    for (const auto& one : known_metrics()) known.emplace_back(one.name);
    complain(option, in_quotes(name) + " is no metric" + did_you_mean(name, known));
  }

  void start_time(const std::string& option, const python_literal& value) {
    if (value.is == kind::code) {
      if (value.line == 0) job_.start_time = from_datetime_call(value.text);
      if (!job_.start_time) complain_of_code(option, value);
      return;
    }
    const auto written = text(option, value);
    if (!written) return;
    auto spelled = *written;
    if (spelled.size() > 10 && spelled[10] == ' ') spelled[10] = 'T';
    job_.start_time = read_typed_time(spelled, job_.net);
    if (!job_.start_time) complain(option, in_quotes(*written) + " is no time like 2024-01-15T10:30:00");
  }

  void base_url(const std::string& option, const python_literal& value) {
    const auto written = text(option, value);
    if (!written) return;
    if (const auto fault = fault_of_text(*written)) return complain(option, "it " + *fault);
    if (!written->starts_with("https://") && !written->starts_with("http://")) {
      return complain(option, in_quotes(*written) + " is no URL like https://api.openelectricity.org.au/v4");
    }
    job_.base_url = *written;
  }

  std::string what_;
  old_job job_;
  std::string complaints_;
};

const std::map<std::string, job_reader::row>& job_reader::rows() {
  using literal = python_literal;
  static const std::map<std::string, row> known{
      {"api_key", [](job_reader& r, const std::string&, const literal&) { r.job_.has_key = true; }},
      {"base_url", [](job_reader& r, const std::string& option, const literal& v) { r.base_url(option, v); }},
      {"progress_path",  // what is no text is passed over: migrate takes the file by --progress
       [](job_reader& r, const std::string&, const literal& v) {
         if (v.is == kind::text) r.job_.progress_path = std::string(trimmed(v.text));
       }},
      {"network_code",
       [](job_reader& r, const std::string& option, const literal& v) {
         r.choice(option, v, &parse_network, {"NEM", "WEM", "AU"}, r.job_.net);
       }},
      {"metrics", [](job_reader& r, const std::string& option, const literal& v) { r.metrics(option, v); }},
      {"interval",
       [](job_reader& r, const std::string& option, const literal& v) {
         r.choice(option, v, &parse_interval_size, {"5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy"},
                  r.job_.interval);
       }},
      {"primary_grouping",
       [](job_reader& r, const std::string& option, const literal& v) {
         r.choice(option, v, &parse_primary_grouping, {"network", "network_region"}, r.job_.primary);
       }},
      {"secondary_grouping",
       [](job_reader& r, const std::string& option, const literal& v) {
         r.choice(option, v, &parse_secondary_grouping, {"fueltech", "fueltech_group", "status", "renewable"},
                  r.job_.secondary);
       }},
      {"batch_size_hours",
       [](job_reader& r, const std::string& option, const literal& v) {
         r.job_.batch_size_hours = r.number(option, v).value_or(1);
         if (r.job_.batch_size_hours < shortest_batch) r.complain(option, "less than a minute is no batch");
       }},
      {"start_hours_ago", [](job_reader& r, const std::string& option,
                             const literal& v) { r.job_.start_hours_ago = r.number(option, v); }},
      {"start_time", [](job_reader& r, const std::string& option, const literal& v) { r.start_time(option, v); }},
      {"end_time", [](job_reader& r, const std::string&, const literal&) { r.job_.has_end = true; }},
      {"reset_progress", [](job_reader& r, const std::string&, const literal& v) {
         r.job_.resets_progress = v.is == kind::boolean ? v.truth : v.text != "0";
       }}};
  return known;
}

}  // namespace

result<old_job> read_old_job(const option_set& options, const std::string& what) {
  return job_reader(what).read(options);
}

}  // namespace oes
