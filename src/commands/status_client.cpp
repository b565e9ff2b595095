#include "commands/status_client.hpp"

#include <rapidjson/document.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <sstream>

#include "async/stream_deadline.hpp"
#include "telemetry/human_text.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

error away(const telemetry_settings& settings, const beast::error_code& why) {
  return {errc::network_error, "no daemon answers on " + settings.http_address + ":" +
                                   std::to_string(settings.http_port) + ": " + why.message()};
}

std::string text_of(const rapidjson::Value& object, const char* name) {
  const auto field = object.FindMember(name);
  if (field == object.MemberEnd() || field->value.IsNull()) return "-";
  if (field->value.IsString()) return field->value.GetString();
  if (field->value.IsInt64()) return std::to_string(field->value.GetInt64());
  if (field->value.IsNumber()) {
    std::ostringstream out;
    out << static_cast<std::int64_t>(field->value.GetDouble());
    return out.str();
  }
  if (field->value.IsBool()) return field->value.GetBool() ? "yes" : "no";
  return "-";
}

void put_row(std::ostringstream& out, const std::array<std::string, 8>& cells) {
  constexpr std::array<std::size_t, 8> widths{16, 8, 26, 14, 26, 9, 10, 5};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << cells[i];
    if (cells[i].size() < widths[i]) out << std::string(widths[i] - cells[i].size(), ' ');
    out << ' ';
  }
  out << '\n';
}

// Those that are still asked for; beside them those that are too old for it.
std::string gaps_of(const rapidjson::Value& row) {
  const auto given_up = text_of(row, "given_up_gaps");
  const auto open = text_of(row, "open_gaps");
  return given_up == "0" || given_up == "-" ? open : open + ", " + given_up + " given up";
}

void put_backfill(std::ostringstream& out, const rapidjson::Value& status) {
  const auto found = status.FindMember("backfill");
  if (found == status.MemberEnd() || !found->value.IsObject()) return;
  const auto& one = found->value;
  out << "\nbackfill " << text_of(one, "stream") << "  " << text_of(one, "from") << " to " << text_of(one, "to")
      << "  chunks " << text_of(one, "chunks_done") << " of " << text_of(one, "chunks") << "  records "
      << text_of(one, "records") << "  requests " << text_of(one, "requests") << '\n';
  const auto waits = text_of(one, "waits_for");
  if (!waits.empty()) out << "    waits until " << text_of(one, "until") << ": " << waits << '\n';
}

// A level or state, green, yellow or red.
std::string painted(const std::string& word, ink how) {
  if (how == ink::plain) return word;
  const auto* colour = word == "ok" ? "32" : word == "degraded" ? "33" : word == "failing" ? "1;31" : "0";
  return std::string("\x1b[") + colour + "m" + word + "\x1b[0m";
}

const rapidjson::Value* health_in(const rapidjson::Value& status) {
  const auto found = status.FindMember("health");
  return found != status.MemberEnd() && found->value.IsObject() ? &found->value : nullptr;
}

std::string reason_text(const rapidjson::Value& reason) {
  auto out = text_of(reason, "what");
  const auto since = text_of(reason, "since");
  if (since != "-") out += "; since " + since;
  const auto then = text_of(reason, "then");
  if (!then.empty() && then != "-") out += "; " + then;
  return out;
}

void put_health(std::ostringstream& out, const rapidjson::Value& status, ink how) {
  const auto* health = health_in(status);
  if (health == nullptr) return;
  out << "health " << painted(text_of(*health, "level"), how) << '\n';
  const auto reasons = health->FindMember("reasons");
  if (reasons == health->MemberEnd() || !reasons->value.IsArray()) return;
  for (const auto& reason : reasons->value.GetArray()) {
    out << "    " << painted(text_of(reason, "level"), how) << ": " << reason_text(reason) << '\n';
  }
}

// How a file that would not do is told (config_reload).
constexpr std::string_view would_be_refused = "it would be refused";

// Only where there is something to do.
void put_configuration(std::ostringstream& out, const rapidjson::Value& status) {
  const auto found = status.FindMember("config");
  if (found == status.MemberEnd() || !found->value.IsObject()) return;
  const auto& config = found->value;
  const auto differs = text_of(config, "differs");
  const auto refused = config.FindMember("refused");
  if (refused != config.MemberEnd() && refused->value.IsBool() && refused->value.GetBool()) {
    out << "configuration: " << text_of(config, "outcome") << '\n';
  } else if (!differs.empty()) {
    const bool usable = !differs.starts_with(would_be_refused);
    out << "configuration: " << text_of(config, "file") << " is not what runs (" << differs
        << (usable ? "): reload takes it over\n" : "): correct it; a restart would end with 78\n");
  }
}

}  // namespace

