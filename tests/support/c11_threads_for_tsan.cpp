// For the tsan preset only. librdkafka is built on C11 threads, which ThreadSanitizer does not intercept: a thread that
// thrd_create() starts has none of its state, and the first instrumented callback in it crashes
// (github.com/google/sanitizers issue 1195). Defined here by the POSIX calls that it does intercept, these take the
// place of libc's in every program that is linked with this file. glibc's C11 types are its POSIX ones under another
// name; the assertions below would notice if that changed.
#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <memory>

static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));
static_assert(sizeof(once_flag) == sizeof(pthread_once_t) && sizeof(thrd_t) == sizeof(pthread_t));

namespace {

struct start {
  thrd_start_t run;
  void* with;
};

void* run_it(void* given) {
  const std::unique_ptr<start> one(static_cast<start*>(given));
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(one->run(one->with)));
}

int said(int code) {
  switch (code) {
    case 0:
      return thrd_success;
    case EBUSY:
      return thrd_busy;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    default:
      return thrd_error;
  }
}

pthread_mutex_t* posix(mtx_t* one) { return reinterpret_cast<pthread_mutex_t*>(one); }
pthread_cond_t* posix(cnd_t* one) { return reinterpret_cast<pthread_cond_t*>(one); }

}  // namespace

extern "C" {

int thrd_create(thrd_t* thread, thrd_start_t run, void* with) {
  auto one = std::make_unique<start>(start{run, with});
  const int code = pthread_create(thread, nullptr, run_it, one.get());
  if (code == 0) static_cast<void>(one.release());
  return said(code);
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  const int code = pthread_join(thread, &returned);
  if (result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(returned));
  return said(code);
}

int mtx_init(mtx_t* one, int kind) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, (kind & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
  const int code = pthread_mutex_init(posix(one), &attributes);
  pthread_mutexattr_destroy(&attributes);
  return said(code);
}

void mtx_destroy(mtx_t* one) { pthread_mutex_destroy(posix(one)); }
int mtx_lock(mtx_t* one) { return said(pthread_mutex_lock(posix(one))); }
int mtx_unlock(mtx_t* one) { return said(pthread_mutex_unlock(posix(one))); }

int cnd_init(cnd_t* one) { return said(pthread_cond_init(posix(one), nullptr)); }
void cnd_destroy(cnd_t* one) { pthread_cond_destroy(posix(one)); }
int cnd_signal(cnd_t* one) { return said(pthread_cond_signal(posix(one))); }
int cnd_broadcast(cnd_t* one) { return said(pthread_cond_broadcast(posix(one))); }
int cnd_wait(cnd_t* one, mtx_t* held) { return said(pthread_cond_wait(posix(one), posix(held))); }
int cnd_timedwait(cnd_t* one, mtx_t* held, const timespec* until) {
  return said(pthread_cond_timedwait(posix(one), posix(held), until));
}

void call_once(once_flag* flag, void (*run)()) { pthread_once(reinterpret_cast<pthread_once_t*>(flag), run); }

}  // extern "C"
