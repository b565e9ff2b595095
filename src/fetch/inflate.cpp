#include "fetch/inflate.hpp"

#include <zlib.h>

#include <new>
#include <string>

namespace oes {
namespace {

constexpr int gzip_window = 15 + 16;  // zlib: largest window, gzip wrapper expected
// zlib saves its 32 KiB window at every return: large steps make that small beside the work.
constexpr std::size_t step = 256UL * 1024;

}  // namespace

struct inflater::machinery {
  z_stream stream{};
  std::unique_ptr<char[]> scratch = std::unique_ptr<char[]>(new char[step]);  // not zeroed: zlib fills it
  bool at_end = false;                                                        ///< of a member; another may follow
};

inflater::inflater() : machinery_(std::make_unique<machinery>()) {
  if (inflateInit2(&machinery_->stream, gzip_window) != Z_OK) throw std::bad_alloc();
}

inflater::~inflater() { inflateEnd(&machinery_->stream); }

result<void> inflater::feed(std::string_view compressed, body_text& out) {
  auto& z = machinery_->stream;
  // zlib does not write through next_in; its type is older than const.
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  z.avail_in = static_cast<uInt>(compressed.size());
  bool full = false;  // zlib may hold back output although it took all input
  while (z.avail_in > 0 || full) {
    if (machinery_->at_end) {
      inflateReset(&z);
      machinery_->at_end = false;
    }
    z.next_out = reinterpret_cast<Bytef*>(machinery_->scratch.get());
    z.avail_out = static_cast<uInt>(step);
    const int outcome = inflate(&z, Z_NO_FLUSH);
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) {
      return error{errc::network_error, "the gzip body is damaged"};
    }
    if (!out.append({machinery_->scratch.get(), step - z.avail_out})) {
      return error{errc::too_large, "the inflated body is larger than allowed"};
    }
    machinery_->at_end = outcome == Z_STREAM_END;
    full = z.avail_out == 0 && !machinery_->at_end;
  }
  return {};
}

result<void> inflater::finish() const {
  if (machinery_->at_end) return {};
  return error{errc::network_error, "the gzip body ends too early"};
}

}  // namespace oes
