#pragma once
/// @file
/// Any balancer behind one type.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qsm/policies/balancer.hpp>

namespace qsm::inline v0::balancing {

namespace detail {

class BalancerBase {
 public:
  virtual ~BalancerBase() = default;
  virtual std::unique_ptr<BalancerBase> copy() const = 0;
  virtual std::optional<std::size_t> pick(double now, double size, std::uint64_t key) = 0;
  virtual void finish(double now, std::size_t server, double latency, bool succeeded) = 0;
  virtual void report(double now, std::size_t server, double load, double latency) = 0;
  virtual std::vector<std::size_t> probes(double now) = 0;
  virtual void set_weight(std::size_t server, double weight) = 0;
  virtual void reseed(std::uint64_t seed) = 0;
  virtual void remove(std::size_t server) = 0;
  virtual void add(std::size_t server) = 0;
  virtual std::size_t size() const = 0;
};

template <class Type>
concept Weighted = requires(Type balancer) { balancer.set_weight(std::size_t{0}, 1.0); };

template <class Type>
concept Seeded = requires(Type balancer) { balancer.reseed(std::uint64_t{1}); };

template <class Type>
class HeldBalancer final : public BalancerBase {
 public:
  explicit HeldBalancer(Type balancer) : held_(std::move(balancer)) {}
  std::unique_ptr<BalancerBase> copy() const override { return std::make_unique<HeldBalancer>(*this); }
  std::optional<std::size_t> pick(double now, double size, std::uint64_t key) override {
    return held_.pick(now, size, key);
  }
  void finish(double now, std::size_t server, double latency, bool succeeded) override {
    if constexpr (policies::ResponseAware<Type>) held_.finish(now, server, latency, succeeded);
  }
  void report(double now, std::size_t server, double load, double latency) override {
    if constexpr (policies::LoadAware<Type>) held_.report(now, server, load, latency);
  }
  std::vector<std::size_t> probes(double now) override {
    if constexpr (policies::ProbeAware<Type>)
      return held_.probes(now);
    else
      return {};
  }
  void set_weight(std::size_t server, double weight) override {
    if constexpr (Weighted<Type>) held_.set_weight(server, weight);
  }
  void reseed(std::uint64_t seed) override {
    if constexpr (Seeded<Type>) held_.reseed(seed);
  }
  void remove(std::size_t server) override { held_.remove(server); }
  void add(std::size_t server) override { held_.add(server); }
  std::size_t size() const override { return held_.size(); }

 private:
  Type held_;
};

}  // namespace detail

/// Any balancer, or the name of one, which is made for the servers at hand: "round_robin", "smooth_round_robin",
/// "random", "least_connections", "weighted_least_connections", "least_work", "power_of_choices", "join_idle_queue",
/// "peak_ewma", "prequal", "consistent_hashing". A value.
class AnyBalancer {
 public:
  /// Holds a copy of the balancer.
  template <class Type>
    requires(!std::same_as<Type, AnyBalancer> && policies::Balancer<Type>)
  AnyBalancer(Type balancer)
      : held_(std::make_unique<detail::HeldBalancer<Type>>(std::move(balancer))),
        finishes_(policies::ResponseAware<Type>),
        reports_(policies::LoadAware<Type>),
        probes_(policies::ProbeAware<Type>),
        weighted_(detail::Weighted<Type>) {}
  /// Names one; an unknown name is refused with the list of those known.
  AnyBalancer(const std::string& name);
  /// Names one.
  AnyBalancer(const char* name) : AnyBalancer(std::string(name)) {}

  AnyBalancer(const AnyBalancer& other) { *this = other; }
  AnyBalancer(AnyBalancer&&) noexcept = default;
  AnyBalancer& operator=(const AnyBalancer& other) {
    name_ = other.name_;
    held_ = other.held_ ? other.held_->copy() : nullptr;
    finishes_ = other.finishes_, reports_ = other.reports_, probes_ = other.probes_, weighted_ = other.weighted_;
    return *this;
  }
  AnyBalancer& operator=(AnyBalancer&&) noexcept = default;

  /// This one; where it is a name, the one it names, for servers of these `speeds` [1].
  AnyBalancer made(std::span<const double> speeds) const;
  /// Whether it learns how requests end.
  bool response_aware() const { return finishes_; }
  /// Whether it is told loads.
  bool load_aware() const { return reports_; }
  /// Whether it asks for loads.
  bool probe_aware() const { return probes_; }
  /// Whether it has weights that can be changed.
  bool weighted() const { return weighted_; }

  /// As the balancers' own; what one does not have does nothing. Not of a name.
  std::optional<std::size_t> pick(double now, double size = 1, std::uint64_t key = 0) {
    return held_->pick(now, size, key);
  }
  void finish(double now, std::size_t server, double latency = 0, bool succeeded = true) {
    held_->finish(now, server, latency, succeeded);
  }
  void report(double now, std::size_t server, double load, double latency = 0) {
    held_->report(now, server, load, latency);
  }
  std::vector<std::size_t> probes(double now) { return held_->probes(now); }
  void set_weight(std::size_t server, double weight) { held_->set_weight(server, weight); }
  void reseed(std::uint64_t seed) { held_->reseed(seed); }
  void remove(std::size_t server) { held_->remove(server); }
  void add(std::size_t server) { held_->add(server); }
  std::size_t size() const { return held_ ? held_->size() : 0; }

 private:
  std::string name_;
  std::unique_ptr<detail::BalancerBase> held_;
  bool finishes_ = false, reports_ = false, probes_ = false, weighted_ = false;
};

}  // namespace qsm::inline v0::balancing

#ifdef QSM_HEADER_ONLY
#include <qsm/balancing/any_balancer.ipp>
#endif
