"""From text to a syntax tree that holds nothing but what expressions may hold.

The dialect knows no function by name: every call arrives as `Anonymous`, so the registry alone
decides what a function is, what it takes and in which order. The tree is then checked by exact
node type and by the arguments that each type may carry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sqlglot
from sqlglot import Dialect, exp, parser, tokens
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from ai_data_engineer.spec.expressions.errors import ExpressionError

MAX_CHARACTERS = 4000
MAX_TOKENS = 1200
MAX_NESTING = 24
MAX_DEPTH = 64


class ScalarSQL(Dialect):
    """SQL scalar expressions, with `//` for the whole part of a division."""

    class Tokenizer(tokens.Tokenizer):
        """Standard SQL tokens; identifiers in double quotes."""

        KEYWORDS = {**tokens.Tokenizer.KEYWORDS, "//": TokenType.DIV}

    class Parser(parser.Parser):
        """The standard parser without any built-in function."""

        FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
        NO_PAREN_FUNCTIONS: ClassVar[dict[TokenType, Any]] = {}
        FUNCTION_PARSERS = {
            name: parse
            for name, parse in parser.Parser.FUNCTION_PARSERS.items()
            if name in ("CAST", "TRY_CAST", "EXTRACT", "POSITION")
        }
        NO_PAREN_FUNCTION_PARSERS = {"CASE": parser.Parser.NO_PAREN_FUNCTION_PARSERS["CASE"]}


_BINARY = ("this", "expression")
ALLOWED: dict[type[exp.Expr], tuple[str, ...]] = {
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.IntDiv), _BINARY),
    exp.Div: (*_BINARY, "typed", "safe"),
    exp.DPipe: (*_BINARY, "safe"),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _BINARY),
    **dict.fromkeys((exp.NullSafeEQ, exp.NullSafeNEQ, exp.And, exp.Or, exp.Is), _BINARY),
    **dict.fromkeys((exp.Like, exp.ILike), (*_BINARY, "negate")),
    exp.Escape: _BINARY,
    **dict.fromkeys((exp.Not, exp.Neg, exp.Paren), ("this",)),
    exp.In: ("this", "expressions"),
    exp.Between: ("this", "low", "high"),
    exp.Case: ("this", "ifs", "default"),
    exp.If: ("this", "true"),
    exp.Cast: ("this", "to"),
    exp.TryCast: ("this", "to", "safe"),
    exp.DataType: ("this", "expressions", "kind", "nested"),
    exp.DataTypeParam: ("this",),
    exp.Extract: _BINARY,
    exp.StrPosition: ("this", "substr"),
    exp.Var: ("this",),
    exp.Anonymous: ("this", "expressions"),
    exp.Column: ("this", "table", "db", "catalog"),
    exp.Identifier: ("this", "quoted"),
    exp.Literal: ("this", "is_string"),
    exp.Boolean: ("this",),
    exp.Null: (),
}
"""Node type → the arguments it may carry. What is not here cannot be said."""

_HINTS: dict[type[exp.Expr], str] = {
    exp.Window: "Use the window step.",
    exp.Interval: "Write date_add(day, 7, 'day').",
    exp.Bracket: "Write list_get(list, 1) for the first item of a list.",
    exp.Dot: "Fields of a struct are written `column.field`, at most four names deep.",
    exp.Concat: "Join texts with ||.",
    exp.Distinct: "Use the aggregate or the deduplicate step.",
    exp.Star: "Name the columns.",
    exp.Glob: "Use LIKE or regexp_matches.",
    exp.SimilarTo: "Use LIKE or regexp_matches.",
    exp.Pow: "Write power(x, n).",
    exp.BitwiseXor: "Write power(x, n) for a power.",
    exp.AtTimeZone: "Datetimes are in UTC; to_zone(moment, 'Europe/Berlin') gives the clock there.",
    exp.Subquery: "Use a join step.",
    exp.Select: "Use a join step.",
    exp.Exists: "Use a join step of the kind semi.",
    exp.Placeholder: "Write the value.",
    exp.Parameter: "Write the value.",
    exp.JSONExtract: "Fields of a struct are written `column.field`; there are no lambdas.",
    exp.JSONExtractScalar: "Fields of a struct are written `column.field`; JSON in a text is not "
    "read.",
}


def parse(text: str) -> exp.Expr:
    """Return the checked tree; raises ExpressionError."""
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            "E_EXPRESSION_TOO_LARGE",
            f"The expression has {len(text)} characters; at most {MAX_CHARACTERS} are read.",
            "Split it over several derive steps.",
        )
    try:
        _check_tokens(ScalarSQL().tokenize(text))
        # A Condition is a value: no statement, no alias and no list of columns parses as one.
        tree = sqlglot.parse_one(text, dialect=ScalarSQL, into=exp.Condition)
    except TokenError as error:
        raise ExpressionError(
            "E_EXPRESSION_SYNTAX",
            "The expression cannot be read: a quote is not closed, or a character has no meaning.",
            "Texts stand in single quotes ('it''s'), odd column names in double quotes.",
        ) from error
    except ParseError as error:
        raise _syntax_error(error) from error
    except RecursionError as error:
        raise too_deep() from error
    _check_tree(tree)
    return tree


def _check_tokens(found: list[Token]) -> None:
    if not found:
        raise ExpressionError("E_EXPRESSION_SYNTAX", "The expression is empty.")
    if len(found) > MAX_TOKENS:
        raise ExpressionError(
            "E_EXPRESSION_TOO_LARGE",
            f"The expression has {len(found)} words and signs; at most {MAX_TOKENS} are read.",
            "Split it over several derive steps, or use map_values for a long list of cases.",
        )
    nesting = run = 0
    for token in found:
        if token.comments:
            raise ExpressionError(
                "E_EXPRESSION_NOT_ALLOWED",
                "Comments have no place in an expression.",
                "Put the remark into the step's note.",
            )
        match token.token_type:
            case TokenType.SEMICOLON:
                raise ExpressionError(
                    "E_EXPRESSION_NOT_ALLOWED",
                    f"`;` has no place in an expression (character {token.start + 1}).",
                )
            case TokenType.L_PAREN | TokenType.L_BRACKET | TokenType.L_BRACE:
                nesting += 1
            case TokenType.CASE:
                nesting += 1
            case TokenType.R_PAREN | TokenType.R_BRACKET | TokenType.R_BRACE:
                nesting -= 1
            case TokenType.END:
                nesting = max(nesting - 1, 0)
            case _:
                pass
        prefixes = (TokenType.NOT, TokenType.DASH, TokenType.PLUS)
        run = run + 1 if token.token_type in prefixes else 0
        if nesting > MAX_NESTING or run > MAX_NESTING:
            raise too_deep()


def _check_tree(tree: exp.Expr) -> None:
    waiting: list[tuple[exp.Expr, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise too_deep()
        allowed = ALLOWED.get(type(node))
        if allowed is None:
            raise ExpressionError(
                "E_EXPRESSION_NOT_ALLOWED",
                f"{_title(node)} is not part of expressions.",
                _HINTS.get(type(node), ""),
                node,
            )
        if extra := [
            k for k, v in node.args.items() if k not in allowed and v not in (None, False, [])
        ]:
            odd = node.args[extra[0]]
            raise ExpressionError(
                "E_EXPRESSION_NOT_ALLOWED",
                f"`{extra[0]}` is not part of {_title(node)} in expressions.",
                _HINTS.get(type(odd), ""),
                node,
            )
        waiting += [(child, depth + 1) for child in node.iter_expressions()]


def _title(node: exp.Expr) -> str:
    return type(node).__name__.upper()


def too_deep() -> ExpressionError:
    """Return the error for what is nested too deeply."""
    return ExpressionError(
        "E_EXPRESSION_TOO_LARGE",
        "The expression is nested too deeply.",
        "Split it over several derive steps.",
    )


def _syntax_error(error: ParseError) -> ExpressionError:
    first: dict[str, object] = next(iter(error.errors), {})
    cause = error.__cause__
    if isinstance(cause, ParseError) and cause.errors:
        first = dict(cause.errors[0])
    near = str(first.get("highlight") or "").strip()
    column = first.get("col")
    where = f" near `{near[:40]}`" if near else ""
    if isinstance(column, int) and first.get("line") == 1:
        where += f" (character {max(column - len(near) + 1, 1)})"
    return ExpressionError(
        "E_EXPRESSION_SYNTAX",
        f"The expression cannot be read{where}.",
        "It is a SQL scalar expression, such as `amount * 1.2` or `status IN ('paid', 'sent')`; "
        "a column named like an SQL word stands in double quotes.",
    )
