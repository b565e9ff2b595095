#include "progress/progress_reader.hpp"

#include <algorithm>
#include <utility>

#include "kafka/watermarks.hpp"
#include "model/fault_point.hpp"
#include "progress/operator_reason.hpp"
#include "progress/progress_check.hpp"
#include "progress/progress_codec.hpp"

namespace oes {
namespace {

using std::chrono::milliseconds;

constexpr auto slice = milliseconds(100);
constexpr int ask_timeout_ms = 1000;
constexpr std::size_t most_chains = 4096;
// A topic that a moment ago was made may not be known to every broker yet.
constexpr auto missing_for = milliseconds(500);

bool is_missing(rd_kafka_resp_err_t err) {
  return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
         err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

bool is_refusal(rd_kafka_resp_err_t err) {
  return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED || err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
         err == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION;
}

// A right may be given while we run; a name that is not possible stays so.
errc code_of(rd_kafka_resp_err_t refused) {
  return refused == RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION ? errc::kafka_refused : errc::kafka_unavailable;
}

std::string_view bytes(const void* data, std::size_t size) {
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

}  // namespace

progress_reader::progress_reader(const progress_settings& settings, logger& log)
    : settings_(settings),
      log_(log),
      timeout_(2 * settings.transaction_timeout + std::chrono::seconds(15)),
      deadline_(steady_now() + timeout_) {}

progress_reader::~progress_reader() { close(); }

std::optional<progress_reader::answer> progress_reader::step() {
  auto out = phase();
  if (!out && steady_now() >= deadline_) out = too_late();
  return out;
}

std::optional<progress_reader::answer> progress_reader::phase() {
  if (lost_place_) start_again();
  if (!handle_) return open(isolation_level::read_uncommitted);
  if (end_ < 0) return ask_end();
  if (!reading_) return start_reading();
  return read_some();
}

std::optional<progress_reader::answer> progress_reader::open(isolation_level level) {
  close();
  auto opened = kafka_consumer::open(settings_, level, log_);
  if (!opened) return opened.error();
  handle_ = std::move(*opened);
  topic_.reset(rd_kafka_topic_new(handle_->get(), settings_.topic.c_str(), nullptr));
  if (topic_) return std::nullopt;
  return error{errc::kafka_refused, "progress topic name '" + settings_.topic + "' is not possible"};
}

// High watermark as a read_uncommitted consumer sees it: any other handle is told the last stable offset.
std::optional<progress_reader::answer> progress_reader::ask_end() {
  const auto there = ask_topic();
  if (there == RD_KAFKA_RESP_ERR_NO_ERROR) {
    watermarks ends;
    const auto err =
        ask_watermarks(handle_->get(), settings_.topic, 0, std::chrono::milliseconds(ask_timeout_ms), ends);
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      begin_ = ends.low;
      end_ = ends.high;
      fault_point("progress-reader.end-known");
      found_.snapshot.place.topic = settings_.topic;
      note_cluster_id();
      reading_of_.end = ends.high;
      if (ends.low == ends.high) return answer(std::move(reading_of_));
      return std::nullopt;
    }
    return note(err);
  }
  if (!is_missing(there)) return note(there);
  const auto now = steady_now();
  if (!missing_since_) missing_since_ = now;
  if (now - *missing_since_ >= missing_for) return answer(progress_reading());
  rd_kafka_poll(handle_->get(), 50);  // nothing to poll for: a pause that a closing handle would end
  return std::nullopt;
}

rd_kafka_resp_err_t progress_reader::ask_topic() {
  const rd_kafka_metadata_t* raw = nullptr;
  const auto err = rd_kafka_metadata(handle_->get(), 0, topic_.get(), &raw, ask_timeout_ms);
  if (err != RD_KAFKA_RESP_ERR_NO_ERROR) return err;
  const kafka_metadata metadata(raw);
  if (metadata->topic_cnt != 1) return RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  return metadata->topics[0].err;
}

void progress_reader::note_cluster_id() {
  char* id = rd_kafka_clusterid(handle_->get(), ask_timeout_ms);
  if (id == nullptr) return;
  found_.snapshot.place.cluster_id = id;
  reading_of_.cluster_id = id;
  rd_kafka_mem_free(handle_->get(), id);
}

std::optional<progress_reader::answer> progress_reader::start_reading() {
  if (!second_) {
    auto failed = open(settings_.level);
    if (failed) return failed;
    second_ = true;
  }
  // With the leader known and the first offset given, librdkafka fetches at once; without, it retries after 500 ms.
  const auto there = ask_topic();
  if (there != RD_KAFKA_RESP_ERR_NO_ERROR) return note(there);
  if (rd_kafka_consume_start(topic_.get(), 0, begin_) != 0) return note(rd_kafka_last_error());
  reading_ = true;
  return std::nullopt;
}

std::optional<progress_reader::answer> progress_reader::read_some() {
  const auto until = steady_now() + slice;
  for (auto left = slice; left.count() > 0; left = std::chrono::duration_cast<milliseconds>(until - steady_now())) {
    const kafka_message message(rd_kafka_consume(topic_.get(), 0, static_cast<int>(left.count())));
    if (!message) return std::nullopt;
    auto out = take(*message);
    if (out || lost_place_) return out;
  }
  return std::nullopt;
}

std::optional<progress_reader::answer> progress_reader::take(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    // A smaller one is the last stable offset, in front of an undecided transaction: not the end.
    reached_ = std::max(reached_, message.offset);
    if (message.offset >= end_ || seeded_bug("read-to-stable-offset")) return finish();
    return std::nullopt;
  }
  if (is_corrupt(message.err)) {
    // librdkafka goes on after it: what it held would be missing.
    return error{errc::damaged, "progress topic " + settings_.topic + ", offset " + std::to_string(message.offset) +
                                    ": the broker has a damaged batch of records (" + rd_kafka_err2str(message.err) +
                                    ")"};
  }
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) lost_place_ = true;
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return note(message.err);
  const auto applied = apply_progress_record(found_.snapshot.state, found_.ledger, bytes(message.key, message.key_len),
                                             bytes(message.payload, message.len));
  if (!applied && applied.error().code == errc::damaged && !state_needs(bytes(message.key, message.key_len))) {
    log_.warn("a record of the progress topic cannot be read; nothing depends on it",
              {{"topic", settings_.topic}, {"offset", message.offset}, {"reason", applied.error().context}});
  } else if (!applied) {
    auto why = applied.error();
    why.context =
        "progress topic " + settings_.topic + ", offset " + std::to_string(message.offset) + ": " + why.context;
    return why;
  }
  note_history(bytes(message.key, message.key_len), bytes(message.payload, message.len));
  found_.snapshot.place.offset = message.offset;
  deadline_ = steady_now() + timeout_;
  reached_ = std::max(reached_, message.offset + 1);
  return std::nullopt;
}

