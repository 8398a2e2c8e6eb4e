#pragma once
/// @file
/// A GPU's block of threads on the host, to find what is wrong in a kernel without a GPU.
///
/// Each thread is a coroutine; a seeded scheduler chooses who goes on, and when a copy or a wgmma that was begun is done.
/// Shared memory has its bytes, with the swizzle, and for each pair of bytes who wrote and read them. Each thread, barrier and
/// copy has a vector clock; an access that is not ordered after a conflicting one is a race in every schedule, not only in
/// the one that ran. Sums of a wgmma are NaN until they have been waited for.
///
/// Clocks and memory bytes follow the PTX manual, memory consistency model and asynchronous proxy.

#ifndef __CUDACC__

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <coroutine>
#include <cstring>
#include <deque>
#include <exception>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qsm/kernels/detail/gpu/machine.hpp>
#include <qsm/kernels/number.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

/// What the emulator found.
enum class Fault {
  deadlock,      // nobody can go on
  race,          // two accesses to the same bytes, one of them a write, without an order
  unwritten,     // bytes are read that nobody wrote
  out_of_range,  // an address outside of an array
  misaligned,    // an address that is not a multiple of what it must be
  barrier,       // a barrier is used before it is made, or more arrive than it expects
  unfenced,      // a copy engine or tensor core may not see what was written, or a wgmma its registers
  divergent,     // threads of a warp or warpgroup do not do the same
  unfinished,    // the block ends while something is under way
};

inline const char* fault_name(Fault fault) {
  constexpr const char* names[] = {"deadlock", "race",     "unwritten", "out of range", "misaligned",
                                   "barrier",  "unfenced", "divergent", "unfinished"};
  return names[static_cast<std::size_t>(fault)];
}

class EmulatorFault : public std::runtime_error {
 public:
  EmulatorFault(Fault what, const std::string& text)
      : std::runtime_error(fault_name(what) + (": " + text)), fault(what) {}
  Fault fault;
};

/// An array in global memory; every access is checked.
template <class Number>
struct Checked {
  Number* data = nullptr;
  std::size_t size = 0;
  Checked() = default;
  Checked(Number* numbers, std::size_t count) : data(numbers), size(count) {}
  explicit operator bool() const { return data != nullptr; }
};

/// What TMA copies boxes of: up to 4 axes, the first without gaps. What lies outside is 0.
struct EmulatedMap {
  const std::byte* data = nullptr;
  std::array<std::uint64_t, 4> sizes{1, 1, 1, 1};    // [numbers]
  std::array<std::uint64_t, 4> strides{2, 0, 0, 0};  // [B]
  std::array<std::uint32_t, 4> box{1, 1, 1, 1};      // [numbers]
};

/// A function of a kernel that may wait.
class Role {
 public:
  struct promise_type {
    std::coroutine_handle<> caller = std::noop_coroutine();
    std::exception_ptr failure;
    Role get_return_object() { return Role(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Return {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> own) noexcept {
        return own.promise().caller;
      }
      void await_resume() noexcept {}
    };
    Return final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { failure = std::current_exception(); }
  };

