# ruff: noqa: RUF001 - characters that look alike are what this module is about
"""What a character of a PDF stands for.

Most files say so. Some fonts of mathematics give the number of the glyph in the font instead, and what looks like a
letter is a Greek one: `|h| < 2.4` for a pseudorapidity. Such fonts are known by their names, and their layouts are
those of TeX (OML, OMS, OMX) and of Adobe's Symbol font.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψωεϑϖϱςφ"  # OML, from 0x0B; the variant forms mean the same

# Bytes below 0x20 that macOS names after the keys of its keyboard.
_KEYBOARD = dict(
    zip(
        "⇥⇤⌤⇧⌃⌥␣⌦↵↪⏎⇣⌘✓◆⌫⇠⇡⇢⎋⌧",
        b"\x02\x03\x04\x05\x06\x07\x09\x0a\x0b\x0c\x0d\x10\x11\x12\x13\x17\x18\x19\x1a\x1b\x1c",
        strict=True,
    )
) | {"\uf8ff": 0x14}

_OML = {0x0B + index: letter for index, letter in enumerate(_GREEK_LETTERS)}
_OML |= dict(enumerate("ΓΔΘΛΞΠΣΥΦΨΩ"))
_OML |= {0x3A: ".", 0x3B: ",", 0x3D: "/", 0x40: "∂", 0x60: "ℓ", 0x7E: "\u20d7"}

_OMS = {
    0x00: "-", 0x01: "·", 0x02: "×", 0x03: "*", 0x06: "±", 0x07: "∓", 0x08: "⊕", 0x0A: "⊗", 0x11: "≡", 0x14: "≤",
    0x15: "≥", 0x18: "~", 0x19: "≈", 0x1C: "≪", 0x1D: "≫", 0x20: "←", 0x21: "→", 0x24: "↔", 0x29: "⇒", 0x2F: "∝",
    0x30: "'", 0x31: "∞", 0x32: "∈", 0x36: "̸", 0x5E: "∧", 0x5F: "∨", 0x66: "{", 0x67: "}", 0x68: "⟨", 0x69: "⟩",
    0x6A: "|", 0x6B: "∥", 0x70: "√", 0x72: "∇", 0x73: "∫", 0x79: "†", 0x7A: "‡",
}  # fmt: skip

_OMX = {code: "()[]⌊⌋⌈⌉{}⟨⟩|∥/\\"[index] for index, code in enumerate(range(0x10))}
_OMX |= {0x10 + code: text for code, text in enumerate("()()[]⌊⌋⌈⌉{}⟨⟩/\\")}
_OMX |= {0x20 + code: text for code, text in enumerate("()[]⌊⌋⌈⌉{}⟨⟩/\\/\\")}
_OMX |= {0x50: "∑", 0x51: "∏", 0x52: "∫", 0x58: "∑", 0x59: "∏", 0x5A: "∫", 0x68: "[", 0x69: "]", 0x6E: "{", 0x6F: "}"}
_OMX |= dict.fromkeys(range(0x70, 0x75), "√")
_OMX |= dict.fromkeys([*range(0x30, 0x50), 0x75, 0x76, 0x77, *range(0x7A, 0x80)], "")  # parts of tall brackets
_OMX |= {0x62: "\u0302", 0x63: "\u0302", 0x64: "\u0302", 0x65: "\u0303", 0x66: "\u0303", 0x67: "\u0303"}

_SYMBOL = dict(
    zip(
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιφκλμνοπθρστυϖωξψζ",
        strict=True,
    )
) | {0xC2: "∑"}  # of the Pazo fonts, which are otherwise laid out like it

# The fonts of large signs, whose glyphs hang from their origin.
_EXTENSION = re.compile(r"^(CM|LM|)(EX|MathExtension)|^r?txex|^ntxex|^pxex|^MTEX")

# The names of the fonts that may show their numbers, and what these stand for.
_LAYOUTS: tuple[tuple[re.Pattern[str], dict[int, str]], ...] = (
    (re.compile(r"PazoMath"), _SYMBOL),
    (_EXTENSION, _OMX),
    (re.compile(r"^(CM|LM)B?SY|^LMMathSymbols|^r?txb?sy|^ntxsy|^pxb?sy|^MTSY"), _OMS),
    (re.compile(r"^(CM|LM)MIB?|^LMMathItalic|^r[tp]xb?mi|^ntxmi|^MTMI|^EURM"), _OML),
)

_REPLACED = {
    "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u00ad": "-", "\ufffe": "-",
    "\x02": "-", "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u2033": "''", "\u201c": '"', "\u201d": '"',
    "\u201e": '"', "\u2217": "*", "\u204e": "*", "\u223c": "~", "\u02dc": "~", "\u2223": "|", "\u2215": "/",
    "\u2044": "/", "\u22c5": "·", "\u2219": "·", "\u2206": "Δ", "\u2126": "Ω", "\u00b5": "μ", "\u03d5": "φ",
    "\u03f5": "ε", "\u03d1": "θ", "\u03f1": "ρ", "\u2a7d": "≤", "\u2a7e": "≥", "\u2266": "≤", "\u2267": "≥",
    "\u27e8": "⟨", "\u27e9": "⟩", "\u2329": "⟨", "\u232a": "⟩", "\u2113": "ℓ", "\u2061": "",
    "\u200b": "", "\u2060": "", "\ufeff": "", "\u2026": "...", "\u00b4": "'",
}  # fmt: skip

# Accents that stand over another letter, as combining characters.
ACCENTS = {
    "\u00af": "\u0304", "\u02c9": "\u0304", "\u203e": "\u0304", "\u02c6": "\u0302", "\u02dc": "\u0303",
    "\u20d7": "\u20d7", "\u0304": "\u0304", "\u0302": "\u0302", "\u0303": "\u0303", "\u0305": "\u0304",
    "\u00a8": "\u0308", "\u02d9": "\u0307", "\u02c7": "\u030c", "\u0338": "\u0338",
}  # fmt: skip

# Digits that are scripts by themselves.
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True))
_RAISED = re.compile(f"[{''.join(SUPERSCRIPTS)}]+")
_LOWERED = re.compile(f"[{''.join(SUBSCRIPTS)}]+")


def glyph_text(code: int, font: str) -> str:
    """Return what a character of a font stands for; empty for a part of a larger sign."""
    char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    for names, layout in _LAYOUTS:
        if names.search(font):
            number = _KEYBOARD.get(char, code)
            if number in layout:
                return layout[number]
            break
    return normal_char(char)


def is_hanging(font: str) -> bool:
    """Whether the glyphs of a font hang from their origin and do not stand on it."""
    return _EXTENSION.search(font) is not None


def normal_char(char: str) -> str:
    """Return the plain form of a character: one kind of minus, quotation mark, Greek letter and space."""
    if char in _REPLACED:
        return _REPLACED[char]
    if char in ACCENTS:
        return ACCENTS[char]
    if char.isascii():
        return char if char.isprintable() else ""
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category in ("Cc", "Cf", "Cs", "Co"):
        # Parts of tall brackets are of no use; of other private characters nobody knows what they are.
        return "\ufffd" if category == "Co" and not "\uf8e0" <= char <= "\uf8ff" else ""
    if char in SUPERSCRIPTS or char in SUBSCRIPTS:
        return char
    plain = unicodedata.normalize("NFKC", char)
    if plain == char or category == "Mn":
        return char
    return "".join(_REPLACED.get(part, part) for part in plain)


def normal_text(text: str) -> str:
    """Return a text in the plain form: characters as by `normal_char`, raised digits as `^2`, single spaces."""
    text = unicodedata.normalize("NFC", text)
    text = _RAISED.sub(lambda found: marked("^", "".join(SUPERSCRIPTS[char] for char in found[0])), text)
    text = _LOWERED.sub(lambda found: marked("_", "".join(SUBSCRIPTS[char] for char in found[0])), text)
    return " ".join("".join(" " if char.isspace() else normal_char(char) for char in text).split())


def marked(mark: str, script: str) -> str:
    """Return a sub- or superscript as text: `_T`, `^{miss}`."""
    return f"{mark}{script}" if len(script) == 1 else f"{mark}{{{script}}}"