result<daemon_reply> ask_daemon(const telemetry_settings& settings, const std::string& path) {
  asio::io_context loop;
  beast::tcp_stream stream(loop);
  end_by(stream, steady_after(std::chrono::seconds(3)));
  const auto listens_everywhere = settings.http_address == "0.0.0.0" || settings.http_address == "::";
  beast::error_code failed;
  const auto address =
      asio::ip::make_address(listens_everywhere ? std::string("127.0.0.1") : settings.http_address, failed);
  if (failed) return away(settings, failed);
  http::response<http::string_body> response;
  beast::flat_buffer buffer;
  http::request<http::empty_body> request(http::verb::get, path, 11);
  request.set(http::field::host, "localhost");
  request.set(http::field::connection, "close");
  // Asynchronous with a run(): only so do tcp_stream's deadlines hold.
  stream.async_connect(asio::ip::tcp::endpoint(address, settings.http_port), [&](beast::error_code ec) {
    failed = ec;
    if (failed) return;
    http::async_write(stream, request, [&](beast::error_code written, std::size_t) {
      failed = written;
      if (failed) return;
      http::async_read(stream, buffer, response, [&](beast::error_code read, std::size_t) { failed = read; });
    });
  });
  loop.run();
  if (failed) return away(settings, failed);
  return daemon_reply{static_cast<int>(response.result_int()), std::move(response.body())};
}

std::string why_not_ready(const std::string& json) {
  rapidjson::Document status;
  status.Parse(json.c_str());
  const auto* health = status.IsObject() ? health_in(status) : nullptr;
  if (health == nullptr) return "the daemon's status tells no health";
  if (text_of(*health, "level") != "failing") return "";
  std::string out = "not ready";
  const auto reasons = health->FindMember("reasons");
  if (reasons == health->MemberEnd() || !reasons->value.IsArray()) return out;
  for (const auto& reason : reasons->value.GetArray()) out += "\n" + reason_text(reason);
  return out;
}

bool is_status_of(const std::string& json, const std::string& deployment, const std::string& pid) {
  rapidjson::Document status;
  status.Parse(json.c_str());
  if (!status.IsObject()) return false;
  if (!deployment.empty() && text_of(status, "deployment") != deployment) return false;
  return pid.empty() || text_of(status, "instance").find("-" + pid + "-") != std::string::npos;  // host-pid-random
}

std::string status_as_text(const std::string& json, ink how) {
  rapidjson::Document status;
  status.Parse(json.c_str());
  if (!status.IsObject()) return json + "\n";
  std::ostringstream out;
  put_health(out, status, how);
  put_configuration(out, status);
  out << "deployment " << text_of(status, "deployment") << "  role " << text_of(status, "role") << "  sequence "
      << text_of(status, "sequence") << "  records " << text_of(status, "records") << "  requests "
      << text_of(status, "requests") << "  credits " << text_of(status, "credits_used_today") << " of "
      << text_of(status, "credits_per_day");
  const auto stretch = status.FindMember("stretch");
  const auto resumes = text_of(status, "credits_resume_at");
  if (resumes != "-" && !resumes.empty()) {
    out << ", spent: polls go on at " << resumes;
  } else if (stretch != status.MemberEnd() && stretch->value.IsNumber() && stretch->value.GetDouble() > 1.05) {
    out << ", polls " << times_text(stretch->value.GetDouble()) << " further apart than wanted";
  }
  out << "\n\n";
  put_row(out, {"STREAM", "NETWORK", "METRIC", "STATE", "NEWEST INTERVAL", "LAG S", "RECORDS", "GAPS"});
  const auto members = status.FindMember("streams");
  if (members == status.MemberEnd() || !members->value.IsArray()) return out.str();
  for (const auto& row : members->value.GetArray()) {
    put_row(out, {text_of(row, "stream"), text_of(row, "network"), text_of(row, "metric"), text_of(row, "state"),
                  text_of(row, "newest"), text_of(row, "lag_seconds"), text_of(row, "records"), gaps_of(row)});
    const auto fault = text_of(row, "last_error");
    if (fault != "-" && !fault.empty()) out << "    " << fault << '\n';
  }
  put_backfill(out, status);
  return out.str();
}

}  // namespace oes
