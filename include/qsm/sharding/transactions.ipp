#include <algorithm>
#include <cmath>

#include <qsm/core/error.hpp>
#include <qsm/latency/extremes.hpp>
#include <qsm/sharding/transactions.hpp>

namespace qsm::inline v0::sharding {

QSM_INLINE std::vector<double> shards_law(double shards, double keys) {
  Check check("shards_law");
  check.positive_count("shards", shards);
  check.positive_count("keys", keys);
  check.that(keys <= 1e4, "keys", keys, "an integer in [1, 10,000]");
  const auto most = static_cast<std::size_t>(std::min(shards, keys));
  std::vector<double> law(most);
  law[0] = 1;
  for (double key = 1; key < keys; ++key)
    for (std::size_t used = most; used-- > 0;) {
      const auto j = static_cast<double>(used);
      law[used] = law[used] * ((j + 1) / shards) + (used == 0 ? 0 : law[used - 1] * (1 - j / shards));
    }
  return law;
}

QSM_INLINE double lock_conflict(double rate, double hold, double keys, double database) {
  Check check("lock_conflict");
  check.not_negative("rate", rate);
  check.not_negative("hold", hold);
  const double load = rate * hold;
  check.that(load <= 1e6, "rate times hold", load, "at most 1e6");
  check.positive_count("keys", keys);
  check.count("database", database);
  check.that(database >= keys && database <= 1e12, "database", database, "an integer in [keys, 1e12]");
  if (load == 0) return 0;
  // Weights load^m / m! prod_{j<m} q(j), q(j) the probability that a new transaction meets none of j that share no key.
  const auto log_free = [&](double held) {  // ln C(D - h, k) / C(D, k)
    double sum = 0;
    if (keys <= 64) {
      for (double i = 0; i < keys; ++i) sum += std::log1p(-held / (database - i));
      return sum;
    }
    return std::lgamma(database - held + 1) - std::lgamma(database - held - keys + 1) - std::lgamma(database + 1) +
           std::lgamma(database - keys + 1);
  };
  // Sums are kept against the largest weight so far.
  double weight = 0, largest = 0, all = 0, free = 0;
  for (double m = 0; m * keys <= database; ++m) {
    if (m > 0) {
      const double before = log_free((m - 1) * keys);
      weight += std::log(load / m) + before;
    }
    if (weight > largest) {
      const double less = std::exp(largest - weight);
      all *= less;
      free *= less;
      largest = weight;
    }
    const double own = std::exp(weight - largest);
    all += own;
    if ((m + 1) * keys <= database) free += own * std::exp(log_free(m * keys));
    if (m > load && own < 1e-18 * all) break;
  }
  return std::max(0.0, 1 - free / all);
}

QSM_INLINE CommitCost two_phase_commit(const Distribution& round, double participants, double log_time) {
  Check check("two_phase_commit");
  check.positive_count("participants", participants);
  check.not_negative("log_time", log_time);
  if (participants == 1) return {round.mean(), round.quantile(0.99), round.mean()};
  const Distribution slowest = latency::max_of(round, participants);
  const double mean = slowest.mean();
  return {mean + log_time, slowest.quantile(0.99) + log_time, 2 * mean + log_time};
}

QSM_INLINE TransactionCost transaction_cost(double shards, double keys, double rate, double database,
                                            const Distribution& round, double log_time) {
  Check check("transaction_cost");
  check.positive_count("shards", shards);
  check.positive_count("keys", keys);
  const std::vector<double> law = shards_law(shards, keys);
  TransactionCost cost{1 - law[0], 0, 0, 0, 0, 0};
  for (std::size_t i = 0; i < law.size(); ++i) {
    if (law[i] == 0) continue;
    const double used = static_cast<double>(i + 1);
    const CommitCost commit = two_phase_commit(round, used, log_time);
    cost.shards += law[i] * used;
    cost.messages += law[i] * (i == 0 ? 2 : 4 * used);
    cost.latency += law[i] * commit.latency;
    cost.hold += law[i] * commit.hold;
  }
  cost.conflict = lock_conflict(rate, cost.hold, keys, database);
  return cost;
}

}  // namespace qsm::inline v0::sharding
