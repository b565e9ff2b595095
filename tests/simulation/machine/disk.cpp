#include "simulation/machine/disk.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "simulation/machine/machine.hpp"

namespace oes::simulation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_earlier = 40;

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a function of the C library is handed nothing
std::vector<disk*> all_disks;

int refused(int why) {
  errno = why;
  return -1;
}

std::string folder_of(const std::string& path) { return fs::path(path).parent_path().string(); }

void write_out(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

bool changes(int flags) { return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0; }

}  // namespace

disk::disk(std::string folder, std::function<std::uint64_t()> draw)
    : folder_(std::move(folder)), draw_(std::move(draw)) {
  all_disks.push_back(this);
}

disk::~disk() { std::erase(all_disks, this); }

disk* disk::of_path(std::string_view path) {
  for (auto* one : all_disks) {
    const auto& folder = one->folder_;
    if (path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/')) return one;
  }
  return nullptr;
}

disk* disk::of_descriptor(int descriptor) {
  for (auto* one : all_disks) {
    if (one->opened_.contains(descriptor)) return one;
  }
  return nullptr;
}

void disk::wait() {
  auto* here = machine::running();
  if (faults.slow.count() == 0 || here == nullptr || here->current() == nullptr) return;
  here->park_for(std::chrono::milliseconds(draw_() % static_cast<std::uint64_t>(faults.slow.count())));
}

void disk::note(const std::string& folder, std::vector<std::pair<std::string, shared_file>> sets) {
  pending_.push_back({folder, std::move(sets)});
  apply(now_, pending_.back());
}

void disk::apply(names& to, const change& one) {
  for (const auto& [path, file] : one.sets) {
    if (file) {
      to[path] = file;
    } else {
      to.erase(path);
    }
  }
}

int disk::open(const std::string& path, int flags, unsigned mode) {
  wait();
  const auto known = now_.find(path);
  const bool is_new = (flags & O_CREAT) != 0 && known == now_.end();
  if (faults.read_only && changes(flags)) return refused(EROFS);
  if (faults.full && is_new && draw_() % 2 == 0) return refused(ENOSPC);
  const auto made = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path.c_str(), flags, mode));
  if (made < 0) return made;
  if (is_new) note(folder_of(path), {{path, std::make_shared<stored_file>()}});
  const auto found = now_.find(path);
  opened_[made] = {path, found == now_.end() ? nullptr : found->second};
  return made;
}

std::int64_t disk::write(int descriptor, std::string_view bytes) {
  wait();
  if (faults.read_only) return refused(EROFS);
  if (faults.full) bytes = bytes.substr(0, draw_() % 2 == 0 ? 0 : bytes.size() / 2);
  if (bytes.empty()) return refused(ENOSPC);
  const auto written = ::syscall(SYS_write, descriptor, bytes.data(), bytes.size());
  const auto& file = opened_.at(descriptor).second;
  if (written > 0 && file) {
    file->written.append(bytes.substr(0, static_cast<std::size_t>(written)));
    file->dirty = true;
  }
  return written;
}

int disk::sync(int descriptor) {
  wait();
  auto& [path, file] = opened_.at(descriptor);
  if (faults.sync_fails) {
    if (file) file->dropped = true;
    return refused(EIO);
  }
  const bool of_folder = !file || file->is_folder;
  if (of_folder) {
    std::erase_if(pending_, [&, folder = path](const change& one) {
      if (one.folder != folder) return false;
      apply(synced_, one);
      return true;
    });
  } else if (!file->dropped) {
    file->synced = file->written;
    file->dirty = false;
  }
  return 0;
}

int disk::rename(const std::string& from, const std::string& to) {
  wait();
  if (faults.read_only) return refused(EROFS);
  const auto done = static_cast<int>(::syscall(SYS_rename, from.c_str(), to.c_str()));
  const auto known = now_.find(from);
  const auto there = now_.find(to);
  const bool same = known != now_.end() && there != now_.end() && known->second == there->second;
  if (done != 0 || known == now_.end() || same) return done;
  if (to.ends_with("/progress.json") && earlier_.size() < most_earlier) earlier_.push_back(known->second->written);
  note(folder_of(to), {{to, known->second}, {from, nullptr}});
  return done;
}

int disk::link(const std::string& from, const std::string& to) {
  wait();
  if (faults.read_only) return refused(EROFS);
  if (faults.full && draw_() % 2 == 0) return refused(ENOSPC);
  const auto done = static_cast<int>(::syscall(SYS_link, from.c_str(), to.c_str()));
  const auto known = now_.find(from);
  if (done == 0 && known != now_.end()) note(folder_of(to), {{to, known->second}});
  return done;
}

int disk::unlink(const std::string& path) {
  wait();
  if (faults.read_only) return refused(EROFS);
  const auto done = static_cast<int>(::syscall(SYS_unlink, path.c_str()));
  if (done == 0 && now_.contains(path)) note(folder_of(path), {{path, nullptr}});
  return done;
}

int disk::make_folder(const std::string& path, unsigned mode) {
  wait();
  if (faults.read_only) return refused(EROFS);
  if (faults.full) return refused(ENOSPC);
  const auto done = static_cast<int>(::syscall(SYS_mkdir, path.c_str(), mode));
  if (done != 0 || path == folder_) return done;
  auto made = std::make_shared<stored_file>();
  made->is_folder = true;
  note(folder_of(path), {{path, std::move(made)}});
  return done;
}

int disk::close(int descriptor) {
  opened_.erase(descriptor);
  return static_cast<int>(::syscall(SYS_close, descriptor));
}

// Of what was not synced: nothing, a part, or all of it with a part that was never written.
std::string disk::left_of(const stored_file& one) {
  if (!one.dirty) return one.synced;
  const auto drawn = draw_();
  auto part = one.written.substr(0, drawn / 4 % (one.written.size() + 1));
  if (drawn % 4 == 0) return one.synced;
  if (drawn % 4 == 1) part.resize(one.written.size(), '\0');
  return part;
}

// Names are kept in the order of their changes, up to some instant.
std::size_t disk::cut_power() {
  const auto kept = draw_() % (pending_.size() + 1);
  const auto lost = pending_.size() - kept;
  for (std::size_t i = 0; i < kept; ++i) apply(synced_, pending_[i]);
  pending_.clear();
  opened_.clear();
  std::error_code ec;
  const bool was_made = fs::exists(folder_, ec);
  fs::remove_all(folder_, ec);
  if (was_made) fs::create_directories(folder_, ec);
  std::erase_if(synced_, [this](const auto& one) {
    const auto around = folder_of(one.first);
    return around != folder_ && !synced_.contains(around);
  });
  for (auto& [path, file] : synced_) {
    if (file->is_folder) {
      fs::create_directories(path, ec);
      continue;
    }
    if (file->dirty) file->synced = file->written = left_of(*file);
    file->dirty = file->dropped = false;
    write_out(path, file->synced);
  }
  now_ = synced_;
  return lost;
}

const std::string* disk::content_of(const std::string& name) const {
  const auto found = now_.find(folder_ + "/" + name);
  return found == now_.end() ? nullptr : &found->second->written;
}

void disk::put(const std::string& name, const std::string* content) {
  const auto path = folder_ + "/" + name;
  ::syscall(SYS_unlink, path.c_str());
  shared_file made;
  if (content != nullptr) {
    write_out(path, *content);
    made = std::make_shared<stored_file>(stored_file{false, *content, *content, false, false});
  }
  note(folder_, {{path, std::move(made)}});
}

}  // namespace oes::simulation
