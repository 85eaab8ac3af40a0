"""What patterns mean: (pattern, text, first match and its groups, text with `<\\0>` for matches).

In the groups None stands for no part in the match; no list at all for no match.
"""

MEANING: list[tuple[str, str, list[str | None] | None, str]] = [
    # Shorthands are ASCII's.
    (r"\d+", "٣4", ["4"], "٣<4>"),
    (r"\w+", "éa_1", ["a_1"], "é<a_1>"),
    (r"\W", "é", ["é"], "<é>"),
    (r"\s", "\u00a0\v", ["\v"], "\u00a0<\v>"),
    (r"\S+", " \v\u2028\x85", ["\u2028\x85"], " \v<\u2028\x85>"),
    (r"[^\s]", "\v\u00a0", ["\u00a0"], "\v<\u00a0>"),
    (r"[\S]+", "\va", ["a"], "\v<a>"),
    (r"[\w.-]+", "é a.b-c", ["a.b-c"], "é <a.b-c>"),
    (r"[^\W_]+", "é_ab", ["ab"], "é_<ab>"),
    (r"\v", "\n\v", ["\v"], "\n<\v>"),
    (r"\ba", "éa", ["a"], "é<a>"),
    (r"\Ba", "éa ba", ["a"], "éa b<a>"),
    # A combining sign is no part of a word.
    (r"e\b", "e\u0301", ["e"], "<e>\u0301"),
    # The point is any character but the line feed.
    (r".", "\r", ["\r"], "<\r>"),
    (r".+", "a\u2028b\x85c\nd", ["a\u2028b\x85c"], "<a\u2028b\x85c>\n<d>"),
    (r"(?s).+", "a\nb", ["a\nb"], "<a\nb>"),
    (r"(?s:a.)(.)?", "a\n\n", ["a\n", None], "<a\n>\n"),
    (r"^.$", "😀", ["😀"], "<😀>"),
    (r"[^a]", "😀a", ["😀"], "<😀>a"),
    # Anchors stand at the ends of the text, with m at line feeds.
    (r"a$", "a\n", None, "a\n"),
    (r"a\z", "a\n", None, "a\n"),
    (r"^b", "a\nb", None, "a\nb"),
    (r"(?m)^b$", "a\nb\n", ["b"], "a\n<b>\n"),
    (r"(?m)^", "a\n", [""], "<>a\n<>"),
    (r"(?m)$", "a\r\n", [""], "a\r<>\n<>"),
    (r"(?m)\Aa", "b\na", None, "b\na"),
    (r"$", "a\n", [""], "a\n<>"),
    # Without case: simple folding.
    (r"(?i)müller", "MÜLLER", ["MÜLLER"], "<MÜLLER>"),
    (r"(?i)ß", "ẞ SS", ["ẞ"], "<ẞ> SS"),
    (r"(?i)i", "İıI", ["I"], "İı<I>"),
    (r"(?i)k", "\u212a", ["\u212a"], "<\u212a>"),
    (r"(?i)\w\W", "ſé", ["ſé"], "<ſé>"),
    (r"(?i)[^\W]", "é\u212a", ["\u212a"], "é<\u212a>"),
    (r"(?i)[a-z]+", "aBſ", ["aBſ"], "<aBſ>"),
    (r"(?i)[^a-z]", "Aé", ["é"], "A<é>"),
    (r"(?i)ς", "ΣσC", ["Σ"], "<Σ><σ>C"),
    (r"(?i)𐐀", "𐐨", ["𐐨"], "<𐐨>"),
    ("(?i)\u0390", "\u1fd3", ["\u1fd3"], "<\u1fd3>"),
    ("(?i)[\ufb05]", "\ufb06", ["\ufb06"], "<\ufb06>"),
    (r"a(?i)b|c", "C", ["C"], "<C>"),
    (r"(?i:a(?-i)b)c", "Abc ABc", ["Abc"], "<Abc> ABc"),
    # RE2 loses a case when branches that take one character are read together.
    (r"a|[aA]", "A", ["A"], "<A>"),
    (r"a|(?i:a)", "A", ["A"], "<A>"),
    (r"foo|fo[oO]", "foO", ["foO"], "<foO>"),
    (r"\w|(?i:s)", "ſ", ["ſ"], "<ſ>"),
    # Unicode's classes.
    (r"\p{L}+", "9éß𐐀", ["éß𐐀"], "9<éß𐐀>"),
    (r"\P{L}", "é9", ["9"], "é<9>"),
    (r"[\p{Lu}\d]+", "aÉ3", ["É3"], "a<É3>"),
    (r"(?i)x(?-i:\p{Lu})", "Xa XA", ["XA"], "Xa <XA>"),
    (r"\p{Greek}\p{Latin}", "αa", ["αa"], "<αa>"),
    # The first branch and the greedy count win, as written.
    (r"a|ab", "ab", ["a"], "<a>b"),
    (r"(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""], "<abcd>"),
    (r"a{2,3}?", "aaaa", ["aa"], "<aa><aa>"),
    (r"<(.+?)>", "<a><b>", ["<a>", "a"], "<<a>><<b>>"),
    (r"(?:(a)|b)+", "ab", ["ab", "a"], "<ab>"),
    (r"(a)|(b)", "b", ["b", None, "b"], "<b>"),
    (r"(?P<y>\d{4})-(?<m>\d\d)", "2024-05", ["2024-05", "2024", "05"], "<2024-05>"),
    # Empty matches: none right behind another match, none inside of a character.
    (r"x*", "axb", [""], "<>a<x>b<>"),
    (r"\s*$", "a  ", ["  "], "a<  >"),
    (r"x*", "😀", [""], "<>😀<>"),
    (r"(?:a|b?)", "ab", ["a"], "<a><b>"),
    ("", "é", [""], "<>é<>"),
    # Signs that an engine would take for an operator.
    (r"[\[\]&~^-]+", "[]&~^-", ["[]&~^-"], "<[]&~^->"),
    (r"[\w-.]+", "a-.b", ["a-.b"], "<a-.b>"),
    (r"[a\-z]+", "b-", ["-"], "b<->"),
    (r"}]", "}]", ["}]"], "<}]>"),
    (r"\<\>\#\ \/", "<># /", ["<># /"], "<<># />"),
    (r"a#b c", "a#b c", ["a#b c"], "<a#b c>"),
    (r"\x41\u0042\x{43}\u{1F600}", "ABC😀", ["ABC😀"], "<ABC😀>"),
    ("\0", "\0", ["\0"], "<\0>"),
]
