"""What a Java source means, without what harmless changes alter."""

from __future__ import annotations

import tree_sitter_java
from tree_sitter import Language, Node, Parser

from tests.unit.tasks.class_meaning import Meaning


def _is_bound(node: Node, parent: Node) -> bool:
    if parent.child_by_field_name("name") != node:
        return False
    if parent.type == "variable_declarator":
        return parent.parent is not None and parent.parent.type == "local_variable_declaration"
    return parent.type in ("enhanced_for_statement", "catch_formal_parameter", "resource")


def _is_other(node: Node, parent: Node) -> bool:
    if parent.type in ("method_invocation", "method_declaration"):
        return parent.child_by_field_name("name") == node
    return parent.type == "field_access" and parent.child_by_field_name("field") == node


JAVA = Meaning(
    Parser(Language(tree_sitter_java.language())),
    comments=("line_comment", "block_comment"),
    members=("class_body", "interface_body", "enum_body_declarations"),
    imports="import_declaration",
    is_bound=_is_bound,
    is_other=_is_other,
)
public_names, meaning = JAVA.public_names, JAVA.meaning
