"""Rename a local variable."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from worksample.messages import message
from worksample.tasks.variation.language import Place
from worksample.tasks.variation.names import synonyms
from worksample.tasks.variation.syntax import Function, Module, Node


@dataclass(frozen=True, slots=True)
class RenameLocal:
    """Rename a local variable throughout its function, in the functions within it too.

    Every use of the name in the function gets the new one. That keeps what each use refers to if
    none refers to anything outside: so it is refused where the old name, or the new one, is used
    in a scope around the function. Place: function, old name, new name.

    variables: types of the tokens that are names of variables, or of what may be one.
    is_variable: tells a variable from the name of an attribute or of a keyword argument.
    is_binding: whether a token gives a local variable its value.
    is_fixed: whether something else depends on the name: a parameter, an import … It gets what the
        token lies in, from the inside to the function.
    is_opaque: whether variables may be read by name (`eval`) somewhere in the module.
    written: the text for a token, where it is to be the new name.
    """

    variables: frozenset[str]
    camel: bool
    is_variable: Callable[[Node], bool]
    is_binding: Callable[[Node], bool]
    is_fixed: Callable[[Node, Sequence[Node]], bool]
    is_opaque: Callable[[Module], bool]
    written: Callable[[Node, str, str], str] = lambda node, old, new: new
    id: str = "rename-local"

    def places(self, module: Module) -> Iterator[Place]:
        for old, tokens in module.words.items():
            for new in synonyms(old, camel=self.camel):
                for token in self._variables(tokens):
                    if self.is_binding(token):
                        yield (module.qualified(token), old, new)

    def change(self, module: Module, place: Place) -> bytes | None:
        name, old, new = place
        function = module.functions.get(name)
        if function is None or not self._is_free(module, function, new):
            return None
        tokens = list(self._variables(module.words.get(old, ())))
        inside = [each for each in tokens if function.body.contains(each)]
        around = [each for each in tokens if each not in inside]
        if (
            not any(self.is_binding(each) for each in inside)
            or any(self._is_fixed(function, each) for each in inside)
            or any(_is_seen(module, function, each) for each in around)
            or self.is_opaque(module)
        ):
            return None
        return module.edited(
            *((each.start, each.end, self.written(each, old, new).encode()) for each in inside)
        )

    def what(self, place: Place) -> str:
        name, old, new = place
        return message("rename `{old}` to `{new}` in `{name}`", old=old, new=new, name=name)

    def _is_fixed(self, function: Function, token: Node) -> bool:
        around = itertools.takewhile(lambda each: each is not function.node, token.ancestors())
        return self.is_fixed(token, list(around))

    def _variables(self, tokens: Iterable[Node]) -> Iterator[Node]:
        return (each for each in tokens if each.type in self.variables and self.is_variable(each))

    def _is_free(self, module: Module, function: Function, name: str) -> bool:
        """Return whether `name` is nothing yet in the function and in the scopes around it."""
        return not any(_is_seen(module, function, each) for each in module.words.get(name, ()))


def _is_seen(module: Module, function: Function, token: Node) -> bool:
    """Return whether `token` lies in the function, its header included, or in a scope around it."""
    return function.node.contains(token) or module.scope_of(token).contains(function.node)