  Role() = default;
  explicit Role(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Role(Role&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Role& operator=(Role&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Role() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> caller) {
    handle_.promise().caller = caller;
    return handle_;
  }
  void await_resume() const { check(); }

  std::coroutine_handle<> handle() const { return handle_; }
  bool done() const { return handle_.done(); }
  void check() const {
    if (handle_.promise().failure) std::rethrow_exception(handle_.promise().failure);
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

/// One block.
class Emulator {
 public:
  class Thread;

  /// @param threads       of the block, a multiple of 32, at most 1,024
  /// @param shared_bytes  of dynamic shared memory
  /// @param seed          of the schedule
  Emulator(std::uint32_t threads, std::uint32_t shared_bytes, std::uint64_t seed)
      : thread_count_(threads), random_(seed), base_(static_cast<std::uint32_t>(seed % 64) * 16) {
    if (threads == 0 || threads % warp_lanes != 0 || threads > 1024) fail(Fault::divergent, "threads of a block");
    memory_.resize(base_ + shared_bytes);
    cells_.resize((memory_.size() + 1) / 2);
    threads_.resize(threads);
    groups_.resize((threads + group_threads - 1) / group_threads);
    warps_.resize(threads / warp_lanes);
    const auto empty = std::make_shared<const Clock>(entities(), 0u);
    for (auto& thread : threads_) thread.known = empty;
    favour_copies_ = static_cast<std::uint32_t>(seed / 3 % 3);
  }

  /// Runs `kernel(thread)`, which gives a Role, for each thread to its end.
  ///
  /// @throws EmulatorFault
  template <class Kernel>
  void run(const Kernel& kernel, std::array<std::uint32_t, 3> block = {0, 0, 0});

 private:
  using Clock = std::vector<std::uint32_t>;
  using SharedClock = std::shared_ptr<const Clock>;
  static constexpr std::uint32_t barrier_limit = 64, nobody = 0xffffffff;

  struct Epoch {
    std::uint32_t entity = nobody, clock = 0;
  };
  struct Cell {  // two bytes of shared memory
    Epoch write;
    std::vector<Epoch> reads;
  };
  struct Access {  // who accesses, and what is ordered before
    Epoch epoch;
    const Clock* known;
    Epoch self;           // the thread, which knows itself better than its clock does
    bool engine = false;  // a copy engine or tensor core
  };
  struct Barrier {
    std::uint32_t index = 0, expected = 0, missing = 0, phase = 0, maker = 0, made = 0;
    std::int64_t bytes = 0;
    SharedClock arriving, released;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> waiting;  // thread, parity
  };
  struct Named {
    std::uint32_t arrived = 0;
    SharedClock clock;
    std::vector<std::uint32_t> waiting;
  };
  struct AsyncCopy {  // cp.async: 16 bytes
    std::uint32_t to;
    std::array<std::byte, 16> bytes;
    SharedClock issued;
    std::uint32_t own;
  };
  struct Product {  // a wgmma
    std::array<float*, group_threads> sums{};
    std::array<const std::uint32_t*, group_threads> a_registers{};
    std::array<std::vector<float>, group_threads> before;
    std::uint64_t a = 0, b = 0;
    std::uint32_t columns = 0, threads = 0;
    Dtype dtype = Dtype::bfloat16;
    bool b_by_rows = true, accumulate = true;
    std::array<SharedClock, group_threads> known;
  };
  struct Group {  // a warpgroup
    std::deque<Product> products;
    std::uint64_t first = 0;  // index of the front product
    std::vector<std::uint32_t> waiting;
  };
  enum class Collective { none, shuffle, sync, load_matrix, load_matrix_transposed, multiply };
  struct Lane {
    float value = 0;
    std::uint32_t argument = 0;
    std::uint32_t* registers = nullptr;
    const std::uint32_t *a = nullptr, *b = nullptr;
    float* sums = nullptr;
    Dtype dtype = Dtype::bfloat16;
  };
  struct Warp {
    Collective kind = Collective::none;
    std::uint32_t arrived = 0;
    std::array<Lane, warp_lanes> lanes;
  };
  struct State {
    Role role;
    std::coroutine_handle<> at;
    SharedClock known, snapshot;
    std::uint32_t own = 1;
    std::vector<std::uint32_t> fences;          // own clock at each fence towards the engines
    std::uint64_t products = 0, committed = 0;  // wgmma: issued; those in committed groups
    std::deque<std::uint64_t> commits;          // products up to the end of each group not waited for
    std::uint64_t awaited = 0;
    bool registers_fenced = false;
    std::vector<AsyncCopy> copies;
    std::deque<std::size_t> copy_groups;
    std::size_t grouped = 0;
    const char* waits_for = "nothing";
  };

  [[noreturn]] static void fail(Fault fault, const std::string& text) { throw EmulatorFault(fault, text); }
  std::size_t entities() const { return thread_count_ + barrier_limit + groups_.size(); }

  // Clocks.
  SharedClock joined(const SharedClock& a, const SharedClock& b) {
    if (!a || a == b) return b;
    if (!b) return a;
    if (memo_a_ == a && memo_b_ == b) return memo_;
    auto both = std::make_shared<Clock>(*a);
    for (std::size_t i = 0; i < both->size(); ++i) (*both)[i] = std::max((*both)[i], (*b)[i]);
    memo_a_ = a;
    memo_b_ = b;
    return memo_ = both;
  }
  SharedClock snapshot(std::uint32_t thread) {
    State& state = threads_[thread];
    if (!state.snapshot) {
      auto all = std::make_shared<Clock>(*state.known);
      (*all)[thread] = state.own;
      state.snapshot = all;
    }
    return state.snapshot;
  }
  SharedClock released(std::uint32_t thread) {  // what others may know of it from now on
    SharedClock clock = snapshot(thread);
    ++threads_[thread].own;
    threads_[thread].snapshot = nullptr;
    return clock;
  }
  void learn(std::uint32_t thread, const SharedClock& clock) {
    threads_[thread].known = joined(threads_[thread].known, clock);
    threads_[thread].snapshot = nullptr;
  }
  static bool ordered(Epoch before, const Access& access) {
    if (before.entity == access.self.entity) return before.clock <= access.self.clock;
    return before.clock <= (*access.known)[before.entity];
  }
  Access by_thread(std::uint32_t thread) const {
    const Epoch own{thread, threads_[thread].own};
    return {own, threads_[thread].known.get(), own};
  }

  // Shared memory.
  void check_range(std::uint32_t address, std::size_t bytes, std::size_t alignment) const {
    if (address < base_ || address + bytes > memory_.size())
      fail(Fault::out_of_range, std::to_string(bytes) + " bytes at " + std::to_string(address) +
                                    " of shared memory, which has " + std::to_string(base_) + " to " +
                                    std::to_string(memory_.size()));
    if (address % alignment != 0)
      fail(Fault::misaligned,
           "shared address " + std::to_string(address) + " is no multiple of " + std::to_string(alignment));
  }
  std::string conflict(const char* one, const Access& access, const char* other, Epoch epoch, std::size_t cell) const {
    return std::string(one) + " by " + name(access.epoch.entity) + " beside " + other + " by " + name(epoch.entity) +
           " at shared byte " + std::to_string(2 * cell - base_);
  }
  std::string name(std::uint32_t entity) const {
    if (entity < thread_count_) return "thread " + std::to_string(entity);
    if (entity < thread_count_ + barrier_limit) return "the copy of barrier " + std::to_string(entity - thread_count_);
    return "tensor core " + std::to_string(entity - thread_count_ - barrier_limit);
  }
  void check_fence(Epoch write, const Access& access) const {
    if (!access.engine || write.entity >= thread_count_) return;
    const auto& fences = threads_[write.entity].fences;
    const auto fence = std::lower_bound(fences.begin(), fences.end(), write.clock);
    const std::uint32_t seen = write.entity == access.self.entity ? access.self.clock : (*access.known)[write.entity];
    if (fence == fences.end() || *fence > seen)
      fail(Fault::unfenced,
           name(access.epoch.entity) + " meets what " + name(write.entity) + " wrote before its fence.proxy.async");
  }
  void mark_read(std::uint32_t address, std::size_t bytes, const Access& access) {
    for (std::size_t i = address / 2; i <= (address + bytes - 1) / 2; ++i) {
      Cell& cell = cells_[i];
      if (cell.write.entity == nobody)
        fail(Fault::unwritten, name(access.epoch.entity) + " reads shared byte " + std::to_string(2 * i - base_));
      if (!ordered(cell.write, access)) fail(Fault::race, conflict("read", access, "write", cell.write, i));
      check_fence(cell.write, access);
      bool noted = false;
      for (Epoch& read : cell.reads)
        if (read.entity == access.epoch.entity || ordered(read, access)) {
          read = access.epoch;
          noted = true;
          break;
        }
      if (!noted) cell.reads.push_back(access.epoch);
    }
  }
  void mark_write(std::uint32_t address, std::size_t bytes, const Access& access) {
    for (std::size_t i = address / 2; i <= (address + bytes - 1) / 2; ++i) {
      Cell& cell = cells_[i];
      if (cell.write.entity != nobody) {
        if (!ordered(cell.write, access)) fail(Fault::race, conflict("write", access, "write", cell.write, i));
        check_fence(cell.write, access);
      }
      for (const Epoch& read : cell.reads)
        if (!ordered(read, access)) fail(Fault::race, conflict("write", access, "read", read, i));
      cell.reads.clear();
      cell.write = access.epoch;
    }
  }

  // Barriers in shared memory.
  Barrier& barrier(std::uint32_t address) {
    const auto found = barriers_.find(address);
    if (found == barriers_.end()) fail(Fault::barrier, "no barrier was made at " + std::to_string(address - base_));
    return found->second;
  }
  void complete_where_due(Barrier& one) {
    if (one.missing > 0 || one.bytes != 0) return;
    one.released = joined(one.released, one.arriving);
    one.arriving = nullptr;
    one.missing = one.expected;
    ++one.phase;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> still;
    for (const auto& [thread, parity] : one.waiting)
      if ((one.phase & 1) != parity)
        wake_from(one, thread);
      else
        still.emplace_back(thread, parity);
    one.waiting = std::move(still);
  }
  void wake_from(Barrier& one, std::uint32_t thread) {
    learn(thread, one.released);
    runnable_.push_back(thread);
  }
  void arrive(std::uint32_t thread, std::uint32_t address, std::int64_t bytes) {
    Barrier& one = barrier(address);
    const auto made = ordered({one.maker, one.made}, by_thread(thread));
    if (!made) fail(Fault::barrier, name(thread) + " arrives at a barrier that may not have been made");
    if (one.missing == 0) fail(Fault::barrier, name(thread) + " is one more than the barrier expects");
    one.bytes += bytes;
    one.arriving = joined(one.arriving, released(thread));
    --one.missing;
    complete_where_due(one);
  }

  // Copy engine and tensor cores.
  struct BoxCopy {
    const EmulatedMap* map;
    std::uint32_t to, barrier;
    std::array<std::int64_t, 4> at;
    SharedClock issued;
    std::uint32_t thread;
  };
  void copy_box(const BoxCopy& copy) {
    const EmulatedMap& map = *copy.map;
    Barrier& one = barrier(copy.barrier);
    const Access access{{thread_count_ + one.index, one.phase + 1},
                        copy.issued.get(),
                        {copy.thread, (*copy.issued)[copy.thread]},
                        true};
    const std::uint32_t row_bytes = map.box[0] * 2;
    std::uint32_t to = copy.to;
    for (std::uint32_t d = 0; d < map.box[3]; ++d)
      for (std::uint32_t c = 0; c < map.box[2]; ++c)
        for (std::uint32_t b = 0; b < map.box[1]; ++b, to += row_bytes)
          for (std::uint32_t a = 0; a < map.box[0]; a += 8) {
            const std::uint32_t address = swizzled(to + a * 2);
            check_range(address, 16, 16);
            mark_write(address, 16, access);
            for (std::uint32_t i = 0; i < 8; ++i) {
              const std::array<std::int64_t, 4> at{copy.at[0] + a + i, copy.at[1] + b, copy.at[2] + c, copy.at[3] + d};
              bool inside = true;
              std::uint64_t offset = 0;
              for (std::size_t axis = 0; axis < 4; ++axis) {
                inside = inside && at[axis] >= 0 && at[axis] < static_cast<std::int64_t>(map.sizes[axis]);
                offset += static_cast<std::uint64_t>(at[axis]) * map.strides[axis];
              }
              if (inside)
                std::memcpy(&memory_[address + i * 2], map.data + offset, 2);
              else
                std::memset(&memory_[address + i * 2], 0, 2);
            }
          }
    one.arriving = joined(one.arriving, copy.issued);
    auto own = std::make_shared<Clock>(*one.arriving);
    (*own)[access.epoch.entity] = access.epoch.clock;
    one.arriving = own;
    one.bytes -= static_cast<std::int64_t>(to - copy.to);
    complete_where_due(one);
  }

  float number_at(std::uint32_t address, Dtype dtype) const {
    std::uint16_t bits;
    std::memcpy(&bits, &memory_[address], 2);
    return number(bits, dtype);
  }
  static float number(std::uint32_t bits, Dtype dtype) {
    if (dtype == Dtype::bfloat16) return std::bit_cast<float>(bits << 16);
    float16 value;
    value.bits = static_cast<std::uint16_t>(bits);
    return value;
  }
  static float half_of(std::uint32_t word, std::uint32_t which, Dtype dtype) {
    return number(word >> (16 * which) & 0xffff, dtype);
  }

  /// Reads a matrix that a descriptor says, `outer` x 16.
  std::vector<float> described(std::uint64_t text, std::uint32_t outer, bool by_rows, Dtype dtype,
                               const Access& access) {
    const auto field = [text](int bit) { return static_cast<std::uint32_t>(text >> bit & 0x3fff) * 16; };
    const std::uint32_t start = field(0), leading = field(16), stride = field(32);
    if (text >> 62 != 1 || (text >> 49 & 7) != 0)
      fail(Fault::misaligned, "a descriptor that is not of the 128-byte swizzle");
    if ((start >> 7 & 7) != 0) fail(Fault::misaligned, "a descriptor does not begin in the first row of 1024 bytes");
    std::vector<float> out(outer * 16);
    for (std::uint32_t i = 0; i < outer; ++i)
      for (std::uint32_t k = 0; k < 16; ++k) {
        const std::uint32_t plain = by_rows ? start + i / 8 * stride + i % 8 * panel_bytes + k * 2
                                            : start + i / panel_columns * leading + i % panel_columns * 2 +
                                                  k / 8 * stride + k % 8 * panel_bytes;
        const std::uint32_t address = swizzled(plain);
        check_range(address, 2, 2);
        mark_read(address, 2, access);
        out[i * 16 + k] = number_at(address, dtype);
      }
    return out;
  }

  void multiply(std::uint32_t group) {
    Group& own = groups_[group];
    Product& product = own.products.front();
    // What each of the threads knows, all of them know.
    SharedClock known = product.known[0];
    for (std::uint32_t t = 1; t < group_threads; ++t)
      if (product.known[t] != product.known[t - 1]) {
        auto least = std::make_shared<Clock>(*known);
        for (std::size_t i = 0; i < least->size(); ++i) (*least)[i] = std::min((*least)[i], (*product.known[t])[i]);
        known = least;
      }
    const Access access{{thread_count_ + barrier_limit + group, static_cast<std::uint32_t>(own.first) + 1},
                        known.get(),
                        {thread_count_ + barrier_limit + group, static_cast<std::uint32_t>(own.first)},
                        true};
    const std::vector<float> b = described(product.b, product.columns, product.b_by_rows, product.dtype, access);
    std::vector<float> a(64 * 16);
    if (product.a_registers[0] == nullptr) {
      a = described(product.a, 64, true, product.dtype, access);
    } else {
      for (std::uint32_t t = 0; t < group_threads; ++t)
        for (std::uint32_t i = 0; i < 8; ++i)
          a[fragment_row(t, i) * 16 + fragment_column(t, i & 1) + i / 4 * 8] =
              half_of(product.a_registers[t][i / 2], i & 1, product.dtype);
    }
    for (std::uint32_t t = 0; t < group_threads; ++t)
      for (std::uint32_t i = 0; i < product.columns / 2; ++i) {
        float sum = product.accumulate ? product.before[t][i] : 0.0f;
        const float* const row = &a[fragment_row(t, i) * 16];
        const float* const column = &b[fragment_column(t, i) * 16];
        for (std::uint32_t k = 0; k < 16; ++k) sum += row[k] * column[k];
        product.before[t][i] = sum;
      }
    // The next one of the group adds to these sums; a thread sees them when it has waited.
    for (std::uint32_t t = 0; t < group_threads; ++t) {
      bool handed = false;
      for (std::size_t next = 1; next < own.products.size() && !handed; ++next)
        if (own.products[next].sums[t] == product.sums[t]) {
          own.products[next].before[t] = product.before[t];
          handed = true;
        }
      if (!handed) std::copy(product.before[t].begin(), product.before[t].end(), product.sums[t]);
    }
    own.products.pop_front();
    ++own.first;
    std::vector<std::uint32_t> still;
    for (const std::uint32_t thread : own.waiting)
      if (threads_[thread].awaited <= own.first)
        finish_wait(thread);
      else
        still.push_back(thread);
    own.waiting = std::move(still);
  }
  void finish_wait(std::uint32_t thread) {
    const std::uint32_t entity = thread_count_ + barrier_limit + thread / group_threads;
    const auto clock = static_cast<std::uint32_t>(threads_[thread].awaited);
    if ((*threads_[thread].known)[entity] < clock) {
      if (memo_a_ != threads_[thread].known || memo_b_ != nullptr || (*memo_)[entity] != clock) {
        auto more = std::make_shared<Clock>(*threads_[thread].known);
        (*more)[entity] = clock;
        memo_a_ = threads_[thread].known;
        memo_b_ = nullptr;
        memo_ = more;
      }
      threads_[thread].known = memo_;
      threads_[thread].snapshot = nullptr;
    }
    runnable_.push_back(thread);
  }
  bool product_due(std::uint32_t group) const {
    return !groups_[group].products.empty() && groups_[group].products.front().threads == group_threads;
  }

  void perform(std::uint32_t warp);

  std::uint32_t thread_count_;
  std::mt19937_64 random_;
  std::uint32_t base_, favour_copies_;
  std::vector<std::byte> memory_;
  std::vector<Cell> cells_;
  std::vector<State> threads_;
  std::vector<Group> groups_;
  std::vector<Warp> warps_;
  std::map<std::uint32_t, Barrier> barriers_;
  std::map<std::uint32_t, Named> named_;
  std::vector<BoxCopy> copies_;
  std::vector<std::uint32_t> runnable_;
  SharedClock memo_a_, memo_b_, memo_;
  std::array<std::uint32_t, 3> block_{};
};

/// What one thread sees: the Machine of a kernel.
class Emulator::Thread {
 public:
  using Role = gpu::Role;
  using Map = EmulatedMap;
  template <class Number>
  using Global = Checked<Number>;

  Thread(Emulator& block, std::uint32_t index) : block_(&block), index_(index) {}

  // Who it is.
  std::uint32_t thread() const { return index_; }
  std::uint32_t block(std::size_t axis) const { return block_->block_[axis]; }
  std::uint32_t shared() const { return block_->base_; }

  // Global memory.
  template <class Number>
  std::remove_const_t<Number> load(const Checked<Number>& from, std::size_t index) const {
    check_global(from.size, index, 1);
    return from.data[index];
  }
  template <class Number>
  void store(const Checked<Number>& to, std::size_t index, Number value) const {
    check_global(to.size, index, 1);
    to.data[index] = value;
  }
  /// Whether two short numbers are 4 bytes that one store can take.
  template <class Number>
  bool pair_fits(const Checked<Number>& to, std::size_t index) const {
    return reinterpret_cast<std::uintptr_t>(to.data + index) % 4 == 0;
  }
  /// Two short numbers that follow each other, rounded to nearest.
  template <class Number>
  void store_pair(const Checked<Number>& to, std::size_t index, float first, float second) const {
    check_global(to.size, index, 2);
    if (!pair_fits(to, index)) fail(Fault::misaligned, "a pair of numbers at an odd place of global memory");
    to.data[index] = Number(first);
    to.data[index + 1] = Number(second);
  }

  // Shared memory.
  template <class Value>
  Value load_shared(std::uint32_t address) const {
    block_->check_range(address, sizeof(Value), sizeof(Value));
    block_->mark_read(address, sizeof(Value), block_->by_thread(index_));
    Value value;
    std::memcpy(&value, &block_->memory_[address], sizeof(Value));
    return value;
  }
  template <class Value>
  void store_shared(std::uint32_t address, Value value) const {
    block_->check_range(address, sizeof(Value), sizeof(Value));
    block_->mark_write(address, sizeof(Value), block_->by_thread(index_));
    std::memcpy(&block_->memory_[address], &value, sizeof(Value));
  }

  // Waiting. Each gives something for QSM_AWAIT.
  struct Pause {
    Pause(Emulator* whole, std::uint32_t index) : block(whole), thread(index) {}
    Emulator* block;
    std::uint32_t thread;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> at) const { block->threads_[thread].at = at; }
    void await_resume() const { block->threads_[thread].waits_for = "nothing"; }
  };
  struct FloatPause : Pause {
    using Pause::Pause;
    float await_resume() const {
      Pause::await_resume();
      return block->warps_[thread / warp_lanes].lanes[thread % warp_lanes].value;
    }
  };

  Pause sync_block() const { return sync_named(0, block_->thread_count_); }
  Pause sync_named(std::uint32_t id, std::uint32_t threads) const {
    Named& one = block_->named_[id];
    one.waiting.push_back(index_);
    state().waits_for = "bar.sync";
    arrive_named(one, threads);
    return Pause(block_, index_);
  }
  void arrive_named(std::uint32_t id, std::uint32_t threads) const { arrive_named(block_->named_[id], threads); }
  Pause sync_warp() const { return collective<Pause>(Collective::sync, {}); }
  FloatPause shuffle_xor(float value, std::uint32_t mask) const {
    Lane lane;
    lane.value = value;
    lane.argument = mask;
    return collective<FloatPause>(Collective::shuffle, lane);
  }

  void barrier_init(std::uint32_t address, std::uint32_t arrivals) const {
    block_->check_range(address, 8, 8);
    block_->mark_write(address, 8, block_->by_thread(index_));
    Barrier one;
    one.index = static_cast<std::uint32_t>(block_->barriers_.size());
    if (one.index == barrier_limit) fail(Fault::barrier, "more barriers than the emulator has");
    one.expected = one.missing = arrivals;
    one.maker = index_;
    one.made = state().own;
    if (!block_->barriers_.emplace(address, one).second) fail(Fault::barrier, "a barrier is made twice");
  }
  void fence_barrier_init() const { fence_async(); }
  void barrier_arrive(std::uint32_t address) const { block_->arrive(index_, address, 0); }
  void barrier_expect(std::uint32_t address, std::uint32_t bytes) const { block_->arrive(index_, address, bytes); }
  Pause barrier_wait(std::uint32_t address, std::uint32_t parity) const {
    Barrier& one = block_->barrier(address);
    if (!ordered({one.maker, one.made}, block_->by_thread(index_)))
      fail(Fault::barrier, "a barrier is waited for that may not have been made");
    state().waits_for = "an mbarrier";
    if ((one.phase & 1) != parity)
      block_->wake_from(one, index_);
    else
      one.waiting.emplace_back(index_, parity);
    return Pause(block_, index_);
  }

  // Copies.
  void fence_async() const { state().fences.push_back(state().own); }
  void copy_box(const EmulatedMap& map, std::uint32_t to, std::uint32_t barrier, std::int32_t a, std::int32_t b,
                std::int32_t c = 0, std::int32_t d = 0) const {
    Barrier& one = block_->barrier(barrier);
    block_->check_fence({one.maker, one.made},
                        {{block_->thread_count_ + one.index, 0}, state().known.get(), {index_, state().own}, true});
    if (to % atom_bytes != 0) fail(Fault::misaligned, "a box goes to " + std::to_string(to));
    block_->copies_.push_back({&map, to, barrier, {a, b, c, d}, block_->snapshot(index_), index_});
  }
  /// 16 bytes, of which those from `bytes` on are 0.
  template <class Number>
  void copy_16(std::uint32_t to, const Checked<const Number>& from, std::size_t index, std::uint32_t bytes) const {
    block_->check_range(to, 16, 16);
    AsyncCopy copy{to, {}, block_->snapshot(index_), state().own};
    if (bytes > 0) {
      check_global(from.size, index, bytes / sizeof(Number));
      if (reinterpret_cast<std::uintptr_t>(from.data + index) % 16 != 0)
        fail(Fault::misaligned, "16 bytes of global memory are copied from an address that is no multiple of 16");
      std::memcpy(copy.bytes.data(), from.data + index, bytes);
    }
    block_->mark_write(to, 16, block_->by_thread(index_));
    state().copies.push_back(copy);
  }
  void copy_commit() const {
    state().copy_groups.push_back(state().copies.size() - state().grouped);
    state().grouped = state().copies.size();
  }
  /// Until at most `left` groups of own copies are under way.
  template <std::uint32_t left>
  void copy_wait() const {
    State& own = state();
    while (own.copy_groups.size() > left) {
      for (std::size_t i = 0; i < own.copy_groups.front(); ++i) {
        const AsyncCopy& copy = own.copies[i];
        // Bytes arrive at any time since: whoever touched them meanwhile was not ordered before.
        block_->mark_write(copy.to, 16, {{index_, own.own}, copy.issued.get(), {index_, copy.own}});
        std::memcpy(&block_->memory_[copy.to], copy.bytes.data(), 16);
      }
      own.copies.erase(own.copies.begin(), own.copies.begin() + static_cast<std::ptrdiff_t>(own.copy_groups.front()));
      own.grouped -= own.copy_groups.front();
      own.copy_groups.pop_front();
    }
  }

  // Tensor cores of a warp.
  Pause load_matrix(std::uint32_t (&to)[4], std::uint32_t address) const {
    Lane lane;
    lane.registers = to;
    lane.argument = address;
    return collective<Pause>(Collective::load_matrix, lane);
  }
  Pause load_matrix_transposed(std::uint32_t (&to)[4], std::uint32_t address) const {
    Lane lane;
    lane.registers = to;
    lane.argument = address;
    return collective<Pause>(Collective::load_matrix_transposed, lane);
  }
  template <class Number>
  Pause multiply(float* sums, const std::uint32_t* a, const std::uint32_t* b) const {
    Lane lane;
    lane.sums = sums;
    lane.a = a;
    lane.b = b;
    lane.dtype = dtype_of<Number>;
    return collective<Pause>(Collective::multiply, lane);
  }

  // Tensor cores of a warpgroup.
  void group_fence() const { state().registers_fenced = true; }
  template <class Number, std::uint32_t columns, bool b_by_rows>
  void group_multiply(float (&sums)[columns / 2], std::uint64_t a, std::uint64_t b, bool accumulate) const {
    issue(sums, columns, nullptr, a, b, dtype_of<Number>, b_by_rows, accumulate);
  }
  template <class Number, std::uint32_t columns, bool b_by_rows>
  void group_multiply(float (&sums)[columns / 2], const std::uint32_t (&a)[4], std::uint64_t b, bool accumulate) const {
    issue(sums, columns, a, 0, b, dtype_of<Number>, b_by_rows, accumulate);
  }
  void group_commit() const { state().commits.push_back(state().products); }
  /// Until at most `left` committed groups are under way.
  template <std::uint32_t left>
  Pause group_wait() const {
    State& own = state();
    while (own.commits.size() > left) {
      own.awaited = own.commits.front();
      own.commits.pop_front();
    }
    Group& group = block_->groups_[index_ / group_threads];
    own.registers_fenced = false;
    own.waits_for = "its wgmma";
    if (own.awaited <= group.first)
      block_->finish_wait(index_);
    else
      group.waiting.push_back(index_);
    return Pause(block_, index_);
  }
  template <std::uint32_t count>
  void give_registers() const {
    static_assert(count >= 24 && count <= 256 && count % 8 == 0);
  }
  template <std::uint32_t count>
  void take_registers() const {
    static_assert(count >= 24 && count <= 256 && count % 8 == 0);
  }

  // Arithmetic.
  static float exp2(float value) { return std::exp2(value); }
  static float log2(float value) { return std::log2(value); }
  static float tanh(float value) { return std::tanh(value); }
  static float exp(float value) { return std::exp(value); }
  static float erf(float value) { return std::erf(value); }
  static float infinity() { return std::numeric_limits<float>::infinity(); }
  template <class Number>
  static std::uint32_t pair(float low, float high) {
    return Number(low).bits | static_cast<std::uint32_t>(Number(high).bits) << 16;
  }
  /// Bits 0-3 and 16-19, less 8, as two short numbers.
  template <class Number>
  static std::uint32_t from_fours(std::uint32_t bits) {
    return pair<Number>(static_cast<float>(bits & 15) - 8, static_cast<float>(bits >> 16 & 15) - 8);
  }
  template <class Number>
  static float to_float(Number value) {
    return value;
  }
  template <class Number>
  static Number to_number(float value) {
    return Number(value);
  }

 private:
  State& state() const { return block_->threads_[index_]; }
  static void check_global(std::size_t size, std::size_t index, std::size_t count) {
    if (index + count > size)
      fail(Fault::out_of_range,
           "place " + std::to_string(index) + " of an array of " + std::to_string(size) + " in global memory");
  }
  void arrive_named(Named& one, std::uint32_t threads) const {
    one.clock = block_->joined(one.clock, block_->released(index_));
    if (++one.arrived < threads) return;
    for (const std::uint32_t thread : one.waiting) {
      block_->learn(thread, one.clock);
      block_->runnable_.push_back(thread);
    }
    one = Named{};
  }
  template <class Kind>
  Kind collective(Collective kind, const Lane& lane) const {
    Warp& warp = block_->warps_[index_ / warp_lanes];
    if (warp.arrived > 0 && warp.kind != kind)
      fail(Fault::divergent, "lanes of a warp do unlike things together, at thread " + std::to_string(index_));
    warp.kind = kind;
    warp.lanes[index_ % warp_lanes] = lane;
    state().waits_for = "its warp";
    if (++warp.arrived == warp_lanes) block_->perform(index_ / warp_lanes);
    return Kind(block_, index_);
  }
  void issue(float* sums, std::uint32_t columns, const std::uint32_t* a_registers, std::uint64_t a, std::uint64_t b,
             Dtype dtype, bool b_by_rows, bool accumulate) const {
    State& own = state();
    Group& group = block_->groups_[index_ / group_threads];
    if (!own.registers_fenced) fail(Fault::unfenced, "a wgmma without wgmma.fence since the last wait");
    const std::uint64_t place = own.products++ - group.first;
    if (place == group.products.size()) {
      Product product;
      product.a = a;
      product.b = b;
      product.columns = columns;
      product.dtype = dtype;
      product.b_by_rows = b_by_rows;
      product.accumulate = accumulate;
      group.products.push_back(std::move(product));
    }
    Product& product = group.products[place];
    if (product.a != a || product.b != b || product.columns != columns || product.b_by_rows != b_by_rows ||
        product.accumulate != accumulate)
      fail(Fault::divergent, "threads of a warpgroup begin unlike wgmmas, at thread " + std::to_string(index_));
    const std::uint32_t t = index_ % group_threads;
    product.sums[t] = sums;
    product.a_registers[t] = a_registers;
    product.before[t].assign(sums, sums + columns / 2);
    product.known[t] = own.known;
    ++product.threads;
    std::fill_n(sums, columns / 2, std::numeric_limits<float>::quiet_NaN());
  }

  Emulator* block_;
  std::uint32_t index_;
};

inline void Emulator::perform(std::uint32_t index) {
  Warp& warp = warps_[index];
  const std::uint32_t first = index * warp_lanes;
  switch (warp.kind) {
    case Collective::none:
      break;
    case Collective::sync: {
      SharedClock all;
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane) all = joined(all, released(first + lane));
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane) learn(first + lane, all);
      break;
    }
    case Collective::shuffle: {
      std::array<float, warp_lanes> values;
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane) values[lane] = warp.lanes[lane].value;
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane)
        warp.lanes[lane].value = values[lane ^ warp.lanes[lane].argument];
      break;
    }
    case Collective::load_matrix:
    case Collective::load_matrix_transposed:
      for (std::uint32_t i = 0; i < warp_lanes; ++i) {
        const std::uint32_t from = warp.lanes[i].argument;
        check_range(from, 16, 16);
        mark_read(from, 16, by_thread(first + i));
      }
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane)
        for (std::uint32_t matrix = 0; matrix < 4; ++matrix) {
          std::uint16_t two[2];
          for (std::uint32_t i = 0; i < 2; ++i) {
            std::uint32_t row = lane / 4, column = lane % 4 * 2 + i;
            if (warp.kind == Collective::load_matrix_transposed) std::swap(row, column);
            std::memcpy(&two[i], &memory_[warp.lanes[matrix * 8 + row].argument + column * 2], 2);
          }
          warp.lanes[lane].registers[matrix] = two[0] | static_cast<std::uint32_t>(two[1]) << 16;
        }
      break;
    case Collective::multiply: {
      float a[16][16], b[16][8];  // rows x sum, sum x columns
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane) {
        const Lane& own = warp.lanes[lane];
        for (std::uint32_t i = 0; i < 8; ++i)
          a[fragment_row(lane, i)][fragment_column(lane, i & 1) + i / 4 * 8] = half_of(own.a[i / 2], i & 1, own.dtype);
        for (std::uint32_t i = 0; i < 4; ++i)
          b[lane % 4 * 2 + (i & 1) + i / 2 * 8][lane / 4] = half_of(own.b[i / 2], i & 1, own.dtype);
      }
      for (std::uint32_t lane = 0; lane < warp_lanes; ++lane)
        for (std::uint32_t i = 0; i < 4; ++i) {
          float& sum = warp.lanes[lane].sums[i];
          for (std::uint32_t k = 0; k < 16; ++k) sum += a[fragment_row(lane, i)][k] * b[k][fragment_column(lane, i)];
        }
      break;
    }
  }
  warp.arrived = 0;
  for (std::uint32_t lane = 0; lane < warp_lanes; ++lane) runnable_.push_back(first + lane);
}

