#include <vector>

#include <qsm/kernels/attention.hpp>
#include <qsm/kernels/detail/attend.hpp>
#include <qsm/sim/parallel.hpp>

namespace qsm::inline v0::kernels {

QSM_INLINE void attention(const ConstHeads& q, const ConstHeads& k, const ConstHeads& v, const MutableHeads& o,
                          std::span<float> lse, const AttentionOptions& options) {
  detail::check_attention(q, k, v, o, lse, options);
  // A piece is a block of queries with heads that share one of the keys; where a sequence has no other such block, with as
  // many heads as leave work for all threads.
  struct Piece {
    detail::Sequence sequence;
    std::size_t first_query, queries, first_head, heads;
  };
  const std::size_t group = q.heads / k.heads, heads = std::min(group, detail::rows_of_block);
  const std::size_t tokens = detail::rows_of_block / heads;
  const auto sequences = detail::sequences_of(q, k, options);
  const auto threads = static_cast<std::size_t>(options.threads > 0 ? options.threads : sim::default_threads());
  const std::size_t together = std::max<std::size_t>(1, k.heads * sequences.size() / threads);
  std::vector<Piece> pieces;
  for (const auto& sequence : sequences) {
    const std::size_t key_heads = sequence.queries > tokens ? 1 : std::min(k.heads, together);
    for (std::size_t key_head = 0; key_head < k.heads; key_head += key_heads)
      for (std::size_t query = 0; query < sequence.queries; query += tokens)
        pieces.push_back({sequence, query, std::min(tokens, sequence.queries - query), key_head * group,
                          std::min(key_heads, k.heads - key_head) * group});
  }
  sim::parallel_for(pieces.size(), options.threads, [&](std::size_t i) {
    thread_local detail::AttentionWorkspace space;
    const Piece& piece = pieces[i];
    space.shared.resize(piece.heads / group * ((group + heads - 1) / heads));
    auto shared = space.shared.begin();
    for (std::size_t first = piece.first_head; first < piece.first_head + piece.heads; first += group)
      for (std::size_t head = 0; head < group; head += heads, ++shared) {
        shared->first = first + head;
        shared->heads = std::min(heads, group - head);
      }
    detail::QueryBlock(q, k, v, o, lse, options, piece.sequence, piece.first_query, piece.queries, space).attend();
  });
}

}  // namespace qsm::inline v0::kernels