progress_reader::answer progress_reader::finish() {
  fault_point("progress-reader.at-end");
  if (found_.snapshot.state.sequence == 0) return answer(std::move(reading_of_));
  const auto whole = check_progress(found_.snapshot.state, found_.ledger);
  if (!whole) {
    return error{whole.error().code, "progress topic " + settings_.topic + ": " + whole.error().context};
  }
  reading_of_.found = std::move(found_);
  return answer(std::move(reading_of_));
}

// Records were deleted, or the log was cut, while we read: nothing of what was folded can be kept.
void progress_reader::start_again() {
  close();
  lost_place_ = false;
  second_ = false;
  end_ = -1;
  reached_ = 0;
  found_ = {};
  reading_of_ = {};
}

// What a later comparison needs beyond the state itself.
void progress_reader::note_history(std::string_view key, std::string_view value) {
  const auto& state = found_.snapshot.state;
  if (key == "head" && !state.chain.empty()) {
    auto& chains = reading_of_.chains;
    chains[state.sequence] = state.chain;
    if (chains.size() > most_chains) chains.erase(chains.begin());
  }
  const auto reason = decode_reason(key, value);
  if (reason && *reason && (*reason)->reason.history == history_after::broken) {
    reading_of_.broken_at = std::max(reading_of_.broken_at, (*reason)->last_version);
  }
}

void progress_reader::close() {
  if (reading_) rd_kafka_consume_stop(topic_.get(), 0);
  reading_ = false;
  topic_.reset();
  handle_.reset();
}

// Whatever may pass is waited for until the deadline; what an operator must mend is not.
std::optional<progress_reader::answer> progress_reader::note(rd_kafka_resp_err_t err) {
  last_error_ = handle_ ? handle_->reason(err) : rd_kafka_err2str(err);
  if (!is_refusal(err)) return std::nullopt;
  return error{code_of(err), "cannot read progress topic " + settings_.topic + ": " + last_error_};
}

error progress_reader::too_late() const {
  auto text = "progress topic " + settings_.topic + " partition 0 could not be read to its end, nothing came for " +
              std::to_string(std::chrono::duration_cast<std::chrono::seconds>(timeout_).count()) + " s: ";
  if (end_ < 0) {
    text += "its end is not known";
  } else {
    text += "reached offset " + std::to_string(reached_) + " of " + std::to_string(end_);
    if (last_error_.empty()) text += " (an undecided transaction holds it back)";
  }
  if (!last_error_.empty()) text += "; last error: " + last_error_;
  return {errc::kafka_unavailable, std::move(text)};
}

}  // namespace oes