template <class Kernel>
void Emulator::run(const Kernel& kernel, std::array<std::uint32_t, 3> block) {
  block_ = block;
  for (std::uint32_t t = 0; t < thread_count_; ++t) {
    threads_[t].role = kernel(Thread(*this, t));
    threads_[t].at = threads_[t].role.handle();
    runnable_.push_back(t);
  }
  std::size_t favourite = 0;
  for (;;) {
    std::vector<std::uint32_t> due;
    for (std::uint32_t group = 0; group < groups_.size(); ++group)
      if (product_due(group)) due.push_back(group);
    const std::size_t background = copies_.size() + due.size();
    if (runnable_.empty() && background == 0) break;
    // By the seed: what was begun is done at once, at any time, or as late as can be.
    const bool begun =
        background > 0 && (runnable_.empty() || favour_copies_ == 0 ||
                           (favour_copies_ == 1 && random_() % (runnable_.size() + background) < background));
    if (begun) {
      const std::size_t which = random_() % background;
      if (which < copies_.size()) {
        const BoxCopy copy = copies_[which];
        copies_.erase(copies_.begin() + static_cast<std::ptrdiff_t>(which));
        copy_box(copy);
      } else {
        multiply(due[which - copies_.size()]);
      }
      continue;
    }
    // One thread goes far, then another: now and then the next is chosen anew.
    if (random_() % 8 == 0 || favourite >= runnable_.size()) favourite = random_() % runnable_.size();
    const std::uint32_t thread = runnable_[favourite];
    runnable_[favourite] = runnable_.back();
    runnable_.pop_back();
    threads_[thread].at.resume();
    if (threads_[thread].role.done()) threads_[thread].role.check();
  }
  for (std::uint32_t t = 0; t < thread_count_; ++t) {
    const State& state = threads_[t];
    if (!state.role.done())
      fail(Fault::deadlock, name(t) + " of block " + std::to_string(block[0]) + " waits for " + state.waits_for);
    if (!state.commits.empty() || !state.copies.empty() || state.products != state.awaited)
      fail(Fault::unfinished, name(t) + " ends while a copy or a wgmma of its own is under way");
  }
  for (const auto& [address, one] : barriers_)
    if (one.bytes != 0) fail(Fault::unfinished, "a barrier still expects bytes");
}

}  // namespace qsm::inline v0::kernels::detail::gpu

#endif
