#include "text/sharding.hpp"

#include "items.hpp"
#include "text/sketches.hpp"

namespace qsm_python {

/// A node, or its name alone.
template <>
struct Take<qsm::sharding::Node> {
  static qsm::sharding::Node read(py::handle object, const Place& place) {
    if (PyUnicode_Check(object.ptr())) return {read_text(object, place)};
    if (PyObject_IsInstance(object.ptr(), record_class<qsm::sharding::Node>()) != 1)
      refuse_type(place, "a Node or the name of one", object);
    return {read_text(object.attr("name"), {place.function, "name"}),
            read_number(object.attr("weight"), {place.function, "weight"}),
            read_text(object.attr("domain"), {place.function, "domain"})};
  }
};

namespace text::sharding {

struct Keys {
  static constexpr bool whole = false;
  static constexpr auto takes = std::make_tuple(Parameter{"keys", required});
};
struct NodeOf : Keys {
  static constexpr const char* name = "node";
  static constexpr auto doc =
      "Position of the node that holds a key: an integer of 64 bits, a float, a string (as UTF-8) or bytes. Of an "
      "array "
      "or sequence of keys an array.\n\n"
      "Arrays of NumPy and columns of Arrow are read without a Python loop, as sketches read them.\n";
};
struct NameOf : Keys {
  static constexpr const char* name = "name_of";
  static constexpr auto doc = "Name of the node that holds a key; of an array or sequence of keys a list.\n";
};
struct NodeOfHash {
  static constexpr const char* name = "node_of_hash";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Positions of the nodes that hold keys of 64-bit hashes made elsewhere, an array of one axis.\n";
  static constexpr auto takes = std::make_tuple(Parameter{"hashes", required});
};
struct ReplicasOf {
  static constexpr const char* name = "replicas";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "Positions of so many unlike nodes for a key, an array; of many keys an array with one more axis.\n\n"
      "First the key's node, then those that would hold it if the nodes before were not there. A failure domain is "
      "taken "
      "again only when every other has been taken as often.\n\n"
      "Parameters\n----------\nkeys\n    one key, or an array or sequence of keys\ncount\n    nodes [1], an integer >= "
      "0\n";
  static constexpr auto takes = std::make_tuple(Parameter{"keys", required}, Parameter{"count", required});
};
struct PlaceKeys : Keys {
  static constexpr const char* name = "place";
  static constexpr auto doc =
      "Position of the node that takes a key; of an array or sequence of keys, one after the other, an array.\n";
};
struct MovementOf {
  static constexpr const char* name = "movement";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "How many of the keys move between two placements, by the names of their nodes.\n\n"
      "Parameters\n----------\nbefore\n    a placement\nafter\n    a placement\nkeys\n    an array or sequence of "
      "keys\n";
  static constexpr auto takes =
      std::make_tuple(Parameter{"before", required}, Parameter{"after", required}, Parameter{"keys", required});
};
struct BalanceOf {
  static constexpr const char* name = "balance";
  static constexpr bool whole = false;
  static constexpr auto doc =
      "How evenly the keys lie on the nodes of a placement.\n\n"
      "Parameters\n----------\nplacement\n    a placement\nkeys\n    an array or sequence of keys\n";
  static constexpr auto takes = std::make_tuple(Parameter{"placement", required}, Parameter{"keys", required});
};

}  // namespace text::sharding
}  // namespace qsm_python

