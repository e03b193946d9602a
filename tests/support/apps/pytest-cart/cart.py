"""A cart that forgets that two of a thing cost twice as much."""


def total(lines: list[tuple[float, int]]) -> float:
    return sum(price for price, _ in lines)
