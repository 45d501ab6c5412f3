// A stand-in for the event data model and the event loop of ATLAS: what generated queries use of them, and no more.
//
// An object is a place in columns, as in the real one. A method returns the variable of its name; where a variable has
// another type than the one that is asked for, or is not there, it is an error.
#ifndef STUB_H
#define STUB_H

#include <any>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using std::vector;

struct StatusCode {
  enum Value { SUCCESS, FAILURE } value;
  StatusCode(Value v = SUCCESS) : value(v) {}
  bool isSuccess() const { return value == SUCCESS; }
};
#define ANA_CHECK(call) \
  do { \
    if (!StatusCode(call).isSuccess()) throw std::runtime_error(#call); \
  } while (false)

// ---- objects

template <class Container>
struct ElementLink {
  uint32_t m_persKey = 0, m_persIndex = 0;
  uint32_t persKey() const { return m_persKey; }
  uint32_t persIndex() const { return m_persIndex; }
};

struct Columns {
  std::map<std::string, std::any> variables;  // each a vector of its values in all events
  std::vector<int64_t> starts;                // of the objects of each event
};

struct AuxElement {
  const Columns* columns = nullptr;
  size_t place = 0;  // among those of all events
  size_t first = 0;  // of the event
  size_t index() const { return place - first; }
  template <class T>
  const T& auxdataConst(const char* name) const {  // a string made in each of very many calls takes long to compile
    auto found = columns->variables.find(name);
    if (found == columns->variables.end()) throw std::runtime_error("no variable " + std::string(name));
    auto values = std::any_cast<std::vector<T>>(&found->second);
    if (!values) throw std::runtime_error("another type of variable " + std::string(name));
    return (*values)[place];
  }
};

template <class T>
struct DataVector {
  std::vector<T> objects;
  std::vector<const T*> pointers;
  auto begin() const { return pointers.begin(); }
  auto end() const { return pointers.end(); }
};

#define METHOD(result, name, type, variable) \
  result name() const { return auxdataConst<type>(variable); }

namespace xAOD {
struct Egamma : AuxElement {
  METHOD(double, pt, float, "pt")
  METHOD(double, eta, float, "eta")
  METHOD(double, phi, float, "phi")
};
struct Electron_v1 : Egamma {
  METHOD(double, m, float, "m")
  METHOD(float, charge, float, "charge")
};
struct Photon_v1 : Egamma {};
struct Muon_v1 : AuxElement {
  METHOD(double, pt, float, "pt")
  METHOD(double, eta, float, "eta")
  METHOD(double, phi, float, "phi")
};
struct Jet_v1 : AuxElement {};
struct TauJet_v3 : AuxElement {};
struct BTagging_v1 : AuxElement {};
struct TruthParticle_v1 : AuxElement {};
struct Vertex_v1 : AuxElement {
  METHOD(float, x, float, "x")
  METHOD(float, y, float, "y")
  METHOD(float, z, float, "z")
};
struct TrackParticle_v1 : AuxElement {
  METHOD(float, d0, float, "d0")
  METHOD(float, z0, float, "z0")
  METHOD(float, phi0, float, "phi")
  METHOD(float, qOverP, float, "qOverP")
  METHOD(float, theta, float, "theta")
  METHOD(float, vz, float, "vz")
  METHOD(const std::vector<float>&, definingParametersCovMatrixDiagVec, std::vector<float>,
         "definingParametersCovMatrixDiag")
};
struct EventInfo_v1 : AuxElement {
  METHOD(uint32_t, runNumber, uint32_t, "runNumber")
  METHOD(uint32_t, lumiBlock, uint32_t, "lumiBlock")
  METHOD(uint64_t, eventNumber, uint64_t, "eventNumber")
  METHOD(uint32_t, mcChannelNumber, uint32_t, "mcChannelNumber")
  METHOD(uint32_t, eventTypeBitmask, uint32_t, "eventTypeBitmask")
  METHOD(float, averageInteractionsPerCrossing, float, "averageInteractionsPerCrossing")
  METHOD(float, actualInteractionsPerCrossing, float, "actualInteractionsPerCrossing")
  METHOD(float, beamPosSigmaX, float, "beamPosSigmaX")
  METHOD(float, beamPosSigmaY, float, "beamPosSigmaY")
  METHOD(float, beamPosSigmaXY, float, "beamPosSigmaXY")
  METHOD(const std::vector<float>&, mcEventWeights, std::vector<float>, "mcEventWeights")
};
struct TFileAccessTracer {
  static void enableDataSubmission(bool) {}
};
}  // namespace xAOD

// ---- the store: one event at a time

struct Store {
  std::map<std::string, Columns> containers;
  size_t event = 0;
  std::vector<std::shared_ptr<void>> kept;

  template <class T>
  std::vector<T> objects(const std::string& name) {
    auto found = containers.find(name);
    if (found == containers.end()) throw std::runtime_error("no container " + name);
    std::vector<T> made;
    for (int64_t i = found->second.starts[event]; i < found->second.starts[event + 1]; ++i) {
      made.emplace_back();
      made.back().columns = &found->second;
      made.back().place = i;
      made.back().first = found->second.starts[event];
    }
    return made;
  }
  template <class T>
  StatusCode retrieve(const DataVector<T>*& result, const std::string& name) {
    auto made = std::make_shared<DataVector<T>>();
    made->objects = objects<T>(name);
    for (auto& one : made->objects) made->pointers.push_back(&one);
    kept.push_back(made);
    result = made.get();
    return StatusCode::SUCCESS;
  }
  template <class T>
  StatusCode retrieve(const T*& result, const std::string& name) {
    auto made = std::make_shared<T>(objects<T>(name).at(0));
    kept.push_back(made);
    result = made.get();
    return StatusCode::SUCCESS;
  }
};

// ---- the output: for each branch a file with its numbers, and one for each of its levels of lists

template <class T>
struct Letter;
#define LETTER(type, letter) \
  template <> \
  struct Letter<type> { \
    static constexpr const char* value = letter; \
  };
LETTER(bool, "bool")
LETTER(char, "int8")
LETTER(uint8_t, "uint8")
LETTER(short, "int16")
LETTER(uint16_t, "uint16")
LETTER(int, "int32")
LETTER(uint32_t, "uint32")
LETTER(uint64_t, "uint64")
LETTER(float, "float32")
LETTER(double, "float64")

struct Writer {
  std::vector<std::string> levels;
  std::string numbers, letter;
  template <class T>
  void put(const T& value, size_t level = 0) {
    if constexpr (std::is_arithmetic_v<T>) {
      letter = Letter<T>::value;
      numbers.append(reinterpret_cast<const char*>(&value), sizeof(T));
    } else {
      if (levels.size() <= level) levels.resize(level + 1);
      int64_t size = value.size();
      levels[level].append(reinterpret_cast<const char*>(&size), sizeof(size));
      for (typename T::value_type one : value) put(one, level + 1);
    }
  }
  template <class T>
  void shape(const T*, size_t level = 0) {  // what it is, even if no event is written
    if constexpr (std::is_arithmetic_v<T>) {
      letter = Letter<T>::value;
      levels.resize(level);
    } else {
      shape(static_cast<const typename T::value_type*>(nullptr), level + 1);
    }
  }
};

struct TTree {
  std::map<std::string, std::shared_ptr<Writer>> writers;
  std::vector<std::function<void()>> fills;
  TTree(const char* = "", const char* = "");
  TTree(const TTree&);
  TTree& operator=(const TTree&);
  ~TTree();
  template <class T>
  void Branch(const char* name, const T* value) {
    auto writer = std::make_shared<Writer>();
    writer->shape(value);
    writers[name] = writer;
    fills.push_back([=] { writer->put(*value); });
  }
  void Fill();
};

struct ISvcLocator;
namespace EL {
struct AnaAlgorithm {
  Store* store = nullptr;
  std::map<std::string, TTree> trees;
  AnaAlgorithm(const std::string&, ISvcLocator*);
  virtual ~AnaAlgorithm();
  virtual StatusCode initialize() = 0;
  virtual StatusCode execute() = 0;
  virtual StatusCode finalize() = 0;
  Store* evtStore() { return store; }
  StatusCode book(const TTree& made);
  TTree* tree(const std::string& name);
};
}  // namespace EL

// ---- what most queries use: compiled with main.cxx, and not once more with each of them

#define BRANCHES(where, type) \
  where template void TTree::Branch(const char*, const type*); \
  where template void TTree::Branch(const char*, const std::vector<type>*);
#define VARIABLES(where, type) where template const type& AuxElement::auxdataConst<type>(const char*) const;
#define CONTAINERS(where, type) \
  where template StatusCode Store::retrieve(const DataVector<xAOD::type>*&, const std::string&);
#define TEMPLATES(where) \
  BRANCHES(where, bool) BRANCHES(where, int) BRANCHES(where, uint32_t) BRANCHES(where, uint64_t) \
  BRANCHES(where, float) BRANCHES(where, double) \
  VARIABLES(where, char) VARIABLES(where, uint8_t) VARIABLES(where, int) VARIABLES(where, uint32_t) \
  VARIABLES(where, uint64_t) VARIABLES(where, float) VARIABLES(where, std::vector<float>) \
  CONTAINERS(where, Electron_v1) CONTAINERS(where, Muon_v1) CONTAINERS(where, Jet_v1) \
  CONTAINERS(where, Vertex_v1) CONTAINERS(where, TrackParticle_v1) \
  where template StatusCode Store::retrieve(const xAOD::EventInfo_v1*&, const std::string&);
TEMPLATES(extern)

#endif