namespace {

namespace py = pybind11;
using namespace qsm::sharding;
using Hashes = std::span<const std::uint64_t>;
using Positions = std::vector<std::uint32_t>;
namespace texts = qsm_python::text::sharding;

/// Positions of keys as they are read, and what shape they had.
qsm_python::ItemShape places_of(const Placement& placement, const py::object& keys, const char* function,
                                Positions& places) {
  return qsm_python::read_items(keys, placement.hasher(), {function, "keys"}, [&](Hashes hashes) {
    const std::size_t before = places.size();
    places.resize(before + hashes.size());
    placement.nodes_of_hashes(hashes, std::span(places).subspan(before));
  });
}

py::object give_places(const qsm_python::ItemShape& shape, const Positions& places) {
  if (shape.single) return py::int_(places.front());
  return py::array_t<std::uint32_t>(shape.axes, places.data());
}

py::object node(const Placement& placement, const py::object& keys) {
  Positions places;
  const auto shape = places_of(placement, keys, "node", places);
  return give_places(shape, places);
}

py::object name_of(const Placement& placement, const py::object& keys) {
  Positions places;
  const auto shape = places_of(placement, keys, "name_of", places);
  if (shape.single) return py::str(placement.table()[places.front()].name);
  py::list names;
  for (const std::uint32_t place : places) names.append(placement.table()[place].name);
  return names;
}

py::object node_of_hash(const Placement& placement, const py::object& hashes) {
  const std::vector<std::uint64_t> read = qsm_python::read_hashes(hashes, {"node_of_hash", "hashes"});
  Positions places(read.size());
  placement.nodes_of_hashes(read, places);
  return qsm_python::give(places);
}

py::object replicas(const Placement& placement, const py::object& keys, std::uint32_t count) {
  Positions places;
  auto shape = qsm_python::read_items(keys, placement.hasher(), {"replicas", "keys"}, [&](Hashes hashes) {
    for (const std::uint64_t hash : hashes) {
      const Positions own = placement.replicas_of_hash(hash, count);
      places.insert(places.end(), own.begin(), own.end());
    }
  });
  shape.axes.push_back(static_cast<py::ssize_t>(count));
  return py::array_t<std::uint32_t>(shape.axes, places.data());
}

py::object place(BoundedLoads& loads, const py::object& keys) {
  Positions places;
  const auto shape = qsm_python::read_items(keys, loads.hasher(), {"place", "keys"}, [&](Hashes hashes) {
    for (const std::uint64_t hash : hashes) places.push_back(loads.place_hash(hash));
  });
  return give_places(shape, places);
}

Movement movement_between(const Placement& before, const Placement& after, const py::object& keys) {
  py::object again = keys;  // read twice
  if (py::hasattr(keys, "__iter__") && !py::hasattr(keys, "__getitem__")) again = py::list(keys);
  Positions places, later_places;
  places_of(before, again, "movement", places);
  places_of(after, again, "movement", later_places);
  return movement_of(before.table(), places, after.table(), later_places);
}

Balance balance_between(const Placement& placement, const py::object& keys) {
  Positions places;
  places_of(placement, keys, "balance", places);
  return balance_of(placement.table(), places);
}

}  // namespace

