"""The checks of the booking challenge, in folders by aspect."""
