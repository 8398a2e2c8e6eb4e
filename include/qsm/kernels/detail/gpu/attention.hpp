#pragma once
/// @file
/// The texts of attention on the GPU: prompts on Hopper's tensor cores, and one new token per sequence over paged keys.
///
/// Both go through the keys in tiles and keep, for each row, the largest score so far, the sum of exponentials relative to it
/// and the sum of values; when a larger score comes, what was summed shrinks. Scores are in units of log 2. Tiles begin at
/// fixed keys, so that the result of a query does not depend on those beside it.

#include <qsm/kernels/detail/gpu/machine.hpp>

namespace qsm::inline v0::kernels::detail::gpu {

inline constexpr float log2_e = 1.44269504f, ln_2 = 0.69314718f;

/// How scores are made, and which keys a query sees: those from place - before to place + after.
struct Scores {
  float scale = 1;                   // of the product of query and key
  float softcap = 0;                 // where > 0, scores s become softcap tanh(s / softcap)
  std::int32_t offset = 0;           // place of query 0 among the keys
  std::int32_t before = 0x3fffffff;  // keys seen before the own place
  std::int32_t after = 0x3fffffff;   // and after it; 0 for a causal mask
};

/// A score in units of log 2.
template <class Machine>
QSM_DEVICE float score_of(Machine machine, const Scores& scores, float product) {
  const float value = product * scores.scale;
  return (scores.softcap > 0 ? scores.softcap * machine.tanh(value / scores.softcap) : value) * log2_e;
}

/// Takes the scores of one row that a lane has into the softmax of the row, of which four lanes have a part; scores become
/// exponentials. Gives by how much older sums shrink.
template <std::uint32_t count, class Machine>
QSM_DEVICE float exponentials(Machine machine, float (&scores)[count], float over_lanes, float& largest, float& sum) {
  const float more = largest > over_lanes ? largest : over_lanes;
  const float base = more == -machine.infinity() ? 0.0f : more;  // a row that has seen no key stays empty
  const float shrink = machine.exp2(largest - base);
  sum *= shrink;
  QSM_UNROLL
  for (std::uint32_t i = 0; i < count; ++i) {
    scores[i] = machine.exp2(scores[i] - base);
    sum += scores[i];
  }
  largest = more;
  return shrink;
}

// Prompts.

inline constexpr std::uint32_t prefill_rows = 128;  // queries of a block, 64 for each of two warpgroups
inline constexpr std::uint32_t prefill_keys = 128;  // of a tile
inline constexpr std::uint32_t prefill_threads = 384;
inline constexpr std::uint32_t prefill_stages = 2;

template <std::uint32_t size>
inline constexpr std::uint32_t prefill_tile_bytes = prefill_keys * size * 2;
template <std::uint32_t size>
inline constexpr std::uint32_t prefill_shared =
    atom_bytes + (1 + 2 * prefill_stages) * prefill_tile_bytes<size> + 8 * (1 + 4 * prefill_stages);

template <class Machine, class Number>
struct PrefillArguments {
  std::uint32_t queries = 0, keys = 0, heads = 0, key_heads = 0;
  Scores scores;
  typename Machine::template Global<Number> o{};   // batch, query, head, place
  typename Machine::template Global<float> lse{};  // batch, query, head; or null
};

/// Tiles of keys that some query of a block sees.
struct TileRange {
  std::uint32_t first, last;
};

template <class Machine, class Number>
QSM_DEVICE TileRange tiles_seen(const PrefillArguments<Machine, Number>& arguments, std::uint32_t first_row) {
  const Scores& scores = arguments.scores;
  const auto low = static_cast<std::int32_t>(first_row) + scores.offset;
  const auto high = static_cast<std::int32_t>(smaller(first_row + prefill_rows, arguments.queries) - 1) + scores.offset;
  const std::int32_t first = low - scores.before > 0 ? low - scores.before : 0;
  const std::int32_t keys = static_cast<std::int32_t>(arguments.keys);
  const std::int32_t last = high + scores.after + 1 < keys ? high + scores.after + 1 : keys;
  if (last <= first) return {0, 0};
  return {static_cast<std::uint32_t>(first) / prefill_keys, ceiling(static_cast<std::uint32_t>(last), prefill_keys)};
}

/// One warpgroup copies tiles of keys and values; two multiply, with the probabilities in registers.
/// The boxes of the maps are 64 x 1 x 128 x 1 of (place, head, token, batch).
template <class Number, std::uint32_t size, class Machine>
QSM_DEVICE typename Machine::Role attention_prefill(Machine machine, const PrefillArguments<Machine, Number>& arguments,
                                                    const typename Machine::Map& q_map,
                                                    const typename Machine::Map& k_map,
                                                    const typename Machine::Map& v_map) {
  constexpr std::uint32_t tile_bytes = prefill_tile_bytes<size>, panels = size / panel_columns;
  constexpr std::uint32_t panel = prefill_keys * panel_bytes;  // bytes of 64 columns of a tile
  const std::uint32_t thread = machine.thread(), head = machine.block(1), batch = machine.block(2);
  const std::uint32_t blocks = ceiling(arguments.queries, prefill_rows);
  const std::uint32_t first_row =
      (blocks - 1 - machine.block(0)) * prefill_rows;  // under a causal mask the longest first
  const std::uint32_t shared = rounded_up(machine.shared(), atom_bytes);
  const std::uint32_t q_at = shared, k_at = q_at + tile_bytes, v_at = k_at + prefill_stages * tile_bytes;
  const std::uint32_t q_full = v_at + prefill_stages * tile_bytes, k_full = q_full + 8;
  const std::uint32_t v_full = k_full + 8 * prefill_stages, k_empty = v_full + 8 * prefill_stages;
  const std::uint32_t v_empty = k_empty + 8 * prefill_stages;
  const TileRange tiles = tiles_seen(arguments, first_row);
  if (thread == 0) {
    machine.barrier_init(q_full, 1);
    for (std::uint32_t stage = 0; stage < prefill_stages; ++stage) {
      machine.barrier_init(k_full + 8 * stage, 1);
      machine.barrier_init(v_full + 8 * stage, 1);
      machine.barrier_init(k_empty + 8 * stage, 2);
      machine.barrier_init(v_empty + 8 * stage, 2);
    }
    machine.fence_barrier_init();
  }
  QSM_AWAIT machine.sync_block();

  if (thread < group_threads) {
    machine.template give_registers<copy_registers>();
    if (thread == 0) {
      const auto number = [](std::uint32_t value) { return static_cast<std::int32_t>(value); };
      const auto copy = [&](const typename Machine::Map& map, std::uint32_t to, std::uint32_t full, std::uint32_t token,
                            std::uint32_t own_head) {
        machine.barrier_expect(full, tile_bytes);
        for (std::uint32_t i = 0; i < panels; ++i)
          machine.copy_box(map, to + i * panel, full, number(i * panel_columns), number(own_head), number(token),
                           number(batch));
      };
      const std::uint32_t key_head = head / (arguments.heads / arguments.key_heads);
      copy(q_map, q_at, q_full, first_row, head);
      for (std::uint32_t tile = tiles.first; tile < tiles.last; ++tile) {
        const std::uint32_t round = tile - tiles.first, stage = round % prefill_stages;
        const std::uint32_t parity = (round / prefill_stages & 1) ^ 1;  // the phase before the first counts as over
        QSM_AWAIT machine.barrier_wait(k_empty + 8 * stage, parity);
        copy(k_map, k_at + stage * tile_bytes, k_full + 8 * stage, tile * prefill_keys, key_head);
        QSM_AWAIT machine.barrier_wait(v_empty + 8 * stage, parity);
        copy(v_map, v_at + stage * tile_bytes, v_full + 8 * stage, tile * prefill_keys, key_head);
      }
    }
  } else {
    machine.template take_registers<multiply_registers>();
    const std::uint32_t own = thread % group_threads, half = thread / group_threads - 1;
    const Scores& scores = arguments.scores;
    // A thread has two rows: sums 0, 1 of each four are of the first, 2, 3 of the second.
    std::int32_t places[2];
    float largest[2], sum[2], out[size / 2];
    QSM_UNROLL
    for (std::uint32_t r = 0; r < 2; ++r) {
      places[r] = static_cast<std::int32_t>(first_row + half * 64 + fragment_row(own, 2 * r)) + scores.offset;
      largest[r] = -machine.infinity();
      sum[r] = 0;
    }
    QSM_UNROLL
    for (std::uint32_t i = 0; i < size / 2; ++i) out[i] = 0;
    QSM_AWAIT machine.barrier_wait(q_full, 0);
    for (std::uint32_t tile = tiles.first; tile < tiles.last; ++tile) {
      const std::uint32_t round = tile - tiles.first, stage = round % prefill_stages;
      const std::uint32_t parity = round / prefill_stages & 1;
      float products[prefill_keys / 2];
      QSM_AWAIT machine.barrier_wait(k_full + 8 * stage, parity);
      machine.group_fence();
      QSM_UNROLL
      for (std::uint32_t k = 0; k < size; k += 16) {
        const std::uint32_t at = k / panel_columns * panel + k % panel_columns * 2;
        machine.template group_multiply<Number, prefill_keys, true>(
            products, descriptor_by_rows(q_at + half * 64 * panel_bytes + at),
            descriptor_by_rows(k_at + stage * tile_bytes + at), k > 0);
      }
      machine.group_commit();
      QSM_AWAIT machine.template group_wait<0>();
      if (own == 0) machine.barrier_arrive(k_empty + 8 * stage);

      const auto first_key = static_cast<std::int32_t>(tile * prefill_keys);
      const std::int32_t block_low = static_cast<std::int32_t>(first_row + half * 64) + scores.offset;
      const bool all_seen =
          first_key + static_cast<std::int32_t>(prefill_keys) <= static_cast<std::int32_t>(arguments.keys) &&
          first_key + static_cast<std::int32_t>(prefill_keys) - 1 <= block_low + scores.after &&
          first_key >= block_low + 63 - scores.before;
      float over[2] = {-machine.infinity(), -machine.infinity()};
      QSM_UNROLL
      for (std::uint32_t i = 0; i < prefill_keys / 2; ++i) {
        const std::uint32_t r = i >> 1 & 1;
        float value = score_of(machine, scores, products[i]);
        if (!all_seen) {
          const std::int32_t key = first_key + static_cast<std::int32_t>(fragment_column(own, i));
          if (key >= static_cast<std::int32_t>(arguments.keys) || key > places[r] + scores.after ||
              key < places[r] - scores.before)
            value = -machine.infinity();
        }
        products[i] = value;
        over[r] = over[r] > value ? over[r] : value;
      }
      float shrink[2];
      std::uint32_t probabilities[prefill_keys / 16][4];
      QSM_UNROLL
      for (std::uint32_t r = 0; r < 2; ++r) {
        QSM_UNROLL
        for (std::uint32_t mask = 1; mask < 4; mask *= 2) {
          const float other = QSM_AWAIT machine.shuffle_xor(over[r], mask);
          over[r] = over[r] > other ? over[r] : other;
        }
        float row[prefill_keys / 4];
        QSM_UNROLL
        for (std::uint32_t i = 0; i < prefill_keys / 4; ++i) row[i] = products[i / 2 * 4 + 2 * r + i % 2];
        shrink[r] = exponentials(machine, row, over[r], largest[r], sum[r]);
        // Sums of 8 columns of a product are a quarter of the left side of the next.
        QSM_UNROLL
        for (std::uint32_t i = 0; i < prefill_keys / 8; ++i)
          probabilities[i / 2][i % 2 * 2 + r] = machine.template pair<Number>(row[2 * i], row[2 * i + 1]);
      }
      QSM_UNROLL
      for (std::uint32_t i = 0; i < size / 2; ++i) out[i] *= shrink[i >> 1 & 1];
      QSM_AWAIT machine.barrier_wait(v_full + 8 * stage, parity);
      machine.group_fence();
      QSM_UNROLL
      for (std::uint32_t k = 0; k < prefill_keys / 16; ++k)
        machine.template group_multiply<Number, size, false>(
            out, probabilities[k],
            descriptor_by_columns(v_at + stage * tile_bytes + k * 16 * panel_bytes, prefill_keys), true);
      machine.group_commit();
      QSM_AWAIT machine.template group_wait<0>();
      if (own == 0) machine.barrier_arrive(v_empty + 8 * stage);
    }
    QSM_UNROLL
    for (std::uint32_t r = 0; r < 2; ++r) {
      QSM_UNROLL
      for (std::uint32_t mask = 1; mask < 4; mask *= 2) sum[r] += QSM_AWAIT machine.shuffle_xor(sum[r], mask);
      const std::uint32_t query = first_row + half * 64 + fragment_row(own, 2 * r);
      if (query < arguments.queries) {
        const std::size_t row = (std::size_t{batch} * arguments.queries + query) * arguments.heads + head;
        const float inverse = sum[r] > 0 ? 1.0f / sum[r] : 0.0f;
        QSM_UNROLL
        for (std::uint32_t i = 2 * r; i < size / 2; i += 4)
          machine.store_pair(arguments.o, row * size + fragment_column(own, i), out[i] * inverse, out[i + 1] * inverse);
        if (arguments.lse && own % 4 == 0)
          machine.store(arguments.lse, row,
                        sum[r] > 0 ? (largest[r] + machine.log2(sum[r])) * ln_2 : -machine.infinity());
      }
    }
  }
}

// One new token for each sequence.

inline constexpr std::uint32_t decode_threads = 128;  // four warps; each takes 16 keys of a tile
inline constexpr std::uint32_t decode_keys = 64;      // of a tile
inline constexpr std::uint32_t decode_rows = 16;      // heads of q that share one of k, at most
inline constexpr std::uint32_t decode_split =
    512;  // keys of a block; fixed, so that results do not depend on the batch

template <std::uint32_t size>
inline constexpr std::uint32_t decode_tile_bytes = decode_keys * size * 2;
template <std::uint32_t size>
inline constexpr std::uint32_t decode_shared = atom_bytes + 4 * decode_tile_bytes<size> + decode_rows * size * 2;

template <class Machine, class Number>
struct DecodeArguments {
  template <class T>
  using Global = typename Machine::template Global<T>;
  std::uint32_t sequences = 0, heads = 0, key_heads = 0, splits = 0, page_size = 0, pages = 0;  // pages of a sequence
  Scores scores;                       // `offset` and `after` have no meaning: the token is the last
  Global<const Number> q{}, k{}, v{};  // sequence, head, place; token of all pages, head, place
  Global<const std::int32_t> page_table{}, lengths{};
  Global<float> part{}, part_lse{};  // sequence, head, split (, place): results of the splits
  Global<Number> o{};
  Global<float> lse{};  // or null
};

/// Some heads of one sequence with `decode_split` of its keys: a partial result and the logarithm of its sum.
template <class Number, std::uint32_t size, class Machine>
QSM_DEVICE typename Machine::Role attention_decode(Machine machine, const DecodeArguments<Machine, Number>& arguments) {
  constexpr std::uint32_t tile_bytes = decode_tile_bytes<size>, chunks = size / 8, pitch = size + 8;
  const std::uint32_t thread = machine.thread(), lane = thread % warp_lanes, warp = thread / warp_lanes;
  const std::uint32_t split = machine.block(0), key_head = machine.block(1), sequence = machine.block(2);
  const std::uint32_t group = arguments.heads / arguments.key_heads;
  const auto length = static_cast<std::uint32_t>(machine.load(arguments.lengths, sequence));
  const std::uint32_t first_seen = static_cast<std::int32_t>(length) - 1 > arguments.scores.before
                                       ? length - 1 - static_cast<std::uint32_t>(arguments.scores.before)
                                       : 0;
  const std::uint32_t start = split * decode_split, stop = smaller(start + decode_split, length);
  const std::uint32_t shared = rounded_up(machine.shared(), atom_bytes), q_at = shared + 4 * tile_bytes;
  if (start < stop) {
    const std::uint32_t tiles = ceiling(stop - start, decode_keys);
    const auto begin = [&](std::uint32_t tile) {
      const std::uint32_t k_at = shared + tile % 2 * 2 * tile_bytes, v_at = k_at + tile_bytes;
      QSM_UNROLL
      for (std::uint32_t i = 0; i < decode_keys * chunks / decode_threads; ++i) {
        const std::uint32_t chunk = thread + i * decode_threads, row = chunk / chunks, column = chunk % chunks * 8;
        const std::uint32_t key = start + tile * decode_keys + row;
        const bool there = key < stop;
        std::size_t from = 0;
        if (there) {
          const auto page = static_cast<std::size_t>(
              machine.load(arguments.page_table, std::size_t{sequence} * arguments.pages + key / arguments.page_size));
          from = ((page * arguments.page_size + key % arguments.page_size) * arguments.key_heads + key_head) * size +
                 column;
        }
        // Rows that are not there are 0, so that nothing that lies in the memory reaches a sum.
        machine.template copy_16<Number>(panel_address(k_at, decode_keys, row, column), arguments.k, from,
                                         there ? 16 : 0);
        machine.template copy_16<Number>(panel_address(v_at, decode_keys, row, column), arguments.v, from,
                                         there ? 16 : 0);
      }
    };
    for (std::uint32_t chunk = thread; chunk < decode_rows * chunks; chunk += decode_threads) {
      const std::uint32_t row = chunk / chunks, column = chunk % chunks * 8;
      const bool there = row < group;
      machine.template copy_16<Number>(
          panel_address(q_at, decode_rows, row, column), arguments.q,
          there ? (std::size_t{sequence} * arguments.heads + key_head * group + row) * size + column : 0,
          there ? 16 : 0);
    }
    begin(0);
    machine.copy_commit();

    float largest[2], sum[2], out[size / 8][4];
    QSM_UNROLL
    for (std::uint32_t r = 0; r < 2; ++r) {
      largest[r] = -machine.infinity();
      sum[r] = 0;
    }
    QSM_UNROLL
    for (std::uint32_t j = 0; j < size / 8; ++j) QSM_UNROLL
    for (std::uint32_t c = 0; c < 4; ++c) out[j][c] = 0;
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      if (tile + 1 < tiles) begin(tile + 1);
      machine.copy_commit();
      machine.template copy_wait<1>();
      QSM_AWAIT machine.sync_block();
      const std::uint32_t k_at = shared + tile % 2 * 2 * tile_bytes, v_at = k_at + tile_bytes;
      float products[2][4];
      QSM_UNROLL
      for (std::uint32_t j = 0; j < 2; ++j) QSM_UNROLL
      for (std::uint32_t c = 0; c < 4; ++c) products[j][c] = 0;
      QSM_UNROLL
      for (std::uint32_t place = 0; place < size; place += 16) {
        std::uint32_t q[4], k[4];
        QSM_AWAIT machine.load_matrix(q, panel_address(q_at, decode_rows, lane % 16, place + lane / 16 * 8));
        QSM_AWAIT machine.load_matrix(
            k, panel_address(k_at, decode_keys, warp * 16 + lane / 16 * 8 + lane % 8, place + lane / 8 % 2 * 8));
        QSM_AWAIT machine.template multiply<Number>(products[0], q, k);
        QSM_AWAIT machine.template multiply<Number>(products[1], q, k + 2);
      }
      std::uint32_t probabilities[4];
      float shrink[2];
      QSM_UNROLL
      for (std::uint32_t r = 0; r < 2; ++r) {
        float row[4], over = -machine.infinity();
        QSM_UNROLL
        for (std::uint32_t i = 0; i < 4; ++i) {
          const std::uint32_t key = start + tile * decode_keys + warp * 16 + i / 2 * 8 + fragment_column(lane, i % 2);
          row[i] = key >= stop || key < first_seen
                       ? -machine.infinity()
                       : score_of(machine, arguments.scores, products[i / 2][2 * r + i % 2]);
          over = over > row[i] ? over : row[i];
        }
        QSM_UNROLL
        for (std::uint32_t mask = 1; mask < 4; mask *= 2) {
          const float other = QSM_AWAIT machine.shuffle_xor(over, mask);
          over = over > other ? over : other;
        }
        shrink[r] = exponentials(machine, row, over, largest[r], sum[r]);
        probabilities[r] = machine.template pair<Number>(row[0], row[1]);
        probabilities[2 + r] = machine.template pair<Number>(row[2], row[3]);
      }
      QSM_UNROLL
      for (std::uint32_t j = 0; j < size / 8; j += 2) {
        std::uint32_t v[4];
        QSM_AWAIT machine.load_matrix_transposed(
            v, panel_address(v_at, decode_keys, warp * 16 + lane % 16, j * 8 + lane / 16 * 8));
        QSM_UNROLL
        for (std::uint32_t i = 0; i < 2; ++i) {
          QSM_UNROLL
          for (std::uint32_t c = 0; c < 4; ++c) out[j + i][c] *= shrink[c / 2];
          QSM_AWAIT machine.template multiply<Number>(out[j + i], probabilities, v + 2 * i);
        }
      }
      QSM_AWAIT machine.sync_block();  // before the next copies go where these tiles are
    }
    machine.template copy_wait<0>();

    // The four warps' results meet in shared memory.
    const std::uint32_t states = shared + 4 * decode_rows * pitch * 4;
    QSM_UNROLL
    for (std::uint32_t r = 0; r < 2; ++r) {
      QSM_UNROLL
      for (std::uint32_t mask = 1; mask < 4; mask *= 2) sum[r] += QSM_AWAIT machine.shuffle_xor(sum[r], mask);
      const std::uint32_t row = fragment_row(lane, 2 * r);
      if (lane % 4 == 0) {
        machine.template store_shared<float>(states + (warp * decode_rows + row) * 8, largest[r]);
        machine.template store_shared<float>(states + (warp * decode_rows + row) * 8 + 4, sum[r]);
      }
      QSM_UNROLL
      for (std::uint32_t j = 0; j < size / 8; ++j) QSM_UNROLL
      for (std::uint32_t c = 0; c < 2; ++c)
        machine.template store_shared<float>(
            shared + ((warp * decode_rows + row) * pitch + j * 8 + fragment_column(lane, c)) * 4, out[j][2 * r + c]);
    }
    QSM_AWAIT machine.sync_block();
    QSM_ROLLED
    for (std::uint32_t i = thread; i < group * size; i += decode_threads) {
      const std::uint32_t row = i / size, column = i % size;
      float most = -machine.infinity(), all = 0, value = 0;
      for (std::uint32_t w = 0; w < 4; ++w) {
        const float own = machine.template load_shared<float>(states + (w * decode_rows + row) * 8);
        most = most > own ? most : own;
      }
      const float base = most == -machine.infinity() ? 0.0f : most;
      for (std::uint32_t w = 0; w < 4; ++w) {
        const float factor =
            machine.exp2(machine.template load_shared<float>(states + (w * decode_rows + row) * 8) - base);
        all += factor * machine.template load_shared<float>(states + (w * decode_rows + row) * 8 + 4);
        value += factor * machine.template load_shared<float>(shared + ((w * decode_rows + row) * pitch + column) * 4);
      }
      const std::size_t place =
          (std::size_t{sequence} * arguments.heads + key_head * group + row) * arguments.splits + split;
      machine.store(arguments.part, place * size + column, all > 0 ? value / all : 0.0f);
      if (column == 0)
        machine.store(arguments.part_lse, place, all > 0 ? base + machine.log2(all) : -machine.infinity());
    }
  }
}

