#pragma once
// What an operator asks of the deployment's one writer, and what it answers. Values, and their one-line JSON forms.
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"

namespace oes {

enum class job_kind { status, show, reset, trust, adopt, seek, rename, import_progress, backfill, reload };
std::string_view name(job_kind kind);

/// Plan: say what it would do and cost, change nothing. Perform: do it.
enum class job_step { plan, perform };

/// How a job gets along with the request groups of the daemon that does it.
enum class job_manner {
  reading,    ///< answered from what is known, at any time; status also where another instance leads
  beside,     ///< runs with them, for as long as it takes
  exclusive,  ///< the groups are stopped first and open again from what it leaves
};
job_manner manner_of(job_kind kind, job_step step);

struct job {
  job_kind kind = job_kind::show;
  job_step step = job_step::plan;
  std::string deployment;  ///< whose daemon is meant; empty: whichever serves the folder
  std::string stream;      ///< reset, seek, backfill; rename: the old name
  std::string metric;      ///< reset, seek, backfill; empty: all
  std::string from;        ///< backfill: a time
  std::string to;          ///< seek, backfill: a time; rename: the new name
  std::string side;        ///< trust: kafka or file
  std::string document;    ///< import: an export's text
  bool replace = false;    ///< import
  bool refresh = false;    ///< backfill
  bool republish = false;  ///< backfill
  std::string reason;
  std::string who;
  std::string host;
  std::string command;  ///< the command as typed, for the record
};

struct job_answer {
  int exit = 0;
  std::string text;  ///< one line: the result, or why not
  bool must_confirm = false;
  std::vector<std::string> says = {};
  std::string document = {};  ///< show: progress.json's text; status: status.json's
};

/// One line of JSON, without the newline.
std::string to_line(const job& asked);
std::string to_line(const job_answer& given);
/// errc::malformed: another protocol, another release, or nonsense; the context says what.
result<job> job_from_line(std::string_view line);
result<job_answer> answer_from_line(std::string_view line);

}  // namespace oes
