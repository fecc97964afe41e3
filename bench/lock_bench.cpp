// SPDX-License-Identifier: MIT
// What does a lock cost: free, disputed by two processes, and in the lecture's job of six processes that add 100,000
// each? Beside the standard's, the C library's and Boost's mutexes, and Python's multiprocessing.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "support/interleave.hpp"
#include "tequio/detail/memory/shared_object.hpp"
#include "tequio/mutex.hpp"
#include "tequio/process.hpp"
#include "tequio/recursive_mutex.hpp"
#include "tequio/shared_mutex.hpp"

namespace {

using tequio::bench::alternative;
using tequio::bench::compare;
using tequio::detail::shared_object;

// The C library's mutex between processes; checked like ours, so that an error is not taken for speed.
template <int Robust>
class c_mutex {
 public:
  c_mutex() {
    pthread_mutexattr_t attributes{};
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, Robust);
    ::pthread_mutex_init(&m_mutex, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
  }
  void lock() {
    if (::pthread_mutex_lock(&m_mutex) != 0) std::abort();
  }
  void unlock() {
    if (::pthread_mutex_unlock(&m_mutex) != 0) std::abort();
  }

 private:
  pthread_mutex_t m_mutex{};
};
using pthread_mutex = c_mutex<PTHREAD_MUTEX_STALLED>;
using pthread_robust = c_mutex<PTHREAD_MUTEX_ROBUST>;

// Locks that know nothing of the arena are put there; ours go there by themselves.
template <class Lock>
class placed {
 public:
  void lock() { m_lock->lock(); }
  void unlock() { m_lock->unlock(); }

 private:
  shared_object<Lock> m_lock;
};

// A shared_mutex as its readers lock it.
class as_reader {
 public:
  void lock() { m_lock.lock_shared(); }
  void unlock() { m_lock.unlock_shared(); }

 private:
  tequio::shared_mutex m_lock;
};

template <class Lock>
void add(Lock& lock, long& counter, long times) {
  for (long i = 0; i < times; ++i) {
    const std::lock_guard guard(lock);
    ++counter;
  }
}

template <class Lock>
alternative alone(const char* name, long times) {
  return {name, [times] {
            Lock lock;
            const shared_object<long> counter(0);
            add(lock, *counter, times);
            return *counter == times;
          }};
}

template <class Lock>
alternative in_processes(const char* name, int processes, long times) {
  return {name, [processes, times] {
            Lock lock;
            const shared_object<long> counter(0);
            std::vector<tequio::process<void>> crew;
            for (int i = 0; i < processes; ++i) crew.emplace_back([&] { add(lock, *counter, times); });
            for (auto& one : crew) one.get();
            return *counter == processes * times;
          }};
}

bool has_python() { return std::system("/usr/bin/python3 -c 'import multiprocessing' 2>/dev/null") == 0; }

// The lecture's Value has a lock of its own beside the job's; Python is fastest without it.
alternative in_python(const char* name, const char* value, int processes, long times) {
  const std::string program =
      "import multiprocessing as m\n"
      "def add(v, l):\n"
      "  for i in range(" +
      std::to_string(times) +
      "):\n"
      "    with l: v.value += 1\n"
      "v = m." +
      std::string(value) +
      "; l = m.Lock()\n"
      "ps = [m.Process(target=add, args=(v, l)) for i in range(" +
      std::to_string(processes) +
      ")]\n"
      "[p.start() for p in ps]; [p.join() for p in ps]\n"
      "assert v.value == " +
      std::to_string(processes * times) + "\n";
  return {name, [program] { return std::system(("/usr/bin/python3 -c '" + program + "'").c_str()) == 0; }};
}

void uncontended() {
  constexpr long times = 5'000'000;
  compare(
      "op:lock_unlock/workers:1", times,
      {alone<placed<pthread_mutex>>("impl:pthread_mutex_shared", times),
       alone<placed<pthread_robust>>("impl:pthread_mutex_robust", times), alone<std::mutex>("impl:std_mutex", times),
       alone<placed<boost::interprocess::interprocess_mutex>>("impl:boost_interprocess_mutex", times),
       alone<tequio::mutex>("impl:tequio_mutex", times),
       alone<tequio::recursive_mutex>("impl:tequio_recursive_mutex", times),
       alone<as_reader>("impl:tequio_shared_mutex_reader", times)});
  constexpr long writes = 100'000;
  compare("op:lock_unlock/workers:1", writes, {alone<tequio::shared_mutex>("impl:tequio_shared_mutex_writer", writes)});
}

void contended(const char* question, int processes, long times) {
  compare(
      question, static_cast<std::size_t>(processes * times),
      {in_processes<placed<pthread_mutex>>("impl:pthread_mutex_shared", processes, times),
       in_processes<placed<pthread_robust>>("impl:pthread_mutex_robust", processes, times),
       in_processes<placed<boost::interprocess::interprocess_mutex>>("impl:boost_interprocess_mutex", processes, times),
       in_processes<tequio::mutex>("impl:tequio_mutex", processes, times),
       in_processes<tequio::recursive_mutex>("impl:tequio_recursive_mutex", processes, times)});
}

void lecture() {
  constexpr int processes = 6;
  constexpr long times = 100'000;
  std::vector<alternative> all{in_processes<tequio::mutex>("impl:tequio_mutex", processes, times)};
  if (has_python()) {
    all.push_back(in_python("impl:python_value_and_lock", "Value(\"i\", 0)", processes, times));
    all.push_back(in_python("impl:python_raw_value_and_lock", "Value(\"i\", 0, lock=False)", processes, times));
  }
  compare("op:locked_addition/workers:6", processes * times, all, {.turns = 3});
}

}  // namespace

int main() {
  uncontended();
  contended("op:locked_addition/workers:2", 2, 500'000);
  contended("op:locked_addition/workers:6", 6, 100'000);
  lecture();
}
