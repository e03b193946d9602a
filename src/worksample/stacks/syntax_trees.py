"""What the sources of several languages need of their syntax trees."""

from __future__ import annotations

from tree_sitter import Node


def text_of(node: Node | None) -> str:
    """Return the source of a node, "" without one."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def start_with_comments(node: Node) -> int:
    """Return the offset at which a declaration begins, with the comments right above it."""
    start, row = node.start_byte, node.start_point[0]
    before = node.prev_named_sibling
    while before is not None and "comment" in before.type and before.end_point[0] == row - 1:
        if _is_behind_code(before):
            break
        start, row = before.start_byte, before.start_point[0]
        before = before.prev_named_sibling
    return start


def _is_behind_code(comment: Node) -> bool:
    """Whether a comment is about what stands before it on its line."""
    before = comment.prev_sibling
    return before is not None and before.end_point[0] == comment.start_point[0]
