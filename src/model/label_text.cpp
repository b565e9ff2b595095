#include "model/label_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace oes {
namespace {

constexpr std::string_view letters = ".csABCDEFGHIJKLM";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct run {
  std::uint16_t value = 0;
  std::size_t length = 0;
  bool operator==(const run&) const = default;
};

std::vector<run> runs_of(const std::vector<std::uint16_t>& cells, std::size_t size) {
  std::vector<run> out;
  for (std::size_t i = 0; i < size;) {
    const auto end = run_end(cells, i, size);
    out.push_back({cells[i], end - i});
    i = end;
  }
  return out;
}

void put(std::string& out, const run& one) {
  out += letters[one.value];
  if (one.length > 1) out += std::to_string(one.length);
}

std::string write_runs(const std::vector<run>& runs) {
  std::string out;
  for (std::size_t i = 0; i < runs.size();) {
    std::size_t pairs = 1;
    while (i + 2 * pairs + 1 < runs.size() && runs[i] == runs[i + 2 * pairs] &&
           runs[i + 1] == runs[i + 2 * pairs + 1]) {
      ++pairs;
    }
    if (pairs < 3) {
      put(out, runs[i++]);
      continue;
    }
    out += '(';
    put(out, runs[i]);
    put(out, runs[i + 1]);
    out += ')' + std::to_string(pairs);
    i += 2 * pairs;
  }
  return out;
}

constexpr std::size_t bits_of_a_letter = 6;

unsigned width_for(const std::vector<run>& runs) {
  return std::all_of(runs.begin(), runs.end(), [](const run& one) { return one.value < 4; }) ? 2 : 4;
}

std::size_t bits_length(std::size_t size, unsigned width) {
  return 2 + (size * width + bits_of_a_letter - 1) / bits_of_a_letter;
}

std::string write_bits(const std::vector<std::uint16_t>& cells, std::size_t size, unsigned width) {
  std::string out(width == 2 ? "2:" : "4:");
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < size; ++i) {
    held |= std::uint32_t{cells[i]} << bits;
    bits += width;
    if (bits >= 6) {
      out += base64[held & 63U];
      held >>= 6U;
      bits -= 6;
    }
  }
  if (bits > 0) out += base64[held & 63U];
  return out;
}

// Reads a text to its end; no step goes beyond `size` cells.
class cell_reader {
 public:
  cell_reader(std::string_view text, std::size_t size) : left_(text), size_(size) {}

  bool runs() {
    while (!left_.empty()) {
      if (!(left_.front() == '(' ? pairs() : one_run())) return false;
    }
    return true;
  }

  bool bits(unsigned width) {
    std::uint32_t held = 0;
    unsigned count = 0;
    for (const char c : left_) {
      const auto digit = base64.find(c);
      if (digit == std::string_view::npos) return false;
      held |= static_cast<std::uint32_t>(digit) << count;
      count += 6;
      for (; count >= width; count -= width, held >>= width) {
        const auto value = static_cast<std::uint16_t>(held & ((1U << width) - 1));
        if (cells_.size() < size_) {
          cells_.push_back(value);
        } else if (value != 0) {
          return false;
        }
      }
    }
    return held == 0;
  }

  std::vector<std::uint16_t> take() {
    cells_.resize(size_, 0);
    return std::move(cells_);
  }

 private:
  std::optional<std::size_t> number() {
    if (left_.empty() || left_.front() < '0' || left_.front() > '9') return 1;
    std::size_t out = 0;
    while (!left_.empty() && left_.front() >= '0' && left_.front() <= '9') {
      out = out * 10 + static_cast<std::size_t>(left_.front() - '0');
      if (out > size_) return std::nullopt;
      left_.remove_prefix(1);
    }
    return out;
  }

  std::optional<run> token() {
    if (left_.empty()) return std::nullopt;
    const auto value = letters.find(left_.front());
    if (value == std::string_view::npos) return std::nullopt;
    left_.remove_prefix(1);
    const auto length = number();
    if (!length || *length == 0) return std::nullopt;
    return run{static_cast<std::uint16_t>(value), *length};
  }

  bool add(const run& one) {
    if (one.length > size_ - cells_.size()) return false;
    cells_.insert(cells_.end(), one.length, one.value);
    return true;
  }

  bool one_run() {
    const auto one = token();
    return one && add(*one);
  }

  bool pairs() {
    if (!skip('(')) return false;
    const auto first = token();
    const auto second = token();
    if (!first || !second || !skip(')')) return false;
    const auto times = number();
    if (!times) return false;
    for (std::size_t i = 0; i < *times; ++i) {
      if (!add(*first) || !add(*second)) return false;
    }
    return true;
  }

  bool skip(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }

  std::string_view left_;
  std::size_t size_;
  std::vector<std::uint16_t> cells_;
};

}  // namespace

std::string write_cells(const std::vector<std::uint16_t>& cells) {
  const auto last = std::find_if(cells.rbegin(), cells.rend(), [](std::uint16_t c) { return c != 0; });
  const auto size = static_cast<std::size_t>(cells.rend() - last);
  const auto all = runs_of(cells, size);
  auto runs = write_runs(all);
  const auto width = width_for(all);
  return runs.size() <= bits_length(size, width) ? runs : write_bits(cells, size, width);
}

std::size_t run_end(const std::vector<std::uint16_t>& cells, std::size_t from, std::size_t size) {
  // A month is mostly of few runs: four at a time.
  const std::array<std::uint16_t, 4> same{cells[from], cells[from], cells[from], cells[from]};
  auto i = from + 1;
  while (i + same.size() <= size && std::memcmp(&cells[i], same.data(), sizeof same) == 0) i += same.size();
  while (i < size && cells[i] == cells[from]) ++i;
  return i;
}

std::optional<std::vector<std::uint16_t>> read_cells(std::string_view text, std::size_t size) {
  const bool narrow = text.starts_with("2:");
  const bool wide = text.starts_with("4:");
  cell_reader reader(narrow || wide ? text.substr(2) : text, size);
  const bool read = narrow || wide ? reader.bits(narrow ? 2 : 4) : reader.runs();
  if (!read) return std::nullopt;
  return reader.take();
}

}  // namespace oes
