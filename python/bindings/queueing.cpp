#include "text/queueing.hpp"

QSM_ROOM(queueing) {
  QSM_FUNCTION(erlang_b);
  QSM_FUNCTION(erlang_c);
  QSM_MODEL(mm1);
  QSM_MODEL(mmc);
  QSM_MODEL(mmck);
  QSM_FUNCTION(servers_for_wait);
  QSM_FUNCTION(erlang_b_continuous);
  QSM_FUNCTION(servers_for_blocking);
  QSM_FUNCTION(load_for_blocking);
  QSM_FUNCTION(servers_for_waiting);
  QSM_FUNCTION(load_for_waiting);
  QSM_FUNCTION(servers_for_utilization);
  QSM_FUNCTION(arrival_rate_for_wait);
  QSM_FUNCTION(service_rate_for_wait);
  QSM_FUNCTION(capacity_for_blocking);
  QSM_FUNCTION(servers_for_blocking_within);
  QSM_FUNCTION(arrival_rate_for_blocking);
  QSM_FUNCTION(service_rate_for_blocking);
  QSM_FUNCTION(servers_for_service);
  QSM_MODEL(mm_infinity);
  QSM_MODEL(engset);
  QSM_MODEL(mmc_finite_source);
  QSM_MODEL(erlang_a);
  QSM_MODEL(retrial);
  QSM_MODEL(mdc);
  QSM_MODEL(fixed_batch);
  QSM_MODEL(dynamic_batch);
  QSM_FUNCTION(best_fixed_batch);
  QSM_FUNCTION(gg1_kingman);
  QSM_FUNCTION(gg1_marchal);
  QSM_FUNCTION(ggc_allen_cunneen);
  QSM_FUNCTION(ggc_kraemer_langenbach_belz);
  QSM_FUNCTION(ggc_whitt);
  QSM_FUNCTION(mgc_cosmetatos);
  QSM_FUNCTION(mgc_kimura);

  {
    QSM_CLASS(MG1);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(discipline);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(wait_variance);
    QSM_BROADCAST(mean_sojourn_of_size);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
  }
  QSM_PLAIN(mg1);
  {
    QSM_CLASS(GIM1);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(probability_wait);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
    QSM_BROADCAST(sojourn_cdf);
    QSM_BROADCAST(sojourn_quantile);
  }
  QSM_PLAIN(gim1);
  QSM_PLAIN(priority_mean_sojourn);
  QSM_PLAIN(dps_mean_sojourn);

  {
    QSM_CLASS(StationSimulation);
    QSM_PROPERTY(servers);
    QSM_PROPERTY(capacity);
    QSM_PROPERTY(stable);
    QSM_PROPERTY(warmup);
    QSM_PROPERTY(arrival_rate);
    QSM_PROPERTY(service_rate);
    QSM_PROPERTY(throughput);
    QSM_PROPERTY(utilization);
    QSM_PROPERTY(mean_wait);
    QSM_PROPERTY(mean_sojourn);
    QSM_PROPERTY(mean_queue_length);
    QSM_PROPERTY(mean_number);
    QSM_PROPERTY(probability_wait);
    QSM_PROPERTY(probability_blocked);
    QSM_BROADCAST(wait_cdf);
    QSM_BROADCAST(wait_quantile);
    QSM_BROADCAST(sojourn_cdf);
    QSM_BROADCAST(sojourn_quantile);
    QSM_VALUE(to_bytes, from_bytes);
  }
  QSM_PLAIN(simulate);
  QSM_PLAIN(replay);

  QSM_RECORD(ServersForWait);
  QSM_PLAIN(servers_for_wait_in_replay);
  QSM_PLAIN(servers_for_wait_in_simulation);

  QSM_RECORD(Comparison);
  QSM_OVERLOAD(compare, compare_laws, compare, const qsm::Distribution&, const qsm::Distribution&, double,
               const room::SimulationOptions&);
  QSM_OVERLOAD(compare_2, compare_trace, compare, std::span<const double>, std::span<const double>, double,
               const room::SimulationOptions&);
}
