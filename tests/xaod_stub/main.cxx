// Runs a query over the events of a folder: `main EVENTS OUTPUT`.
//
// EVENTS/index.txt has a line for each variable: container, name, type, whether it is a list. Its numbers are in
// CONTAINER.NAME, the sizes of lists in CONTAINER.NAME.sizes, and the numbers of objects in CONTAINER.sizes.
#include "stub.h"  // first, so that it is not compiled anew

#include <iostream>
#include <sstream>

EL::AnaAlgorithm* make_query();

TTree::TTree(const char*, const char*) {}
TTree::TTree(const TTree&) = default;
TTree& TTree::operator=(const TTree&) = default;
TTree::~TTree() = default;
void TTree::Fill() {
  for (auto& fill : fills) fill();
}
EL::AnaAlgorithm::AnaAlgorithm(const std::string&, ISvcLocator*) {}
EL::AnaAlgorithm::~AnaAlgorithm() = default;
StatusCode EL::AnaAlgorithm::book(const TTree& made) {
  trees["atlas_xaod_tree"] = made;
  return StatusCode::SUCCESS;
}
TTree* EL::AnaAlgorithm::tree(const std::string& name) { return &trees.at(name); }
TEMPLATES()

template <class T>
std::vector<T> numbers(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string bytes = text.str();
  std::vector<T> found(bytes.size() / sizeof(T));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(found.data()));
  return found;
}

template <class T>
std::any variable(const std::string& path, bool is_list) {
  auto flat = numbers<T>(path);
  if (!is_list) return flat;
  std::vector<std::vector<T>> lists;
  size_t start = 0;
  for (int64_t size : numbers<int64_t>(path + ".sizes")) {
    lists.emplace_back(flat.begin() + start, flat.begin() + start + size);
    start += size;
  }
  return lists;
}

int main(int, char** arguments) try {
  const std::string folder = arguments[1], output = arguments[2];
  Store store;
  size_t events = 0;
  std::ifstream index(folder + "/index.txt");
  std::string container, name, type;
  bool is_list;
  using Tracks = DataVector<xAOD::TrackParticle_v1>;
  using Tags = DataVector<xAOD::BTagging_v1>;
  const std::map<std::string, std::function<std::any(const std::string&, bool)>> readers = {
      {"int8", variable<char>},       {"uint8", variable<uint8_t>},   {"int16", variable<short>},
      {"uint16", variable<uint16_t>}, {"int32", variable<int>},       {"uint32", variable<uint32_t>},
      {"uint64", variable<uint64_t>}, {"float32", variable<float>},   {"float64", variable<double>},
      {"tracks", variable<ElementLink<Tracks>>}, {"tags", variable<ElementLink<Tags>>},
  };
  while (index >> container >> name >> type >> is_list) {
    Columns& columns = store.containers[container];
    columns.variables[name] = readers.at(type)(folder + "/" + container + "." + name, is_list);
    columns.starts = {0};
    for (int64_t size : numbers<int64_t>(folder + "/" + container + ".sizes"))
      columns.starts.push_back(columns.starts.back() + size);
    events = columns.starts.size() - 1;
  }
  std::unique_ptr<EL::AnaAlgorithm> query(make_query());
  query->store = &store;
  ANA_CHECK(query->initialize());
  for (store.event = 0; store.event < events; ++store.event) {
    ANA_CHECK(query->execute());
    store.kept.clear();
  }
  ANA_CHECK(query->finalize());
  std::ofstream list(output + "/index.txt");
  for (auto& [branch, writer] : query->trees.at("atlas_xaod_tree").writers) {
    list << branch << " " << writer->letter << " " << writer->levels.size() << "\n";
    std::ofstream(output + "/" + branch, std::ios::binary) << writer->numbers;
    for (size_t level = 0; level < writer->levels.size(); ++level)
      std::ofstream(output + "/" + branch + "." + std::to_string(level), std::ios::binary) << writer->levels[level];
  }
} catch (const std::exception& problem) {
  std::cerr << problem.what() << "\n";
  return 1;
}
