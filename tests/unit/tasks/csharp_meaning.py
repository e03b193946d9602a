"""What a C# source means, without what harmless changes alter."""

from __future__ import annotations

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from tests.unit.tasks.class_meaning import Meaning

NAMED = (
    *("member_access_expression", "member_binding_expression", "argument"),
    *("method_declaration", "attribute"),
)


def _is_bound(node: Node, parent: Node) -> bool:
    if parent.type == "foreach_statement":
        return parent.child_by_field_name("left") == node
    if parent.child_by_field_name("name") != node:
        return False
    around = parent.parent.parent if parent.parent else None
    is_field = around is not None and "field" in around.type
    return parent.type == "catch_declaration" or (
        parent.type == "variable_declarator" and not is_field
    )


def _is_other(node: Node, parent: Node) -> bool:
    """Whether a name is that of a member, of a method, or of a parameter that gets a value."""
    if parent.type == "with_initializer":
        return parent.children[0] == node
    if parent.type == "assignment_expression" and parent.parent:
        is_member = parent.parent.type == "initializer_expression"
        return is_member and parent.child_by_field_name("left") == node
    return parent.type in NAMED and parent.child_by_field_name("name") == node


CSHARP = Meaning(
    Parser(Language(tree_sitter_c_sharp.language())),
    comments=("comment",),
    members=("declaration_list",),
    imports="using_directive",
    is_bound=_is_bound,
    is_other=_is_other,
)
public_names, meaning = CSHARP.public_names, CSHARP.meaning