/// The results of the splits as one: each weighs by its sum of exponentials. A block for a sequence and head, a thread for
/// each place.
template <class Number, std::uint32_t size, class Machine>
QSM_DEVICE typename Machine::Role attention_merge(Machine machine, const DecodeArguments<Machine, Number>& arguments) {
  const std::uint32_t head = machine.block(0), sequence = machine.block(1), place = machine.thread();
  const std::size_t row = std::size_t{sequence} * arguments.heads + head;
  const std::uint32_t splits =
      ceiling(static_cast<std::uint32_t>(machine.load(arguments.lengths, sequence)), decode_split);
  float most = -machine.infinity(), all = 0, value = 0;
  for (std::uint32_t split = 0; split < splits; ++split) {
    const float own = machine.load(arguments.part_lse, row * arguments.splits + split);
    most = most > own ? most : own;
  }
  const float base = most == -machine.infinity() ? 0.0f : most;
  for (std::uint32_t split = 0; split < splits; ++split) {
    const float factor = machine.exp2(machine.load(arguments.part_lse, row * arguments.splits + split) - base);
    all += factor;
    value += factor * machine.load(arguments.part, (row * arguments.splits + split) * size + place);
  }
  machine.store(arguments.o, row * size + place, machine.template to_number<Number>(all > 0 ? value / all : 0.0f));
  if (arguments.lse && place == 0)
    machine.store(arguments.lse, row, all > 0 ? (base + machine.log2(all)) * ln_2 : -machine.infinity());
  QSM_END;
}

}  // namespace qsm::inline v0::kernels::detail::gpu
