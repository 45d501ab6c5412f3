"""Hypothesis strategies for syntax trees: everything that the grammar can say, whether it makes sense or not."""

from __future__ import annotations

from hypothesis import strategies as st

from hepsel.syntax import tree

# An attribute may be called as a keyword is, other names may not.
NAMES = ("x", "y", "pt", "Electron", "m_Z", "_a1", "GeV", "e5", "this", "parts", "count")
UNITS = ("GeV", "mm", "fb", "e5", "rad")

names = st.sampled_from(NAMES)
attribute_names = st.sampled_from(("pt", "eta", "weight", "energy", "source", "mass", "e5"))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=12)
whole = st.integers(0, 10**6)
units = st.builds(
    tree.UnitRef,
    st.sampled_from(UNITS),
    st.sampled_from([(1, 1), (2, 1), (-1, 1), (1, 2), (-3, 2), (12, 1)]),
)
digits = st.sampled_from(("0", "7", "30", "0.5", "2.", ".5", "1e3", "1.5E-2", "2.e+4", "007", "91.1876"))
quantities = st.builds(tree.Number, digits, st.none() | units)
signed = quantities | st.builds(tree.Unary, st.just("-"), quantities)
ends = signed | st.builds(tree.Infinity, st.booleans())


def tuples(element: st.SearchStrategy, at_least: int = 1, at_most: int = 3) -> st.SearchStrategy:
    return st.lists(element, min_size=at_least, max_size=at_most).map(tuple)


def _comparisons(operands: st.SearchStrategy) -> st.SearchStrategy:
    signs = st.sampled_from(("<", "<=", ">", ">=", "==", "!="))
    return st.integers(1, 3).flatmap(
        lambda count: st.builds(tree.Comparison, tuples(operands, count + 1, count + 1), tuples(signs, count, count))
    )


def _compound(inner: st.SearchStrategy) -> st.SearchStrategy:
    clauses = st.builds(tree.Clause, tuples(names, at_most=2), inner)
    generators = st.builds(tree.Generator, inner, tuples(clauses, at_most=2), st.none() | inner)
    binary = ("+", "-", "*", "/", "^")
    return st.one_of(
        st.builds(tree.Attribute, inner, attribute_names),
        st.builds(tree.Index, inner, inner),
        st.builds(tree.Slice, inner, st.none() | inner, st.none() | inner),
        st.builds(tree.Call, names, tuples(inner | generators, at_least=0)),
        st.builds(tree.Absolute, inner),
        st.builds(tree.Unary, st.sampled_from(("-", "not")), inner),
        st.builds(tree.Binary, st.sampled_from(binary), inner, inner),
        st.builds(tree.Logical, st.sampled_from(("and", "or")), tuples(inner, at_least=2)),
        _comparisons(inner),
        st.builds(tree.Membership, inner, inner, st.booleans()),
        st.builds(tree.Conditional, inner, inner, inner),
    )


expressions = st.recursive(
    st.one_of(quantities, st.builds(tree.Boolean, st.booleans()), st.builds(tree.Name, names)),
    _compound,
    max_leaves=12,
)

annotations = tuples(
    st.one_of(
        st.builds(tree.Cite, names, st.none() | whole, st.none() | texts),
        st.builds(tree.Assume, texts),
        st.builds(tree.Note, texts),
        st.builds(tree.Label, texts),
    ),
    at_least=0,
)


def _annotated(kind: type[tree.Node], *fields: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(kind, *fields, annotations=annotations)


axes = st.one_of(
    st.builds(tree.UniformAxis, whole, signed, signed),
    st.builds(tree.EdgesAxis, tuples(ends, at_most=30)),
)


def _values_and_axes(most: int) -> st.SearchStrategy:
    return st.integers(1, most).flatmap(
        lambda count: st.tuples(
            st.tuples(st.none() | expressions, *[expressions] * (count - 1)),
            tuples(axes, count, count),
        )
    )


histograms = _values_and_axes(2).flatmap(
    lambda both: _annotated(
        tree.Histogram,
        names,
        st.just(both[0]),
        st.just(both[1]),
        st.none() | expressions,
        st.booleans(),
        st.none() | texts,
    )
)
bins = _values_and_axes(3).flatmap(lambda both: _annotated(tree.Bins, names, st.just(both[0]), st.just(both[1])))

_kinds = st.sampled_from((None, "stat", "syst"))
uncertainties = st.builds(tree.Uncertainty, quantities, quantities, _kinds) | st.builds(
    lambda error, kind: tree.Uncertainty(error, error, kind), quantities, _kinds
)
takes = _annotated(
    tree.Take,
    tuples(st.builds(tree.Source, names, st.none() | names)),
    st.booleans(),
    tuples(st.builds(tree.Without, tuples(texts)) | st.builds(tree.With, names, expressions), at_least=0),
)
_common = (
    takes,
    _annotated(tree.Select, expressions),
    _annotated(tree.Reject, expressions),
    _annotated(tree.Let, names, expressions),
    _annotated(tree.External, texts),
)
item_statements = st.one_of(
    *_common,
    _annotated(tree.SortBy, tuples(st.builds(tree.SortKey, expressions, st.booleans()))),
    _annotated(tree.KeepFirst, whole),
    _annotated(tree.KeepBest, tuples(st.builds(tree.Key, expressions, st.booleans()))),
)
region_statements = st.one_of(
    *_common,
    _annotated(tree.Weight, names, expressions),
    _annotated(tree.Bin, texts, expressions),
    bins,
    histograms,
    _annotated(tree.Save, tuples(st.builds(tree.Column, names, st.none() | expressions), at_most=25)),
    _annotated(
        tree.Expect,
        tuples(st.builds(tree.Expectation, signed, tuples(uncertainties, at_least=0), st.none() | texts)),
    ),
)

rows = st.builds(
    tree.Row,
    signed,
    tuples(st.tuples(ends, ends), at_most=2),
    uncertainties=tuples(uncertainties, at_least=0),
)
blocks = st.one_of(
    _annotated(tree.Define, names, st.none() | tuples(names), expressions),
    _annotated(tree.Table, names, tuples(names), tuples(rows), st.none() | signed),
    _annotated(tree.ObjectBlock, names, tuples(item_statements, at_least=0, at_most=5)),
    _annotated(tree.CompositeBlock, names, tuples(item_statements, at_least=0, at_most=5)),
    _annotated(tree.RegionBlock, names, tuples(region_statements, at_least=0, at_most=5)),
)
headers = st.builds(
    tree.Analysis,
    texts,
    st.none() | texts,
    st.none() | quantities,
    st.none() | quantities,
    tuples(st.builds(tree.SourceDecl, names, texts), at_least=0),
    annotations,
)
programs = st.builds(tree.Program, st.integers(1, 9), st.none() | headers, tuples(blocks, at_least=0, at_most=4))