QSM_ROOM(sharding) {
  QSM_RECORD(Node);
  QSM_RECORD(Movement);
  QSM_RECORD(Balance);
  QSM_PLAIN(numbered_nodes);
  QSM_PLAIN(jump);
  QSM_PLAIN(jump_back);
  QSM_PLAIN(power);
  QSM_PLAIN(maglev_table);
  QSM_PLAIN(ordered);
  QSM_RECORD(HotKey);
  QSM_PLAIN(hot_keys);
  QSM_FUNCTION(least_peak);
  QSM_PLAIN(even_ranges);
  QSM_PLAIN(split_and_merge);
  QSM_RECORD(Shard);
  QSM_RECORD(Move);
  QSM_RECORD(RebalancePlan);
  QSM_PLAIN(rebalance);
  QSM_PLAIN(shards_law);
  QSM_FUNCTION(lock_conflict);
  QSM_RECORD(CommitCost);
  QSM_PLAIN(two_phase_commit);
  QSM_RECORD(TransactionCost);
  QSM_PLAIN(transaction_cost);
  QSM_RECORD(ShardingPlan);
  QSM_PLAIN(optimize_sharding);
  QSM_RECORD(PlaceInterval);
  QSM_PLAIN(curve_place);
  QSM_PLAIN(curve_cell);
  QSM_PLAIN(curve_intervals);
  QSM_PLAIN(hilbert_intervals);
  QSM_PLAIN(grid_cells_touched);
  QSM_FUNCTION(least_movement);
  QSM_FUNCTION(modulo_movement);
  QSM_FUNCTION(renamed_movement);
  QSM_FUNCTION(hierarchical_movement);
  QSM_FUNCTION(ring_deviation);
  QSM_FUNCTION(ring_peak);
  QSM_FUNCTION(ring_least);
  QSM_FUNCTION(multi_probe_deviation);
  QSM_FUNCTION(multi_probe_peak);
  QSM_FUNCTION(chance_deviation);
  QSM_FUNCTION(anchor_steps);
  QSM_FUNCTION(cross_shard_probability);
  QSM_FUNCTION(shards_touched);
  {
    QSM_CLASS(Placement);
    bound.method<texts::NodeOf>(&node);
    bound.method<texts::NameOf>(&name_of);
    bound.method<texts::NodeOfHash>(&node_of_hash);
    bound.method<texts::ReplicasOf>(&replicas);
    QSM_METHOD(add);
    QSM_METHOD(remove);
    QSM_METHOD(position);
    QSM_METHOD(encode);
    QSM_PROPERTY(table);
    QSM_PROPERTY(size);
    QSM_PROPERTY(total_weight);
    QSM_PROPERTY(algorithm);
    QSM_PROPERTY(bytes_used);
    bound.type()
        .def_property_readonly(
            "names",
            [](const Type& placement) {
              py::list names;
              for (const qsm::sharding::Node& one : placement.table()) names.append(one.name);
              return names;
            },
            "Names of the nodes by position; empty where there is none.")
        .def_property_readonly(
            "hasher", [](const Type& placement) { return qsm_python::give(placement.hasher()); },
            "How keys become 64 bits.")
        .def("__len__", &Type::size)
        .def("__contains__",
             [](const Type& placement, const py::object& name) {
               return py::isinstance<py::str>(name) && placement.contains(py::cast<std::string>(name));
             })
        .def("__repr__",
             [](const Type& placement) {
               return std::string(placement.algorithm()) + " of " + std::to_string(placement.size()) + " nodes";
             })
        .def("__reduce__", [](const py::object& self) {
          return py::make_tuple(py::type::of(self).attr("decode"), py::make_tuple(self.attr("encode")()));
        });
  }
  {
    QSM_CLASS(Modulo, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Ranges, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const std::vector<std::uint64_t>&, const Hasher&);
    QSM_METHOD(split);
    QSM_METHOD(start);
    QSM_METHOD(starts);
    QSM_METHOD(owners);
    QSM_METHOD(nodes_between);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Ring, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&, const RingOptions&);
    QSM_PROPERTY(virtual_nodes);
    QSM_PROPERTY(points);
    QSM_METHOD(shares);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(MultiProbe, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&, const MultiProbeOptions&);
    QSM_PROPERTY(probes);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Jump, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(JumpBack, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Power, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Rendezvous, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(HierarchicalRendezvous, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Maglev, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&, const MaglevOptions&);
    QSM_PROPERTY(table_size);
    QSM_METHOD(entries);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Anchor, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&, const CapacityOptions&);
    QSM_PROPERTY(capacity);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(JumpBackAnchor, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Memento, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(Dx, Placement);
    QSM_CONSTRUCTOR(const Nodes&, const Hasher&, const CapacityOptions&);
    QSM_PROPERTY(capacity);
    QSM_STATIC(decode);
  }
  {
    QSM_CLASS(BoundedLoads);
    QSM_CONSTRUCTOR(const Placement&, const BoundedLoadOptions&);
    bound.method<texts::PlaceKeys>(&place);
    QSM_METHOD(release);
    QSM_METHOD(capacity);
    QSM_PROPERTY(loads);
    QSM_PROPERTY(total);
    QSM_PROPERTY(overflowed);
    QSM_PROPERTY(balance);
    QSM_PROPERTY(table);
  }
  {
    QSM_CLASS(KdTree);
    QSM_CONSTRUCTOR(const std::vector<std::vector<double>>&, std::uint64_t);
    QSM_METHOD(shard);
    QSM_METHOD(shards_within);
    QSM_PROPERTY(size);
    QSM_PROPERTY(dimensions);
  }
  qsm_python::plain<texts::MovementOf>(module, &movement_between);
  qsm_python::plain<texts::BalanceOf>(module, &balance_between);
}
