"""The functions of expressions, a module a group; `registry` finds them."""
